"""The shapes of notices and of what people allow of them."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.bodies import Asked
from bff.api.shapes.building import Shape, moment, one_of, several, string, strings
from bff.core_client.notices import DELIVERY_STATES
from bff.notice_kinds.catalogue import PUSH_CHANNELS

_HOUR = ma.validate.Regexp(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")


class DeliveryShape(Shape):
    channel = string(allow_none=True)
    status = one_of(DELIVERY_STATES)


class NoticeShape(Shape):
    id = string()
    at = moment()
    kind = string()
    title = string()
    text = strings()
    read = fields.Boolean(required=True)
    delivery = fields.Nested(DeliveryShape, required=True)


class KindChoiceShape(Shape):
    kind = string()
    title = string()
    push = fields.Boolean(required=True)


class ChannelChoiceShape(Shape):
    channel = string()
    push = fields.Boolean(required=True)


class QuietHoursShape(Shape):
    class Meta:
        # `from` is a word of Python.
        include = {"from": string(), "to": string()}  # noqa: RUF012  marshmallow reads it from the class


class ChoicesShape(Shape):
    kinds = several(KindChoiceShape)
    quiet_hours = fields.Nested(QuietHoursShape, required=True, allow_none=True)
    channels = several(ChannelChoiceShape)


class HoursAsked(Asked):
    class Meta(Asked.Meta):
        include = {  # noqa: RUF012  marshmallow reads it from the class
            "from": fields.String(required=True, validate=_HOUR),
            "to": fields.String(required=True, validate=_HOUR),
        }


class ChoicesAsked(Asked):
    kinds = fields.Dict(
        keys=fields.String(validate=ma.validate.Length(1, 50)), values=fields.Boolean(truthy={True}, falsy={False})
    )
    quiet_hours = fields.Nested(HoursAsked, allow_none=True)
    channels = fields.Dict(
        keys=fields.String(validate=ma.validate.OneOf(PUSH_CHANNELS)), values=fields.Boolean(truthy={True}, falsy={False})
    )
