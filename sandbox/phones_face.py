"""`/phones/…`: what happens on a person's phone: signing in, giving the number, looking into the camera, reading messages."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate

from sandbox.bodies import Flag, read_body
from sandbox.channels import LoginSide, PhoneSide
from sandbox.problems import Problem, person_unknown
from sandbox.real_person import CheckOver, Checks, CheckUnknown, Outcome
from sandbox.store import Facts, Store


class LoginSchema(Schema):
    """Which app, or which page inside it, the phone has open."""

    channel = fields.String(required=True, validate=validate.OneOf(("wechat", "alipay", "wechat_official")))


class ChannelSchema(Schema):
    """Which app the phone has open."""

    channel = fields.String(required=True, validate=validate.OneOf(("wechat", "alipay")))


class LookSchema(Schema):
    """One look into the camera."""

    check_id = fields.String(required=True)
    passes = Flag(required=True)


def phones_face(store: Store, platforms: Mapping[str, PhoneSide], pages: Mapping[str, LoginSide], checks: Checks) -> Blueprint:
    """The blueprint of `/phones/…`."""
    face = Blueprint("phones", __name__)

    def owner(id_number: str) -> Facts:
        facts = store.person(id_number)
        if facts is None:
            raise person_unknown()
        return facts

    @face.post("/phones/<id_number>/codes")
    def login_code(id_number: str) -> Response:
        person, door = owner(id_number), {**platforms, **pages}[read_body(LoginSchema())["channel"]]
        return jsonify({"code": door.login_code(person["id_number"])})

    @face.post("/phones/<id_number>/phone-codes")
    def phone_code(id_number: str) -> Response:
        person, platform = owner(id_number), platforms[read_body(ChannelSchema())["channel"]]
        return jsonify({"channel_code": platform.phone_code(person["id_number"], person["phone"])})

    @face.post("/phones/<id_number>/real-person")
    def look(id_number: str) -> Response:
        person, order = owner(id_number), read_body(LookSchema())
        try:
            check = checks.look(order["check_id"], person["name"], person["id_number"], order["passes"])
        except CheckUnknown:
            raise Problem(404, "check_unknown", "没有这次核验", "请用核验字段里的 check.id。") from None
        except CheckOver:
            raise Problem(409, "check_over", "这次核验已经结束", "每次核验只能看一次镜头，请重新开始核验。") from None
        return jsonify({"check_id": check.id, "passed": check.outcome is Outcome.PASSED})

    @face.get("/phones/<id_number>/messages")
    def messages(id_number: str) -> Response:
        return jsonify(store.messages(owner(id_number)["id_number"]))

    return face
