"""Reads what a player sends: JSON objects, checked against a schema that knows every field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, fields

from sandbox.problems import Problem


class Flag(fields.Boolean):
    """`true` or `false`, nothing that only resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return bool(super()._deserialize(value, attr, data, **kwargs))


def read_body(schema: Schema) -> dict[str, Any]:
    """The checked body of this request; raises `Problem` or `ValidationError`."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Problem(400, "malformed", "内容不是 JSON 对象", "请发送一个 JSON 对象。")
    return dict(schema.load(body))
