"""`/phones/…`: what only WeChat has: its page where people let the 医保 gateway vouch for them."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields

from sandbox.bodies import read_body
from sandbox.problems import person_unknown
from sandbox.store import Facts, Store
from sandbox.wechat.server import WechatServer


class AuthorisationSchema(Schema):
    """Whose voucher is meant: the phone's owner's, unless a relative is named."""

    relative = fields.String()


def wechat_face(store: Store, wechat: WechatServer) -> Blueprint:
    """The blueprint of these routes of `/phones/…`."""
    face = Blueprint("wechat_player", __name__)

    def known(id_number: str) -> Facts:
        facts = store.person(id_number)
        if facts is None:
            raise person_unknown()
        return facts

    @face.post("/phones/<id_number>/medical-authorisations")
    def authorise(id_number: str) -> Response:
        owner, order = known(id_number), read_body(AuthorisationSchema())
        holder = known(order.get("relative", id_number))
        return jsonify({"auth_code": wechat.medical.authorise(owner["id_number"], holder["id_number"])})

    return face
