"""`/clock`: moves the time of every process of this world, by an offset that their clocks read from a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields

from groundwork.clock import CHINA, Clock, write_offset
from sandbox.bodies import read_body
from sandbox.problems import invalid


class ClockSchema(Schema):
    """`now` is an ISO 8601 instant, in China time where it names no zone; null brings real time back."""

    now = fields.String(required=True, allow_none=True)


def clock_face(clock_file: Path) -> Blueprint:
    """The blueprint of `/clock`."""
    face = Blueprint("clock", __name__)
    clock = Clock(clock_file)

    def told() -> Response:
        return jsonify({"now": clock.now().isoformat(), "offset_s": clock.offset().total_seconds()})

    @face.get("/clock")
    def tell_time() -> Response:
        return told()

    @face.post("/clock")
    def set_time() -> Response:
        wanted = read_body(ClockSchema())["now"]
        write_offset(clock_file, None if wanted is None else _instant(wanted) - Clock().now())
        return told()

    return face


def _instant(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise invalid({"now": "must be an ISO 8601 instant"}) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
