"""The shapes of disputes, reports and requests to a payer, and of what is sent for them."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.asked import word
from bff.api.bodies import Asked
from bff.api.shapes import Shape, moment, one_of, several, string
from bff.core_client.cases import CASE_STATES


class NotMe(Asked):
    reason = fields.String(validate=word(500))


class Report(Asked):
    kind = fields.String(required=True, validate=ma.validate.OneOf(["code_stolen", "fraud", "other"]))
    text = fields.String(required=True, validate=word(1000))
    about = fields.UUID(metadata={"description": "a record of mine"})


class RequestToPayer(Asked):
    kind = fields.String(required=True, validate=ma.validate.OneOf(["leave", "raise_limit"]))


class OpenedCaseShape(Shape):
    id = string()
    status = one_of(CASE_STATES)


class CaseStepShape(Shape):
    at = moment()
    what = string()
    text = string()


class CaseShape(OpenedCaseShape):
    record = string()
    opened_by_me = fields.Boolean(required=True)
    opened_at = moment()
    trail = several(CaseStepShape)


class ReceiptShape(Shape):
    receipt_number = string()
    place = string()
    phone = string()


class SentRequestShape(Shape):
    id = string()
    kind = string()
    status = string()
