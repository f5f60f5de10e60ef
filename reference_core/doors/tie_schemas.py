"""The bodies of acts on a tie and on the shared account, and the shapes of their answers for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from reference_core.doors.citizen_schemas import TEXT_HASH
from reference_core.doors.fields import CERT_TYPES, MONEY_MAX_FEN, Body, Flag, IdNumber, Text, VerifiedBySchema, phone
from reference_core.doors.voucher_schemas import GuardianConsentSchema
from reference_core.vocabulary.kinship import OFFERED_WORDS

_UPLOAD_ID = validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def monthly_cap() -> fields.Integer:
    """A cap per month; whether it is one that the city takes is judged with the other answers."""
    return fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, MONEY_MAX_FEN))


def scopes() -> fields.List[str]:
    """What for, in the words of a city's scenes."""
    return fields.List(fields.String(validate=validate.Length(1, 50)), allow_none=True, validate=validate.Length(0, 20))


def uploaded() -> fields.List[str]:
    """Photos handed in before, by their ids."""
    return fields.List(fields.String(validate=_UPLOAD_ID), allow_none=True, validate=validate.Length(0, 50))


class BindSchema(Body):
    """The relative as the payer names them, or a `relative` of the list of vouchers; and what the payer's city asks beside."""

    name = Text(50)
    id_number = IdNumber()
    relative = fields.UUID()
    cert_type = fields.String(load_default="01", validate=validate.OneOf(CERT_TYPES))
    relation = fields.String(required=True, validate=validate.OneOf(OFFERED_WORDS))
    phone = phone(allow_none=True)
    agree = fields.String(validate=TEXT_HASH, allow_none=True)
    confirm_id_number = Flag(allow_none=True)
    monthly_cap_fen = monthly_cap()
    scopes = scopes()
    starts_on = fields.Date(format="iso", allow_none=True)
    ends_on = fields.Date(format="iso", allow_none=True)
    documents = uploaded()
    signed_form = uploaded()
    card_number = Text(40, allow_none=True)
    passcode = Text(64, allow_none=True)
    verified_by = fields.Nested(VerifiedBySchema, required=True)

    @validates_schema(skip_on_field_errors=False)
    def somebody_is_named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A relative of the list, or a name and a number."""
        if "relative" not in data and (missing := [one for one in ("name", "id_number") if one not in data]):
            raise ValidationError({one: ["required"] for one in missing})

    @post_load
    def ids_as_text(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Ids as they are looked up."""
        return {**data, "relative": str(data["relative"])} if "relative" in data else data


class EndSchema(Body):
    """Why, in the person's own words where they gave any."""

    reason = Text(200, allow_none=True)
    verified_by = fields.Nested(VerifiedBySchema, required=True)


class AcceptanceSchema(Body):
    """Yes or no to being helped."""

    accepted = Flag(required=True)
    verified_by = fields.Nested(VerifiedBySchema, required=True)


class LimitsSchema(Body):
    """New limits: what is left out stays, what is null is lifted."""

    monthly_cap_fen = monthly_cap()
    scopes = scopes()
    verified_by = fields.Nested(VerifiedBySchema, required=True)

    @validates_schema
    def some_limit_is_named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A change of nothing is a mistake of the caller's."""
        if not {"monthly_cap_fen", "scopes"} & set(data):
            raise ValidationError("required", "monthly_cap_fen")


class ProvenActSchema(Body):
    """An act that needs nothing but the person."""

    verified_by = fields.Nested(VerifiedBySchema, required=True)


class BoundSchema(Body):
    """A tie that was made."""

    id = fields.UUID(required=True)
    name_masked = fields.String(required=True)
    relation = fields.String(required=True)
    status = fields.String(required=True)
    effective_from = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True)
    review = fields.Dict()
    guardian_consent = fields.Nested(GuardianConsentSchema)


class EndedSchema(Body):
    """A tie that ended."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    ended_at = fields.String(required=True)
    outcome = fields.String(required=True)


class StandingSchema(Body):
    """How a tie stands after an act."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    effective_from = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True)


class LimitedSchema(Body):
    """A tie's limits."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    monthly_cap_fen = fields.Integer(required=True, allow_none=True)
    scopes = fields.List(fields.String(), required=True, allow_none=True)
    outcome = fields.String(required=True)


class ClosedSchema(Body):
    """An account that was closed."""

    status = fields.String(required=True)
    outcome = fields.String(required=True)


class UploadedSchema(Body):
    """A photo that is kept until somebody claims it."""

    id = fields.UUID(required=True)
    expires_at = fields.String(required=True)
