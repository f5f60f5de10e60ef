"""What sections of a pack have in common: each becomes one value, and most say where they come from."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validates_schema

from reference_core.packs.schema_fields import read_origin


class Built(Schema):
    """A section that becomes one value."""

    builds: Any = None

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        return self.builds(**data)


class Sourced(Built):
    """A section that says where it comes from."""

    source = fields.Raw()
    assumed = fields.Raw()
    unverified = fields.Raw()

    @validates_schema(skip_on_field_errors=False)
    def check_origin(self, data: dict[str, Any], **_: Any) -> None:
        read_origin(data)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        source, _parts = read_origin(data)
        said = {key: value for key, value in data.items() if key not in ("source", "assumed", "unverified")}
        return self.builds(source=source, **said)
