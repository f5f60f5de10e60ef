"""The shapes of disputes, reports and requests to a payer, and of what is sent for them."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.asked import word
from bff.api.bodies import Asked
from bff.api.shapes.building import Shape, fen, moment, one_of, several, string
from bff.core_client.cases import CASE_STATES, REPORT_KINDS, REQUEST_KINDS, REQUEST_STATES


class NotMe(Asked):
    reason = fields.String(validate=word(500))


class Report(Asked):
    kind = fields.String(required=True, validate=ma.validate.OneOf(sorted(REPORT_KINDS)))
    text = fields.String(required=True, validate=word(1000))
    about = fields.UUID(metadata={"description": "a record of mine"})


class RequestToPayer(Asked):
    kind = fields.String(required=True, validate=ma.validate.OneOf(sorted(REQUEST_KINDS)))


class RequestAnswer(Asked):
    answer = fields.String(
        required=True,
        validate=ma.validate.OneOf(["declined"]),
        metadata={"description": "to say yes, end the tie or raise its limit"},
    )


class OpenedCaseShape(Shape):
    id = string()
    status = one_of(CASE_STATES)


class CaseStepShape(Shape):
    at = moment()
    what = string()
    text = string()


class CaseShape(OpenedCaseShape):
    record = string()
    paid_at = moment()
    institution = string()
    opened_by_me = fields.Boolean(required=True)
    opened_at = moment()
    returned_fen = fen()
    trail = several(CaseStepShape)


class ReceiptShape(Shape):
    receipt_number = string()
    place = string()
    phone = string()


class KeptReportShape(ReceiptShape):
    kind = one_of(REPORT_KINDS)
    at = moment()
    text = string()
    about = fields.String(required=True, allow_none=True)


class SentRequestShape(Shape):
    id = string()
    kind = string()
    status = string()


class PayerRequestShape(Shape):
    """`received` ones are for me to answer; the relation is always the member's, seen from the payer."""

    id = string()
    kind = one_of(REQUEST_KINDS)
    at = moment()
    status = one_of(REQUEST_STATES)
    received = fields.Boolean(required=True)
    relation_id = string()
    relation = string()
    name_masked = string()
