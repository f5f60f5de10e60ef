"""The shapes of what is told before and beside payments, and of what is asked for that."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from bff.api.asked import PageQuery, word
from bff.api.bodies import Asked
from bff.api.shapes.building import Shape, fen, several, string
from bff.api.shapes.records import PlaceShape, ShareShape
from bff.api.shapes.refusals import ReasonShape

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MONTH = ma.validate.Regexp(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z")
_MOST_FEN = 1_000_000_000
_KINDS = (
    "outpatient",
    "outpatient_special",
    "inpatient",
    "inpatient_deposit",
    "maternity_outpatient",
    "maternity_inpatient",
    "pharmacy",
    "resident_premium",
    "local_supplement",
    "long_term_care_premium",
    "commercial_health_insurance",
    "other",
)


def whom(**more: Any) -> fields.String:
    told = {"description": "`self`, or the id of a member or payer"}
    return fields.String(validate=ma.validate.Regexp(rf"(self|{_UUID})\Z"), metadata=told, **more)


def amount(least: int, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=ma.validate.Range(least, _MOST_FEN), **more)


class ImaginedItem(Asked):
    name = fields.String(required=True, validate=word(200))
    amount_fen = amount(1, required=True)
    category = fields.String(required=True, validate=word(30))


class Imagined(Asked):
    """A payment that nobody made; either items or an amount that is left after the pool has paid."""

    member = whom(load_default="self")
    institution = fields.String(required=True, validate=word(40))
    med_type = fields.String(required=True, validate=ma.validate.Regexp(r"[0-9A-Za-z]{1,6}\Z"))
    items = fields.List(fields.Nested(ImaginedItem), validate=ma.validate.Length(1, 200))
    amount_fen = amount(1)
    fund_fen = amount(0)
    declares_mutual_aid = fields.Boolean(metadata={"description": "whether one would tell the till to use the family's money"})

    @ma.validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("items" in data) == ("amount_fen" in data):
            raise ma.ValidationError("required" if "items" not in data else "invalid", "amount_fen")


class PlacesQuery(PageQuery):
    region = fields.String(validate=ma.validate.Regexp(r"[0-9]{6}\Z"), metadata={"description": "and all that lies in it"})
    q = fields.String(validate=word(50), metadata={"description": "words of its name"})


class RecordsQuery(PageQuery):
    person = whom()
    month = fields.String(validate=_MONTH, metadata={"description": "such as 2026-03"})
    kind = fields.String(validate=ma.validate.OneOf(_KINDS), metadata={"description": "the `kind` of a record's purpose"})


class ExportQuery(Asked):
    person = whom()
    month = fields.String(validate=_MONTH, metadata={"description": "such as 2026-03"})
    kind = fields.String(validate=ma.validate.OneOf(_KINDS), metadata={"description": "the `kind` of a record's purpose"})


class YearQuery(Asked):
    year = fields.Integer(required=True, validate=ma.validate.Range(2000, 2099))


class PeriodQuery(Asked):
    """A month or a year, and not both; the current month where neither is named."""

    month = fields.String(validate=_MONTH)
    year = fields.Integer(validate=ma.validate.Range(2000, 2099))

    @ma.validates_schema
    def not_both(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) > 1:
            raise ma.ValidationError("invalid", "month")


class ImaginedShareShape(ShareShape):
    why = string()


class PreviewShape(Shape):
    """What a till would answer now, without an id. A payer sees the own part only: `own_fen` and `cash_fen` are null."""

    status = string()
    bill_fen = fen()
    fund_fen = fen()
    own_fen = fields.Integer(required=True, allow_none=True)
    payers = several(ImaginedShareShape)
    cash_fen = fields.Integer(required=True, allow_none=True)
    reasons = several(ReasonShape)


class ContractedPlaceShape(PlaceShape):
    level = fields.Integer(required=True)


class PersonSumShape(Shape):
    person = string(metadata={"description": "`self`, or the id to filter records by"})
    label = string()
    sum_fen = fen()


class KindSumShape(Shape):
    kind = string()
    label = string()
    sum_fen = fen()


class SourceSumShape(Shape):
    source = string(metadata={"description": "`own`, `shared` (my account, for the family), `cash`, or the id of a payer"})
    label = string()
    sum_fen = fen()


class SpendingAdviceShape(Shape):
    rule = string()
    text = string()
    source = string()


class SummaryShape(Shape):
    """What the caller may see, without what the pool paid and what came back."""

    total_fen = fen()
    by_person = several(PersonSumShape)
    by_kind = several(KindSumShape)
    by_source = several(SourceSumShape)
    advice = several(SpendingAdviceShape)
