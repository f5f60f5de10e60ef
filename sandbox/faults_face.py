"""`/faults`: the player orders faults, sees them and takes them all back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from sandbox.bodies import read_body
from sandbox.faults import KINDS, UPSTREAMS, Fault, Faults


class FaultSchema(Schema):
    """One order of a fault."""

    upstream = fields.String(required=True, validate=validate.OneOf(UPSTREAMS))
    endpoint = fields.String(load_default="*", validate=validate.Length(1, 200))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    code = fields.Raw(allow_none=True)
    delay_ms = fields.Integer(strict=True, validate=validate.Range(1, 600_000))
    times = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1))
    rate = fields.Float(validate=validate.Range(0, 1))
    seed = fields.Integer(strict=True)

    @validates_schema
    def _fits_its_kind(self, order: dict[str, Any], **_context: object) -> None:
        if order["kind"] == "delay" and "delay_ms" not in order:
            raise ValidationError("a delay needs delay_ms", "delay_ms")
        code = order.get("code")
        if code is not None and (isinstance(code, bool) or not isinstance(code, str | int)):
            raise ValidationError("must be text or a whole number", "code")
        if order["upstream"] == "wechat" and order["kind"] == "error" and code is not None and not _is_number(str(code)):
            raise ValidationError("WeChat's errors are whole numbers", "code")


def faults_face(faults: Faults) -> Blueprint:
    """The blueprint of `/faults`."""
    face = Blueprint("faults", __name__)

    @face.get("/faults")
    def list_faults() -> Response:
        return jsonify([{**asdict(fault), "struck": struck} for fault, struck in faults.standing()])

    @face.post("/faults")
    def order_fault() -> Response:
        order = read_body(FaultSchema())
        if order.get("code") is not None:
            order["code"] = str(order["code"])
        fault = Fault(**order)
        faults.order(fault)
        return jsonify({**asdict(fault), "struck": 0})

    @face.delete("/faults")
    def clear_faults() -> Response:
        faults.clear()
        return jsonify([])

    return face


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()
