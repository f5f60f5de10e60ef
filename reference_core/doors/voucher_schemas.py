"""The bodies of acts on vouchers and kinship lists, and the shapes of their answers for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from groundwork.certificates import CERTIFICATES, IDENTITY_CARD, parse_certificate
from groundwork.id_number import IdNumberError
from reference_core.doors.citizen_schemas import TEXT_HASH
from reference_core.doors.fields import REGION, Body, Flag, Text, VerifiedBySchema
from reference_core.vocabulary.kinship import OFFERED_WORDS
from reference_core.web import core

_BANK_CARD = validate.Regexp(r"[0-9 -]{8,40}\Z")


class AboutSchema(VerifiedBySchema):
    """How somebody was recognised, and whom the camera saw: whoever acts, or the relative whom the act is about."""

    about = fields.String(load_default="self", validate=validate.OneOf(("self", "relative")))


class ActivationSchema(Body):
    """A look at oneself, or one's own bank card; `member` names the helpers who may show the voucher from now on."""

    verified_by = fields.Nested(AboutSchema, allow_none=True)
    bank_card = fields.String(validate=_BANK_CARD, allow_none=True)
    member = fields.List(fields.UUID(), allow_none=True, validate=validate.Length(0, 50))

    @post_load
    def ids_as_text(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Ids as they are compared."""
        return {**data, "member": [str(one) for one in data.get("member") or []]}


class KinshipSchema(Body):
    """The relative as the helper names them, or the `member` of a shared account who needs no naming; and who agrees."""

    name = Text(50)
    id_number = Text(40)
    cert_type = fields.String(load_default=IDENTITY_CARD, validate=validate.OneOf(tuple(CERTIFICATES)))
    member = fields.UUID()
    relation = fields.String(required=True, validate=validate.OneOf(OFFERED_WORDS))
    agree = fields.String(validate=TEXT_HASH, allow_none=True)
    guardian_agree = fields.String(validate=TEXT_HASH, allow_none=True)
    verified_by = fields.Nested(AboutSchema, allow_none=True)
    bank_card = fields.String(validate=_BANK_CARD, allow_none=True)
    at_counter = Flag(load_default=False)
    on_own_phone = Flag(load_default=False)

    @validates_schema
    def somebody_is_named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A member, or a name and a number that fits the certificate."""
        if "member" in data:
            return
        if missing := [one for one in ("name", "id_number") if one not in data]:
            raise ValidationError({one: ["required"] for one in missing})
        try:
            parse_certificate(data["cert_type"], data["id_number"], core().now().date())
        except IdNumberError as error:
            raise ValidationError(f"id_number_{error.code}", "id_number") from None

    @post_load
    def as_it_counts(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The number without outer spaces and in capitals."""
        if "member" in data:
            return {**data, "member": str(data["member"])}
        return {**data, "id_number": parse_certificate(data["cert_type"], data["id_number"], core().now().date())}


class NothingSchema(Body):
    """An act that is told by its path alone."""


class CodeWishSchema(Body):
    """Where the code will be shown, and who holds the phone."""

    region = fields.String(validate=REGION, allow_none=True)
    verified_by = fields.Nested(AboutSchema, allow_none=True)


class StepUpSchema(Body):
    """A fresh look at whoever showed a code."""

    verified_by = fields.Nested(AboutSchema, required=True)


class ActivatedSchema(Body):
    """A voucher that is active."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    activated_at = fields.String(required=True)
    outcome = fields.String(required=True)


class GuardianConsentSchema(Body):
    """What a guardian signed for a child below fourteen, to be kept in the ledger of consents."""

    purpose = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.String(required=True)
    text = fields.List(fields.String(), required=True)
    text_hash = fields.String(required=True)
    for_person = fields.UUID(required=True)


class ListedSchema(Body):
    """A relative in the list; `slip` is what to bring to a counter."""

    id = fields.UUID(required=True)
    kinship_id = fields.UUID(required=True)
    relation = fields.String(required=True)
    name_masked = fields.String(required=True)
    status = fields.String(required=True)
    outcome = fields.String(required=True)
    slip = fields.String()
    waits_until = fields.String()
    guardian_consent = fields.Nested(GuardianConsentSchema)


class EndedKinshipSchema(Body):
    """A relative who is in the list no more."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    ended_at = fields.String(required=True)
    outcome = fields.String(required=True)


class VouchersSchema(Body):
    """One's own voucher first, then the relatives', and what to mend between the two lists of relatives."""

    items = fields.List(fields.Dict(), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    advice = fields.List(fields.Dict(), required=True)
    helpers = fields.List(fields.Dict(), required=True)


class CodeSchema(Body):
    """A one-time code, whose it is, and the warning that it is nobody else's."""

    code = fields.String(required=True)
    expires_at = fields.String(required=True)
    ttl_s = fields.Integer(required=True)
    name_masked = fields.String(required=True)
    relation = fields.String(required=True, allow_none=True)
    warning = fields.String(required=True)


class ClearedSchema(Body):
    """Where codes are good again, and until when."""

    cleared_until = fields.String(required=True)
    regions = fields.List(fields.String(), required=True)
