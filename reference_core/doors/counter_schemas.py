"""What a clerk sends to tie two people at a counter, and what is printed on the slip."""

from __future__ import annotations

from marshmallow import fields, validate

from reference_core.decisions.counter_papers import PAPERS
from reference_core.doors.citizen_schemas import TEXT_HASH
from reference_core.doors.fields import CERT_TYPES, Body, IdNumber, Text, phone
from reference_core.doors.tie_schemas import BoundSchema, monthly_cap, scopes
from reference_core.vocabulary.kinship import OFFERED_WORDS


class OnCardSchema(Body):
    """Somebody as their card names them."""

    name = Text(50, required=True)
    id_number = IdNumber(required=True)
    cert_type = fields.String(load_default="01", validate=validate.OneOf(CERT_TYPES))


class BindAtCounterSchema(Body):
    """Two people who came with their papers; `evidence` is which of them the clerk saw, `agree` the pledge signed on paper."""

    payer = fields.Nested(OnCardSchema, required=True)
    member = fields.Nested(OnCardSchema, required=True)
    relation = fields.String(required=True, validate=validate.OneOf(OFFERED_WORDS))
    phone = phone(allow_none=True)
    card_number = Text(40, allow_none=True)
    agree = fields.String(validate=TEXT_HASH, allow_none=True)
    monthly_cap_fen = monthly_cap()
    scopes = scopes()
    starts_on = fields.Date(format="iso", allow_none=True)
    ends_on = fields.Date(format="iso", allow_none=True)
    evidence = fields.List(
        fields.String(validate=validate.OneOf(PAPERS)), required=True, validate=validate.Length(1, len(PAPERS))
    )
    operator = Text(50, required=True)


class BoundAtCounterSchema(BoundSchema):
    """A tie with the number of its slip."""

    slip = fields.String(required=True)
