"""The facts of a made-up person: what a player may say, what is filled in, how life's changes merge. Pure but for chance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from groundwork.certificates import CERTIFICATES, IDENTITY_CARD, parse_certificate
from groundwork.chance import new_digits
from groundwork.id_number import PROVINCES, IdNumberError, check_character
from sandbox.bodies import Flag

Facts = dict[str, Any]

INSUTYPES = ("310", "390", "510", "340")
STATUSES = ("normal", "suspended", "arrears", "frozen", "transferred_out", "terminated")
CONDITIONS = ("retired_cadre", "preferential", "long_term_nonlocal", "nonlocal_record", "account_closed")
CARD_STATES = ("in_use", "not_activated", "reported_lost", "blocked_by_bank")
REPORTED_NEW = (
    "cert_type",
    "id_number",
    "name",
    "sex",
    "born",
    "region",
    "phone",
    "card_number",
    "card",
    "insurances",
    "conditions",
    "voucher",
    "bank_cards",
)
_AS_TOLD = ("name", "sex", "region", "card", "insurances", "conditions", "voucher", "bank_cards")
# County digits that GB/T 2260 gives to no county: no number made here can be anybody's.
NO_COUNTY = "99"

_region = validate.Regexp(r"[0-9]{6}\Z")
_phone = validate.Regexp(r"1[0-9]{10}\Z")
_money = validate.Range(0, 1_000_000_000)


def _card() -> fields.String:
    return fields.String(validate=validate.Length(1, 40))


class InsuranceChangeSchema(Schema):
    """What may change in one insurance; `insutype` says which. `balance_fen` includes `prior_year_fen`."""

    insutype = fields.String(required=True, validate=validate.OneOf(INSUTYPES))
    status = fields.String(validate=validate.OneOf(STATUSES))
    region = fields.String(validate=_region)
    balance_fen = fields.Integer(strict=True, validate=_money)
    prior_year_fen = fields.Integer(strict=True, validate=_money)
    paid_year = fields.Integer(strict=True, allow_none=True, validate=validate.Range(2000, 2999))


class InsuranceSchema(InsuranceChangeSchema):
    """One insurance of a new person."""

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    balance_fen = fields.Integer(strict=True, validate=_money, load_default=0)
    prior_year_fen = fields.Integer(strict=True, validate=_money, load_default=0)

    @validates_schema
    def _prior_is_part(self, insurance: Facts, **_context: object) -> None:
        if insurance["prior_year_fen"] > insurance["balance_fen"]:
            raise ValidationError("is part of balance_fen and cannot be more", "prior_year_fen")


class PersonSchema(Schema):
    """A new person, as a player describes them."""

    name = fields.String(required=True, validate=validate.Length(1, 50))
    sex = fields.String(required=True, validate=validate.OneOf(("male", "female")))
    born = fields.Date(required=True)
    region = fields.String(required=True, validate=_region)
    cert_type = fields.String(load_default=IDENTITY_CARD, validate=validate.OneOf(tuple(CERTIFICATES)))
    id_number = fields.String()
    phone = fields.String(validate=_phone)
    card_number = _card()
    card = fields.String(load_default="in_use", validate=validate.OneOf(CARD_STATES))
    insurances = fields.List(fields.Nested(InsuranceSchema), load_default=list)
    conditions = fields.List(fields.String(validate=validate.OneOf(CONDITIONS)), load_default=list)
    voucher = Flag(load_default=False)
    bank_cards = fields.List(_card(), load_default=list)

    @validates_schema
    def _one_of_each(self, person: Facts, **_context: object) -> None:
        _each_once(person.get("insurances", []))

    @validates_schema
    def _numbers_are_made_up_for_citizens_only(self, person: Facts, **_context: object) -> None:
        if person.get("cert_type") != IDENTITY_CARD and "id_number" not in person:
            raise ValidationError("is required with this certificate", "id_number")


class ChangesSchema(Schema):
    """What life may do to a person."""

    name = fields.String(validate=validate.Length(1, 50))
    insurances = fields.List(fields.Nested(InsuranceChangeSchema))
    region = fields.String(validate=_region)
    conditions = fields.List(fields.String(validate=validate.OneOf(CONDITIONS)))
    voucher = Flag()
    died_on = fields.Date(allow_none=True)
    deposit_fen = fields.Integer(strict=True, validate=validate.Range(1, 1_000_000_000))
    phone = fields.String(validate=_phone)
    card_number = _card()
    card = fields.String(validate=validate.OneOf(CARD_STATES))
    bank_cards = fields.List(_card())

    @validates_schema
    def _one_of_each(self, changes: Facts, **_context: object) -> None:
        _each_once(changes.get("insurances", []))

    @post_load
    def _as_text(self, changes: Facts, **_context: object) -> Facts:
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in changes.items()}


def complete(person: Facts, today: date, is_taken: Callable[[str, str], bool]) -> Facts:
    """All facts of a new person; `is_taken(field, value)` keeps made-up values apart from those in use."""
    born: date = person["born"]
    if born > today:
        raise ValidationError("is in the future", "born")
    given = person.get("id_number")
    cert_type = person["cert_type"]
    number = (
        _checked(cert_type, given, today) if given is not None else _free("id_number", lambda: make_id_number(person), is_taken)
    )
    return {
        "cert_type": cert_type,
        "id_number": number,
        "phone": person.get("phone") or _free("phone", lambda: "199" + new_digits(8), is_taken),
        "card_number": person.get("card_number") or _free("card_number", lambda: f"S{new_digits(9)}", is_taken),
        **{name: person[name] for name in _AS_TOLD},
        "born": born.isoformat(),
        "household": None,
        "about": None,
    }


def make_id_number(person: Facts) -> str:
    """A valid number that nobody can have: some city of the region's province, no county, the birth date, the sex.

    A region of a province that does not exist, as a made-up city may have, borrows the first one's digits.
    """
    province = person["region"][:2] if person["region"][:2] in PROVINCES else min(PROVINCES)
    serial = int(new_digits(3)) // 2 * 2 + (person["sex"] == "male")
    first = f"{province}{new_digits(2)}{NO_COUNTY}{person['born']:%Y%m%d}{serial:03}"
    return first + check_character(first)


def merge(facts: Facts, changes: Facts) -> Facts:
    """The facts after life happened; insurances merge by their kind, money paid in joins the employee's account."""
    merged = {**facts, **{name: value for name, value in changes.items() if name not in ("insurances", "deposit_fen")}}
    insurances = {insurance["insutype"]: insurance for insurance in facts["insurances"]}
    for change in changes.get("insurances", []):
        known = insurances.get(change["insutype"], {"status": "normal", "balance_fen": 0, "prior_year_fen": 0})
        insurances[change["insutype"]] = _within_balance({**known, **change})
    if "deposit_fen" in changes and "310" in insurances:
        paid_in = insurances["310"]
        insurances["310"] = {**paid_in, "balance_fen": paid_in["balance_fen"] + changes["deposit_fen"]}
    return {**merged, "insurances": list(insurances.values())}


