"""What the shapes of the wire are built from: a base, kinds of values, and the page that every list comes in."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields


class Shape(ma.Schema):
    """A declaration. Dumping field by field would cost ten times what the JSON encoder needs for the whole value."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ARG002  marshmallow calls it so
        return obj


def string(**more: Any) -> fields.String:
    return fields.String(required=True, **more)


def fen() -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": "integer fen"})


def moment(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, **more)


def one_of(names: frozenset[str]) -> fields.String:
    return fields.String(required=True, validate=ma.validate.OneOf(sorted(names)))


def several(shape: type[Shape], **more: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(shape), required=True, **more)


def strings() -> fields.List[str]:
    return fields.List(fields.String(), required=True)


def page_of(shape: type[Shape]) -> type[Shape]:
    """The shape of every list: items and where the next page begins."""
    members = {"items": several(shape), "next_cursor": string(allow_none=True)}
    return type(f"{shape.__name__.removesuffix('Shape')}Page", (Shape,), members)


def hidden_fen() -> fields.Integer:
    """A figure of a relative's bill that the city may keep from whoever shares with them."""
    return fields.Integer(required=True, allow_none=True, metadata={"description": "integer fen; null: not yours to see"})
