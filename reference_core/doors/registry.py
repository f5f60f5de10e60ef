"""The door of agencies that report people, life events and institutions; a developer's world only, off in production."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from groundwork.certificates import CERTIFICATES, IDENTITY_CARD, parse_certificate
from groundwork.id_number import IdNumberError
from reference_core.doors.fields import (
    CARD_STATES,
    CONDITIONS,
    REGION,
    STATUSES,
    SYSTEMS,
    Body,
    Flag,
    Text,
    money,
    phone,
)
from reference_core.doors.keys import check_bearer
from reference_core.services.people import registry
from reference_core.web import answered, core, make_door, route, scope, shown

door = make_door("registry", "/registry", "People, insurance, deposits and life events as agencies report them")
door.before_request(check_bearer("registry"))


class InsuranceSchema(Body):
    """One insurance; `balance_fen` includes `prior_year_fen`, `paid_year` is the last year whose premium is paid."""

    insutype = fields.String(required=True, validate=validate.Regexp(r"[0-9]{3}\Z"))
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    region = fields.String(validate=REGION)
    balance_fen = money()
    prior_year_fen = money()
    paid_year = fields.Integer(strict=True, allow_none=True, validate=validate.Range(2000, 2999))

    @validates_schema
    def prior_is_part_of_balance(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """The prior year's money cannot exceed all of it."""
        if data.get("prior_year_fen", 0) > data.get("balance_fen", 0):
            raise ValidationError("invalid", "prior_year_fen")


class CertifiedSchema(Body):
    """Whoever is told by a certificate's kind and number."""

    cert_type = fields.String(load_default=IDENTITY_CARD, validate=validate.OneOf(tuple(CERTIFICATES)))
    id_number = Text(40, required=True)

    @post_load
    def number_as_it_counts(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The number without outer spaces and in capitals."""
        try:
            return {**data, "id_number": parse_certificate(data["cert_type"], data["id_number"], core().now().date())}
        except IdNumberError as error:
            raise ValidationError(f"id_number_{error.code}", "id_number") from None


class NewPersonSchema(CertifiedSchema):
    """A person as an agency knows them; sex and birth date follow from an identity card's number where they are left out."""

    name = Text(50, required=True)
    sex = fields.String(validate=validate.OneOf(("male", "female")))
    born = fields.Date(format="iso")
    region = fields.String(required=True, validate=REGION)
    phone = phone()
    card_number = Text(40)
    card = fields.String(load_default="in_use", validate=validate.OneOf(CARD_STATES))
    insurances = fields.List(fields.Nested(InsuranceSchema), load_default=list, validate=validate.Length(0, 10))
    conditions = fields.List(fields.String(validate=validate.OneOf(CONDITIONS)), load_default=list)
    voucher = Flag(load_default=False)
    bank_cards = fields.List(Text(40), load_default=list, validate=validate.Length(0, 10))

    @validates_schema
    def other_numbers_tell_nothing(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Of any other certificate, sex and birth date must be said."""
        if data.get("cert_type") != IDENTITY_CARD and (missing := [one for one in ("sex", "born") if one not in data]):
            raise ValidationError({one: ["required"] for one in missing})


class ChangesSchema(CertifiedSchema):
    """What is new about a person; what is left out stays."""

    name = Text(50)
    region = fields.String(validate=REGION)
    phone = phone()
    card_number = Text(40)
    card = fields.String(validate=validate.OneOf(CARD_STATES))
    insurances = fields.List(fields.Nested(InsuranceSchema), validate=validate.Length(0, 10))
    conditions = fields.List(fields.String(validate=validate.OneOf(CONDITIONS)))
    voucher = Flag()
    died_on = fields.Date(format="iso", allow_none=True)
    deposit_fen = money()
    bank_cards = fields.List(Text(40), validate=validate.Length(0, 10))


class InstitutionSchema(Body):
    """A contracted institution; `system` is how far its vendor has brought the till's software."""

    id = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{1,40}\Z"))
    name = Text(100, required=True)
    region = fields.String(required=True, validate=REGION)
    kind = fields.String(required=True, validate=validate.OneOf(("hospital", "primary_care", "pharmacy", "insurer")))
    level = fields.Integer(strict=True, required=True, validate=validate.Range(1, 3))
    capabilities = fields.List(fields.String(validate=validate.Regexp(r"[a-z0-9_]{1,40}\Z")), load_default=list)
    system = fields.String(load_default="current", validate=validate.OneOf(SYSTEMS))


class PersonIdSchema(Body):
    """Who was entered or changed."""

    person_id = fields.UUID(required=True)
    transfer_out = fields.Dict()


@route(door, "POST", "/people", takes=NewPersonSchema, answers={201: PersonIdSchema}, problems=(409,))
def add_person(body: dict[str, Any]) -> Response:
    """Enter a person."""
    return answered(registry.add_person(core(), body, scope("registry")))


@route(door, "POST", "/people/changes", takes=ChangesSchema, answers={200: PersonIdSchema}, problems=(404, 409))
def change_person(body: dict[str, Any]) -> Response:
    """Let life happen; the verdict is what moving away would have been told before."""
    return answered(registry.change_person(core(), body, scope("registry")))


class CapabilitiesSchema(Body):
    """Words that packs use."""

    items = fields.List(fields.String(), required=True)


@route(door, "GET", "/capabilities", answers={200: CapabilitiesSchema})
def list_capabilities() -> Response:
    """What the packs ask of institutions, so that a made-up one can be given all of it."""
    return shown({"items": core().packs.capabilities()})


@route(door, "POST", "/institutions", takes=InstitutionSchema, answers={200: InstitutionSchema})
def put_institution(body: dict[str, Any]) -> Response:
    """Enter an institution or what is new about it."""
    return shown(registry.put_institution(core(), body))
