"""The one shape of every error."""

from __future__ import annotations

from marshmallow import fields

from bff.api.shapes.building import Shape, string, strings
from bff.api.shapes.refusals import FaultShape, ReasonShape
from bff.api.shapes.screens import ScreenShape


class StepUpShape(Shape):
    """Start this flow with these answers; at its end, what was asked for may be asked again."""

    flow = string()
    answers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AskAgainShape(Shape):
    """The flow that asks for consent again, and the purposes that nobody agreed to."""

    flow = string()
    missing = strings()


class ProblemShape(Shape):
    type = string()
    title = string()
    status = fields.Integer(required=True)
    code = string()
    detail = string()
    retry = fields.Boolean(required=True)
    faulty = fields.Dict(keys=fields.String(), values=fields.Nested(FaultShape), data_key="fields")
    reasons = fields.List(fields.Nested(ReasonShape))
    step_up = fields.Nested(StepUpShape)
    consent = fields.Nested(AskAgainShape)
    screen = fields.Nested(ScreenShape)
