"""The door of the app register: channel identities, consents, what platforms push, and the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from reference_core.doors import app_schemas as schemas
from reference_core.doors.keys import check_bearer
from reference_core.doors.notices import add_notice_routes
from reference_core.services.register import consents, identities, pushes, register_data
from reference_core.web import answered, core, make_door, route, scope, shown

door = make_door("app", "/app", "The app register: channel identities and consents")
door.before_request(check_bearer("app"))
add_notice_routes(door)

_ONE = "/identities/<uuid:identity_id>"


def _plain(consent: dict[str, Any]) -> dict[str, Any]:
    for_person = consent.get("for_person")
    return {**consent, "for_person": str(for_person) if for_person else None}


@route(door, "POST", "/identities", takes=schemas.SignInSchema, answers={200: schemas.IdentitySchema}, problems=(409,))
def sign_in(body: dict[str, Any]) -> Response:
    """Find or enter the identities of one sign-in; the same sign-in again changes nothing."""
    told = identities.SignIn(body["channel"], body["app_id"], body["subjects"], body["union_with"])
    return shown(identities.sign_in(core(), told))


@route(door, "POST", f"{_ONE}/person", takes=schemas.AttachSchema, answers={200: schemas.IdentitySchema}, problems=(404, 409))
def attach(body: dict[str, Any], identity_id: UUID) -> Response:
    """Attach an identity and its siblings to the citizen who proved to be behind them."""
    until = body["guarded_until"]
    asked = {
        "person_id": str(body["person_id"]),
        "guarded_until": until.isoformat() if until else None,
        "consents": [_plain(consent) for consent in body["consents"]],
    }
    return answered(identities.attach(core(), str(identity_id), asked, scope(str(identity_id))))


@route(door, "POST", f"{_ONE}/consents", takes=schemas.AgreementSchema, answers={201: schemas.AgreedSchema}, problems=(404, 409))
def agree(body: dict[str, Any], identity_id: UUID) -> Response:
    """Write down what somebody agreed to."""
    given = [_plain(consent) for consent in body["consents"]]
    return answered(consents.agree(core(), str(identity_id), given, scope(str(identity_id))))


@route(door, "GET", f"{_ONE}/consents", answers={200: schemas.KeptConsentsSchema}, problems=(404,))
def list_consents(identity_id: UUID) -> Response:
    """What the citizen behind an identity ever agreed to."""
    return shown({"items": consents.list_consents(core(), str(identity_id))})


@route(door, "POST", f"{_ONE}/consents/<uuid:consent_id>/withdrawal", answers={200: schemas.WithdrawnSchema}, problems=(404,))
def withdraw(identity_id: UUID, consent_id: UUID) -> Response:
    """End a consent; twice changes nothing."""
    return shown(consents.withdraw(core(), str(identity_id), str(consent_id)))


@route(door, "POST", "/pushes", takes=schemas.PushSchema, answers={200: schemas.TakenSchema})
def take_push(body: dict[str, Any]) -> Response:
    """Take what a platform pushed; delivered again it changes nothing."""
    return shown(pushes.take(core(), body))


@route(door, "GET", f"{_ONE}/export", answers={200: schemas.KeptOfMeSchema}, problems=(404,))
def export(identity_id: UUID) -> Response:
    """All that is kept here of the citizen behind an identity."""
    return shown(register_data.export(core(), str(identity_id)))


@route(door, "POST", f"{_ONE}/deletion", answers={200: schemas.ForgottenSchema}, problems=(404, 409))
def delete(identity_id: UUID) -> Response:
    """Forget every identity of the citizen behind one; consents end and stay as evidence."""
    return answered(register_data.delete(core(), str(identity_id), scope(str(identity_id))))
