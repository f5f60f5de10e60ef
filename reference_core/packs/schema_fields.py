"""The kinds of value a pack may state, and the shape `{value, source}` in which it states them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate

from reference_core.vocabulary.admdvs import is_region

_RULE_ID = re.compile(r"[A-Z]{1,2}-[0-9]{2,3}")
_SOME_RULE_IDS = r"^(unverified: )?[A-Z]{1,2}-[0-9]{2,3}(, [A-Z]{1,2}-[0-9]{2,3})*$"
_ORIGINS = ("source", "assumed", "unverified")


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with where it comes from; `parts` holds the source of single words of a list."""

    value: Any
    source: str
    parts: Mapping[str, str] = dataclasses.field(default_factory=dict)


def parameter(field: fields.Field[Any], default: Any, doc: str) -> Any:
    """A field of a parameter dataclass: how a pack writes it, what holds while nobody states it, what it decides."""
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata={"pack": field, "doc": doc})
    return dataclasses.field(default=default, metadata={"pack": field, "doc": doc})


class _Flag(fields.Boolean):
    """`true` or `false`, and nothing that merely looks like it: to Python, 1 is true."""

    def _deserialize(self, value: Any, *_args: Any, **_options: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("write true or false")
        return value


def flag() -> fields.Field[bool]:
    """`true` or `false`."""
    return _Flag()


def number(low: int, high: int, nothing: bool = False) -> fields.Field[int]:
    """A whole number within bounds, or `null` where `nothing`; money is in fen."""
    in_bounds = validate.Range(low, high, error=f"must be a whole number from {low} to {high}")
    return fields.Integer(strict=True, allow_none=nothing, validate=in_bounds, error_messages={"invalid": "write a whole number"})


def word(*known: str, nothing: bool = False, required: bool = False) -> fields.Field[str]:
    """One of the known words; `null` too where `nothing`; one that cannot be left out where `required`."""
    invalid = "write one word in quotes"
    return fields.String(allow_none=nothing, required=required, validate=_known(known), error_messages={"invalid": invalid})


def text() -> fields.Field[str]:
    """Words for people; never empty."""
    return fields.String(
        validate=validate.Length(min=1, error="must not be empty"),
        error_messages={"invalid": "write text in quotes", "required": "is missing; write it"},
        required=True,
    )


def optional_text() -> fields.Field[str]:
    """Words for people that may be left out."""
    return fields.String(load_default="", error_messages={"invalid": "write text in quotes"})


class TupleOf(fields.List[Any]):
    """A list in which nothing stands twice, read as a tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError("write a list: [first, second]")
        items = super()._deserialize(value, attr, data, **kwargs)
        twice = sorted({str(item) for item in items if items.count(item) > 1})
        if twice:
            raise ValidationError(f"{', '.join(twice)}: written twice; keep one")
        return tuple(items)


def words(*known: str) -> TupleOf:
    """A list of known words in the order that counts, each at most once."""
    return TupleOf(word(*known))


def rule_ids() -> fields.Field[str]:
    """Where a text of help is written: rule ids, and before them `unverified: ` where nobody vouches for them."""
    return fields.String(
        validate=validate.Regexp(_SOME_RULE_IDS, error="write rule ids in quotes: AB-01, AB-02"),
        error_messages={"invalid": "write rule ids in quotes: AB-01, AB-02"},
    )


def texts(data_key: str) -> TupleOf:
    """Paragraphs for people, under the key that a pack writes."""
    return TupleOf(text(), data_key=data_key, required=True, error_messages={"required": "is missing; write it"})


def regions() -> TupleOf:
    """A list of six-digit regions."""
    return TupleOf(fields.String(validate=_region, error_messages={"invalid": "write a region in quotes"}))


def counts(*known: str) -> fields.Field[dict[str, int]]:
    """A number for each of some known words."""
    return fields.Dict(keys=word(*known), values=number(1, 999), error_messages={"invalid": "write word: number pairs"})


class WorkingDays(fields.List[Any]):
    """`[shortest, longest]` of a review in working days, or `null` for none."""

    def __init__(self) -> None:
        super().__init__(number(0, 365), allow_none=True, validate=_shortest_first)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class StatedField(fields.Raw):
    """`{value: …}` with exactly one of `source`, `assumed` (why) or `unverified` (who says so).

    `value: unknown` needs a `default`, which then holds until somebody finds out.
    """

    def __init__(self, inner: fields.Field[Any]) -> None:
        super().__init__()
        self._inner = inner

    def _deserialize(self, value: Any, *_args: Any, **_options: Any) -> Stated:
        if not isinstance(value, dict) or "value" not in value:
            raise ValidationError("write {value: …, source: …}")
        return self._unknown(value) if value["value"] == "unknown" else self._stated(value)

    def _stated(self, value: dict[str, Any]) -> Stated:
        strange = sorted(set(map(str, value)) - {"value", *_ORIGINS})
        if strange:
            raise ValidationError({key: ["unknown key; allowed are value, source, assumed, unverified"] for key in strange})
        source, parts = read_origin(value)
        return Stated(self._read("value", value["value"]), source, parts)

    def _unknown(self, written: dict[str, Any]) -> Stated:
        if set(written) != {"value", "default"}:
            raise ValidationError("an unknown value needs the default that holds until then: {value: unknown, default: …}")
        return Stated(self._read("default", written["default"]), "unknown")

    def _read(self, key: str, written: Any) -> Any:
        try:
            return self._inner.deserialize(written)
        except ValidationError as error:
            raise ValidationError({key: error.messages}) from error


def read_origin(written: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Where a value comes from, as one line, and the sources of its single words where they are told apart."""
    given = [origin for origin in _ORIGINS if origin in written]
    if len(given) != 1:
        raise ValidationError("needs its source: exactly one of source (rule id), assumed (why), unverified (rule id)")
    origin, said = given[0], written[given[0]]
    if origin == "assumed":
        if not isinstance(said, str) or not said.strip():
            raise ValidationError({"assumed": ["say why it is assumed"]})
        return f"assumed: {said}", {}
    if isinstance(said, dict):
        parts = {str(part): _prefixed(origin, _rule_ids(origin, rule_id)) for part, rule_id in said.items()}
        return join_sources(parts.values()), parts
    return _prefixed(origin, _rule_ids(origin, said)), {}


def join_sources(told: Iterable[str]) -> str:
    """Several sources as one: every rule id once, what nobody verified and what is assumed apart from what is written."""
    ids: dict[str, list[str]] = {"source": [], "unverified": []}
    assumed: list[str] = []
    for one in told:
        origin = "unverified" if one.startswith("unverified: ") else "source"
        if one.startswith("assumed: "):
            assumed.append(one)
        else:
            ids[origin] += one.removeprefix("unverified: ").split(", ")
    written = [_prefixed(origin, ", ".join(dict.fromkeys(found))) for origin, found in ids.items() if found]
    return "; ".join([*written, *dict.fromkeys(assumed)])


def _rule_ids(origin: str, said: Any) -> str:
    given = said if isinstance(said, list) else [said]
    if not given or not all(isinstance(one, str) and _RULE_ID.fullmatch(one) for one in given):
        raise ValidationError({origin: ["write a rule id such as AB-01, or a list of them"]})
    return ", ".join(given)


def _prefixed(origin: str, said: str) -> str:
    return said if origin == "source" else f"{origin}: {said}"


def _shortest_first(days: list[int]) -> None:
    if len(days) != 2 or days[0] > days[1]:
        raise ValidationError("write [shortest, longest] in working days, such as [1, 3]")


def _known(known: tuple[str, ...]) -> validate.Validator:
    return validate.OneOf(known, error=f"unknown word {{input!r}}; one of {', '.join(known)}")


def _region(code: str) -> None:
    if not is_region(code):
        raise ValidationError(f"{code!r} is not a region; write its six digits in quotes")
