"""The shapes of guided flows: what may be started, a screen with its fields, and how a flow ended."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.shapes.building import Shape, moment, one_of, several, string, strings
from bff.api.shapes.refusals import FaultShape, ReasonShape
from bff.core_client.facts import OUTCOMES


class OptionShape(Shape):
    value = string()
    label = string()
    disabled = fields.Boolean()
    reason = fields.String()


class ItemShape(Shape):
    label = string()
    value = string()


class PageElsewhereShape(Shape):
    """A page that vouches too, in another mini-program or at a URL; answer with `{"check_id": …, "brought": what it gave}`."""

    app_id = fields.String()
    path = fields.String()
    url = fields.String()


class CheckShape(Shape):
    id = string()
    channel = string()
    expires_at = moment()
    url = fields.String()
    authorise_at = fields.Nested(PageElsewhereShape)


class FormShape(Shape):
    title = string()
    href = string()


class FieldShape(Shape):
    name = string()
    kind = string()
    label = string()
    required = fields.Boolean(required=True)
    hint = fields.String()
    options = fields.List(fields.Nested(OptionShape))
    multiple = fields.Boolean()
    value = fields.Raw()
    text = fields.List(fields.String())
    text_hash = fields.String()
    items = fields.List(fields.Nested(ItemShape))
    check = fields.Nested(CheckShape)
    about = fields.String(metadata={"description": "`relative`: they look into the camera, not whoever acts"})
    form = fields.Nested(FormShape)
    error = fields.Nested(FaultShape)


class ActionShape(Shape):
    name = fields.String(required=True, validate=ma.validate.OneOf(["next", "back", "complete", "give_up"]))
    label = string()
    step = fields.String(metadata={"description": "of `back`: the step to get"})


class ProgressShape(Shape):
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    upcoming = strings()


class NextFlowShape(Shape):
    flow = string()
    title = string()


class ScreenShape(Shape):
    flow = string()
    step = string(allow_none=True)
    title = string()
    text = strings()
    speech = string()
    # Schemas keep their declarations under this name.
    asked = several(FieldShape, data_key="fields")
    actions = several(ActionShape)
    progress = fields.Nested(ProgressShape, required=True)
    acting_for = fields.String(metadata={"description": "whom this is about, where one acts for a relative"})
    instead = fields.List(fields.Nested(NextFlowShape), metadata={"description": "flows that may have been meant"})


class CompletionShape(Shape):
    flow = string()
    outcome = one_of(OUTCOMES)
    slip = fields.String(metadata={"description": "to hand in at the counter, where it ends there"})
    text = strings()
    next = several(NextFlowShape)
    token = fields.String(metadata={"description": "replaces the caller's token"})
    data = fields.Dict(metadata={"description": "all that is kept of the caller, where that was asked for"})
    gone = fields.List(fields.Dict(), metadata={"description": "what a deletion took away"})
    kept = fields.List(fields.Dict(), metadata={"description": "what stays, why, and under which law"})


class FlowItemShape(Shape):
    name = string()
    title = string()
    can_start = fields.Boolean(required=True)
    reasons = several(ReasonShape)
    in_progress = fields.Boolean(required=True)
