"""The door of the app register: channel identities and consents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from reference_core.doors.fields import Body, Text
from reference_core.doors.keys import check_bearer
from reference_core.services import identities
from reference_core.web import answered, core, make_door, route, scope, shown

door = make_door("app", "/app", "The app register: channel identities and consents")
door.before_request(check_bearer("app"))


class SubjectSchema(Body):
    """One name that a channel has for somebody."""

    kind = fields.String(required=True, validate=validate.OneOf(("open_id", "user_id", "union_id")))
    subject = Text(128, required=True)


class SignInSchema(Body):
    """What a channel said of who holds the phone."""

    channel = Text(20, required=True)
    app_id = Text(64, required=True)
    subjects = fields.List(fields.Nested(SubjectSchema), required=True, validate=validate.Length(1, 5))


class ConsentSchema(Body):
    """A consent with the text that was agreed to."""

    purpose = Text(50, required=True)
    text = fields.String(required=True, validate=validate.Length(1, 20_000))
    text_hash = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    version = Text(50, required=True)
    agreed_at = fields.AwareDateTime(format="iso", required=True)
    channel = Text(20, required=True)


class AttachSchema(Body):
    """Whose identity it is."""

    person_id = fields.UUID(required=True)
    consents = fields.List(fields.Nested(ConsentSchema), required=True, validate=validate.Length(0, 10))


class IdentitySchema(Body):
    """An identity, and its citizen once that is proven."""

    identity_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)


@route(door, "POST", "/identities", takes=SignInSchema, answers={200: IdentitySchema}, problems=(409,))
def sign_in(body: dict[str, Any]) -> Response:
    """Find or enter the identities of one sign-in; the same sign-in again changes nothing."""
    return shown(identities.sign_in(core(), body["channel"], body["app_id"], body["subjects"]))


@route(
    door, "POST", "/identities/<uuid:identity_id>/person", takes=AttachSchema, answers={200: IdentitySchema}, problems=(404, 409)
)
def attach(body: dict[str, Any], identity_id: UUID) -> Response:
    """Attach an identity and its siblings to the citizen who proved to be behind them."""
    asked = {**body, "person_id": str(body["person_id"])}
    return answered(identities.attach(core(), str(identity_id), asked, scope(str(identity_id))))