def _within_balance(insurance: Facts) -> Facts:
    return {**insurance, "prior_year_fen": min(insurance["prior_year_fen"], insurance["balance_fen"])}


def with_statuses(facts: Facts, changes: Facts) -> Facts:
    """The changes as an agency reports them: each insurance with its status, whether or not that is what changed."""
    if "insurances" not in changes:
        return changes
    known = {insurance["insutype"]: insurance["status"] for insurance in facts["insurances"]}
    reported = [{"status": known.get(change["insutype"], "normal"), **change} for change in changes["insurances"]]
    return {**changes, "insurances": reported}


def _checked(cert_type: str, written: str, today: date) -> str:
    try:
        return parse_certificate(cert_type, written, today)
    except IdNumberError as fault:
        raise ValidationError(f"is not an ID number ({fault.code})", "id_number") from None


def _free(field: str, make: Callable[[], str], is_taken: Callable[[str, str], bool]) -> str:
    for _ in range(200):
        made = make()
        if not is_taken(field, made):
            return made
    raise ValidationError("none is left of that birth date, sex and region", field)


def _each_once(insurances: list[Facts]) -> None:
    kinds = [insurance["insutype"] for insurance in insurances]
    if len(set(kinds)) < len(kinds):
        raise ValidationError("each insutype may stand once", "insurances")
