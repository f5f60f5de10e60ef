"""The command `python -m reference_core.pack_json_schema`: prints a pack's JSON Schema, made from the schema that reads packs."""

from __future__ import annotations

import dataclasses
import json
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, missing, validate

from reference_core.packs.schema import PARAMETERS, PackSchema
from reference_core.packs.schema_fields import StatedField, TupleOf

Json = dict[str, Any]
_ORIGINS = ("source", "assumed", "unverified")
# What is written in many places; every other part of the schema refers to these.
_DEFS: Mapping[str, Json] = {
    "rule_id": {"type": "string", "pattern": "^[A-Z]{1,2}-[0-9]{2,3}$"},
    "rule_ids": {
        "description": "A rule id, or a list of them.",
        "anyOf": [{"$ref": "#/$defs/rule_id"}, {"type": "array", "items": {"$ref": "#/$defs/rule_id"}, "minItems": 1}],
    },
    "source": {
        "description": "The rule id that says so; a list of them; or one for each word of a list.",
        "anyOf": [
            {"$ref": "#/$defs/rule_ids"},
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/rule_ids"}},
        ],
    },
    "assumed": {"description": "Why this is assumed.", "type": "string", "pattern": "\\S"},
    "unverified": {"description": "Like source, where nobody vouches for the text.", "$ref": "#/$defs/source"},
    "one_origin": {
        "description": "Exactly one of source, assumed and unverified.",
        "oneOf": [{"required": [origin]} for origin in _ORIGINS],
    },
}
_ORIGIN: Mapping[str, Json] = {origin: {"$ref": f"#/$defs/{origin}"} for origin in _ORIGINS}
_ANY_TEXT: Json = {"type": "string"}
_ONE_ORIGIN: Json = {"$ref": "#/$defs/one_origin"}
# What a validator that is a plain function asks for. One that is not here stops the command: it would be lost in silence.
_BY_FUNCTION: Mapping[str, Json] = {
    "_region": {"pattern": "^[0-9]{6}$"},
    "_check_code": {"pattern": "^([0-9]{6}|guide-.+)$"},
    "_shortest_first": {"minItems": 2, "maxItems": 2},
}


def pack_json_schema() -> Json:
    """The shape of one pack's file. What no shape can say (contradictions, overlapping dates) only the checker finds."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A city's pack",
        "description": "Made by `python -m reference_core.pack_json_schema`. `python -m reference_core.check_packs` finds more.",
        **shape_of(PackSchema()),
        "$defs": dict(_DEFS),
    }


def shape_of(schema: Schema) -> Json:
    """The shape of one section. Raises `TypeError` for a kind of field or a check that has no counterpart here."""
    own = {name: field for name, field in schema.fields.items() if name not in _ORIGINS}
    properties = {field.data_key or name: _describe(name, field) for name, field in own.items()}
    described: Json = {"type": "object", "additionalProperties": False, "properties": properties}
    if required := sorted(_required(schema) & set(properties)):
        described["required"] = required
    if len(own) < len(schema.fields):
        properties |= _ORIGIN
        described["allOf"] = [_ONE_ORIGIN]
    return described


def _required(schema: Schema) -> set[str]:
    """What must be written: said by the field, found by reading an empty section, or needed by the value that it becomes."""
    keys = {name: field.data_key or name for name, field in schema.fields.items()}
    said = {keys[name] for name, field in schema.fields.items() if field.required}
    # With what the fields ask for set aside, the section's own checks say what else is missing.
    found = set(schema.validate({}, partial=tuple(schema.fields))) & set(keys.values())
    needed = {keys[name] for name in _needed_by_value(schema) if name in keys and schema.fields[name].load_default is missing}
    return said | found | needed


def _needed_by_value(schema: Schema) -> set[str]:
    value = getattr(schema, "builds", None) or typing.get_type_hints(getattr(schema, "build", _nothing)).get("return")
    if not dataclasses.is_dataclass(value):
        return set()
    unset = dataclasses.MISSING
    return {field.name for field in dataclasses.fields(value) if field.default is unset and field.default_factory is unset}


def _nothing() -> None:
    """A section that stays a mapping builds no value."""


def _describe(name: str, field: fields.Field[Any]) -> Json:
    described = _of_field(field)
    if name in PARAMETERS and isinstance(field, StatedField):
        described = {"description": str(PARAMETERS[name].metadata["doc"]), **described}
    return described


def _of_field(field: fields.Field[Any]) -> Json:
    described = _of_kind(field)
    for validator in field.validators:
        described |= _of_validator(validator, described)
    if field.allow_none:
        described = {"anyOf": [described, {"type": "null"}]}
    return described


def _of_kind(field: fields.Field[Any]) -> Json:
    for kind, describe in _KINDS.items():
        if isinstance(field, kind):
            return describe(field)
    raise TypeError(f"{type(field).__name__} has no counterpart yet; add it here")


def _of_list(field: fields.List[Any]) -> Json:
    unique = {"uniqueItems": True} if isinstance(field, TupleOf) else {}
    return {"type": "array", "items": _of_field(field.inner), **unique}


def _of_dict(field: fields.Dict) -> Json:
    values, names = (_of_field(inner) if inner else {} for inner in (field.value_field, field.key_field))
    described = {"type": "object", "additionalProperties": values}
    return described | ({"propertyNames": names} if names not in ({}, _ANY_TEXT) else {})


def _of_stated(field: StatedField) -> Json:
    """`{value, source}` and its kin, or an unknown value with the default that holds until somebody finds out."""
    # The field keeps its own shape to itself; a parameter's stands in its metadata, but a date's nowhere else.
    inner = _of_field(field._inner)
    stated = {
        "type": "object",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {"value": inner, **_ORIGIN},
        "allOf": [_ONE_ORIGIN],
    }
    unknown = {
        "type": "object",
        "additionalProperties": False,
        "required": ["value", "default"],
        "properties": {"value": {"const": "unknown"}, "default": inner},
    }
    return {"anyOf": [stated, unknown]}


# The first that fits counts: what is made from another kind stands before it.
_KINDS: Mapping[type[fields.Field[Any]], Callable[[Any], Json]] = {
    StatedField: _of_stated,
    fields.Nested: lambda field: shape_of(field.schema),
    fields.List: _of_list,
    fields.Dict: _of_dict,
    fields.Boolean: lambda _: {"type": "boolean"},
    fields.Integer: lambda _: {"type": "integer"},
    fields.Date: lambda _: {"type": "string", "format": "date"},
    fields.String: lambda _: dict(_ANY_TEXT),
}


def _of_validator(validator: Any, described: Json) -> Json:
    match validator:
        case validate.OneOf():
            return {"enum": list(validator.choices)}
        case validate.Regexp():
            return {"pattern": validator.regex.pattern}
        case validate.Range():
            return _without_nothing({"minimum": validator.min, "maximum": validator.max})
        case validate.Length():
            kind = "Items" if described.get("type") == "array" else "Length"
            return _without_nothing({f"min{kind}": validator.min, f"max{kind}": validator.max})
    name = getattr(validator, "__name__", type(validator).__name__)
    if name not in _BY_FUNCTION:
        raise TypeError(f"the validator {name} has no counterpart yet; add it here")
    return dict(_BY_FUNCTION[name])


def _without_nothing(said: Json) -> Json:
    return {key: value for key, value in said.items() if value is not None}


def main() -> int:
    sys.stdout.write(json.dumps(pack_json_schema(), ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
