"""The shape of a record: who was treated, where, and whose money it was."""

from __future__ import annotations

from marshmallow import fields

from bff.api.shapes.building import Shape, fen, hidden_fen, moment, one_of, several, string
from bff.core_client.records import RECORD_STATES


class PatientShape(Shape):
    relation = string()
    name_masked = string()
    person = string(metadata={"description": "what the filter of records calls them"})


class PurposeShape(Shape):
    kind = string()
    label = string()


class PlaceShape(Shape):
    id = string()
    name = string()
    kind = string()
    region = string()


class ShareShape(Shape):
    name_masked = string()
    is_me = fields.Boolean(required=True)
    paid_fen = fen()


class RecordShape(Shape):
    """A payment. Its member sees all of it; a payer sees time, place, purpose and the own part, and of the other figures those
    that the city lets them see. With somebody else's part beside one's own, `bill_fen` is null."""

    id = string()
    at = moment()
    member = fields.Nested(PatientShape, required=True)
    institution = fields.Nested(PlaceShape, required=True)
    med_type = string()
    purpose = fields.Nested(PurposeShape, required=True)
    bill_fen = hidden_fen()
    fund_fen = hidden_fen()
    own_fen = hidden_fen()
    payer_fen = fields.Integer(required=True, metadata={"description": "integer fen; to a payer only the own part"})
    cash_fen = hidden_fen()
    payers = several(ShareShape)
    balance_after_fen = fields.Integer(
        required=True, allow_none=True, metadata={"description": "what the caller's own account held then; null: untouched"}
    )
    status = one_of(RECORD_STATES)
