"""The shapes of what stands in the way: a fault at a field, a reason, and whether something may be done."""

from __future__ import annotations

from marshmallow import fields

from bff.api.shapes.building import Shape, several, string


class FaultShape(Shape):
    code = string()
    text = string()
    remedy = string()


class ReasonShape(Shape):
    rule = string()
    text = string()
    facts = fields.Dict(required=True)
    source = string()
    effective_from = string(allow_none=True)
    owner = string()
    next_step = string()
    cashier_code = string()


class VerdictShape(Shape):
    allowed = fields.Boolean(required=True)
    reasons = several(ReasonShape)
