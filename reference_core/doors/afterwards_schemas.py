"""The bodies and questions about payments, imagined or made, and the shapes of their answers."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from reference_core.doors.fields import REGION, Body, Flag, PageSchema, Text, money
from reference_core.doors.terminal import ItemSchema, med_type
from reference_core.vocabulary.med_types import SCENES

UUID_TEXT = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MONTH = validate.Regexp(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z")


def person(**more: Any) -> fields.String:
    """Oneself, or a tie that names the other."""
    return fields.String(validate=validate.Regexp(rf"(self|{UUID_TEXT})\Z"), **more)


class PreviewSchema(Body):
    """A payment that nobody made: whose visit, where, what for, how much."""

    member = person(required=True)
    institution = Text(40, required=True)
    med_type = med_type()
    items = fields.List(fields.Nested(ItemSchema), validate=validate.Length(1, 200))
    amount_fen = money(1)
    fund_fen = money(load_default=0)
    declares_mutual_aid = Flag(load_default=False)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Items or an amount, not both and not neither."""
        if ("items" in data) == ("amount_fen" in data):
            raise ValidationError("required" if "items" not in data else "invalid", "amount_fen")


class PreviewedSchema(Body):
    """What a till would answer; what is not the asker's to see is null."""

    status = fields.String(required=True)
    bill_fen = fields.Integer(required=True)
    fund_fen = fields.Integer(required=True)
    own_fen = fields.Integer(required=True, allow_none=True)
    payers = fields.List(fields.Dict(), required=True)
    cash_fen = fields.Integer(required=True, allow_none=True)
    reasons = fields.List(fields.Dict(), required=True)


class InstitutionsSchema(PageSchema):
    """Which institutions: of a region and all that lies in it, with these words in their name."""

    region = fields.String(load_default=None, validate=REGION)
    q = Text(50, load_default=None)


class RecordsSchema(PageSchema):
    """Which records."""

    person = person(load_default=None)
    month = fields.String(load_default=None, validate=MONTH)
    kind = fields.String(load_default=None, validate=validate.OneOf(SCENES))


class PeriodSchema(Body):
    """A month or a year."""

    month = fields.String(validate=MONTH)
    year = fields.Integer(validate=validate.Range(2000, 2099))

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Not both and not neither."""
        if len(data) != 1:
            raise ValidationError("invalid" if data else "required", "month")


class YearSchema(Body):
    """A year."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2099))


class SummarySchema(Body):
    """Spending of a period, three times over."""

    total_fen = fields.Integer(required=True)
    by_person = fields.List(fields.Dict(), required=True)
    by_kind = fields.List(fields.Dict(), required=True)
    by_source = fields.List(fields.Dict(), required=True)
    advice = fields.List(fields.Dict(), required=True)


class RecordSchema(Body):
    """One payment, as far as the asker may see it."""

    id = fields.UUID(required=True)
    at = fields.String(required=True)
    member = fields.Dict(required=True)
    institution = fields.Dict(required=True)
    med_type = fields.String(required=True)
    purpose = fields.Dict(required=True)
    bill_fen = fields.Integer(required=True, allow_none=True)
    fund_fen = fields.Integer(required=True, allow_none=True)
    own_fen = fields.Integer(required=True, allow_none=True)
    payer_fen = fields.Integer(required=True)
    cash_fen = fields.Integer(required=True, allow_none=True)
    payers = fields.List(fields.Dict(), required=True)
    balance_after_fen = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True)
