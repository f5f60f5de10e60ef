"""`/phones/…`: what happens in a person's platform apart from our mini-program: settings changed, relatives' vouchers shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate

from sandbox.bodies import read_body
from sandbox.channels import EVENT_KINDS, PlatformEvent, PushSide
from sandbox.problems import person_unknown
from sandbox.store import Facts, Store

_CHANNELS = validate.OneOf(("wechat", "alipay"))


class EventSchema(Schema):
    """One thing done in the platform's own settings; `deliveries` above 1 is a platform that heard no answer."""

    channel = fields.String(required=True, validate=_CHANNELS)
    kind = fields.String(required=True, validate=validate.OneOf(EVENT_KINDS))
    template_ids = fields.List(fields.String(validate=validate.Length(1, 128)), load_default=list)
    deliveries = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 5))


class RelativeSchema(Schema):
    """A relative whose voucher the platform shows on this phone, in the platform's word for the tie."""

    id_number = fields.String(required=True)
    relation = fields.String(required=True, validate=validate.OneOf(("spouse", "parent", "child", "other")))


class KinshipsSchema(Schema):
    """All the relatives at once; an empty list takes them all away."""

    channel = fields.String(required=True, validate=_CHANNELS)
    relatives = fields.List(fields.Nested(RelativeSchema), required=True)


def platform_face(store: Store, pushers: Mapping[str, PushSide]) -> Blueprint:
    """The blueprint of these routes of `/phones/…`."""
    face = Blueprint("platforms", __name__)

    def known(id_number: str) -> Facts:
        facts = store.person(id_number)
        if facts is None:
            raise person_unknown()
        return facts

    @face.post("/phones/<id_number>/channel-events")
    def channel_event(id_number: str) -> Response:
        person, order = known(id_number), read_body(EventSchema())
        event = PlatformEvent(order["kind"], tuple(order["template_ids"]), order["deliveries"])
        return jsonify([asdict(answer) for answer in pushers[order["channel"]].push(person["id_number"], event)])

    @face.put("/phones/<id_number>/kinships")
    def set_kinships(id_number: str) -> Response:
        person, order = known(id_number), read_body(KinshipsSchema())
        relatives: list[Any] = order["relatives"]
        for relative in relatives:
            known(relative["id_number"])
        store.put_kinships(order["channel"], person["id_number"], relatives)
        return jsonify(relatives)

    return face
