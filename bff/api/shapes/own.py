"""The shapes of what is one's own to read and take back: consents and pledges."""

from __future__ import annotations

from marshmallow import fields

from bff.api.shapes.building import Shape, moment, string, strings


class ConsentShape(Shape):
    id = string()
    purpose = string()
    title = string()
    version = string()
    text = strings()
    text_hash = string()
    channel = string()
    agreed_at = moment()
    withdrawn_at = moment(allow_none=True)
    for_relative = fields.Boolean(required=True)
    withdrawable = fields.Boolean(required=True)


class PledgeShape(Shape):
    id = string()
    purpose = string()
    title = string()
    version = string()
    text = strings()
    text_hash = string()
    signed_at = moment()
