"""The committed JSON Schema of a pack is that of today, takes every pack that the core takes, and refuses what it refuses."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from marshmallow import Schema, fields, validate

from reference_core.pack_json_schema import shape_of
from reference_core.packs.marks import read_yaml
from reference_core.packs.reading import read_pack
from reference_core.packs.schema import PARAMETERS

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "pack.schema.json"
PACKS = sorted([*(ROOT / "reference_core" / "regions").glob("*.yaml"), *(ROOT / "tests" / "packs").rglob("*.yaml")])
SHAPE: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
SMALL = """
code: "990200"
name: 小镇
documents: {AB: {title: 小镇的通知}}
versions:
  - version: small-1
    effective_from: {value: "2025-01-01", source: AB-01}
    parameters:
      max_members_per_payer: {value: 3, source: [AB-02, AB-03]}
      payer_excluded: {value: [retired_cadre], unverified: {retired_cadre: AB-04}}
      trigger: {value: unknown, default: automatic}
      review_workdays: {value: [1, 3], assumed: 没有写明}
    scenes:
      - {insutypes: ["310"], scene: pharmacy, institutions: [{kind: pharmacy, levels: [1]}], place: city,
         capabilities: [], credentials: [voucher], source: AB-05}
"""


def is_valid(content: Any) -> bool:
    return bool(jsonschema_rs.validator_for(SHAPE).is_valid(content))


def small() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(SMALL)
    return content


def version(content: Any) -> Any:
    return content["versions"][0]


def test_the_committed_schema_is_the_one_that_the_command_prints_today() -> None:
    """Stale? Run `python -m reference_core.pack_json_schema > docs/pack.schema.json`."""
    printed = subprocess.run(
        [sys.executable, "-m", "reference_core.pack_json_schema"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert COMMITTED.read_text(encoding="utf-8") == printed.stdout


@pytest.mark.parametrize("file", PACKS, ids=lambda file: str(file.name))
def test_every_pack_that_the_core_takes_has_this_shape(file: Path) -> None:
    assert list(jsonschema_rs.validator_for(SHAPE).iter_errors(read_yaml(file).content)) == []


def test_every_parameter_is_there_with_what_it_decides() -> None:
    described = SHAPE["properties"]["versions"]["items"]["properties"]["parameters"]["properties"]

    assert set(described) == set(PARAMETERS)
    assert {name: told["description"] for name, told in described.items()} == {
        name: known.metadata["doc"] for name, known in PARAMETERS.items()
    }


@pytest.mark.parametrize(
    ("field", "named"),
    [(fields.Float(), "Float"), (fields.String(validate=validate.Email()), "Email"), (fields.List(fields.Time()), "Time")],
)
def test_what_has_no_counterpart_stops_the_command_and_is_named(field: fields.Field[Any], named: str) -> None:
    """Left out in silence, an editor would take what the core refuses."""
    with pytest.raises(TypeError, match=named):
        shape_of(Schema.from_dict({"colour": field})())


def test_the_keys_and_values_of_a_mapping_are_described_as_far_as_they_are_known() -> None:
    words = fields.String(validate=validate.OneOf(["red"]))
    described = shape_of(Schema.from_dict({"any": fields.Dict(), "one": fields.Dict(words, fields.Integer())})())

    assert described["properties"] == {
        "any": {"type": "object", "additionalProperties": {}},
        "one": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "propertyNames": {"type": "string", "enum": ["red"]},
        },
    }


FAULTS: dict[str, Callable[[Any], Any]] = {
    "no code": lambda pack: pack.pop("code"),
    "no name": lambda pack: pack.pop("name"),
    "no versions": lambda pack: pack.update(versions=[]),
    "a code of five digits": lambda pack: pack.update(code="99020"),
    "an unknown key": lambda pack: pack.update(nickname="小镇"),
    "no first day": lambda pack: version(pack).pop("effective_from"),
    "a version without a name": lambda pack: version(pack).pop("version"),
    "an unknown parameter": lambda pack: version(pack)["parameters"].update(colour={"value": 1, "source": "AB-01"}),
    "a bare value": lambda pack: version(pack)["parameters"].update(max_members_per_payer=3),
    "no source": lambda pack: version(pack)["parameters"]["max_members_per_payer"].pop("source"),
    "two origins": lambda pack: version(pack)["parameters"]["max_members_per_payer"].update(assumed="想来如此"),
    "an empty assumption": lambda pack: version(pack)["parameters"]["review_workdays"].update(assumed=" "),
    "no rule id": lambda pack: version(pack)["parameters"]["max_members_per_payer"].update(source="notice"),
    "unknown without a default": lambda pack: version(pack)["parameters"]["trigger"].pop("default"),
    "an unknown word": lambda pack: version(pack)["parameters"]["trigger"].update(default="by magic"),
    "a number out of bounds": lambda pack: version(pack)["parameters"]["max_members_per_payer"].update(value=0),
    "text for a number": lambda pack: version(pack)["parameters"]["max_members_per_payer"].update(value="3"),
    "a word twice": lambda pack: version(pack)["parameters"]["payer_excluded"].update(value=["preferential", "preferential"]),
    "one working day": lambda pack: version(pack)["parameters"]["review_workdays"].update(value=[1]),
    "a scene without a place": lambda pack: version(pack)["scenes"][0].pop("place"),
    "a level that does not exist": lambda pack: version(pack)["scenes"][0]["institutions"][0].update(levels=[4]),
    "a reason without a text's shape": lambda pack: version(pack).update(reasons={"cap_exceeded": {"colour": "red"}}),
}


def test_the_small_pack_is_taken_by_both(tmp_path: Path) -> None:
    assert is_valid(small())
    assert reads(small(), tmp_path)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_core_refuses_by_its_shape_the_schema_refuses_too(fault: str, tmp_path: Path) -> None:
    broken = copy.deepcopy(small())
    FAULTS[fault](broken)

    assert not is_valid(broken)
    assert not reads(broken, tmp_path)


def reads(content: Any, folder: Path) -> bool:
    """Whether the core itself takes this content."""
    file = folder / "pack.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return read_pack(file)[0] is not None
