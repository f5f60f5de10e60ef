"""The shapes of what a monitor asks."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.shapes.building import Shape, string


class HealthShape(Shape):
    status = string()


class ReadinessShape(Shape):
    status = fields.String(required=True, validate=ma.validate.OneOf(["ready", "not_ready"]))
    parts = fields.Dict(required=True, keys=fields.String(), values=fields.Boolean())
