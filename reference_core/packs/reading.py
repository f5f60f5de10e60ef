"""From a pack's file to checked values: every fault is collected with its line, so that one run shows them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from reference_core.packs.marks import MarkedYaml, PackFault, Route, read_yaml
from reference_core.packs.schema import PackSchema
from reference_core.packs.schema_fields import Stated


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """One version as written; `route` is where it stands in its file."""

    route: Route
    version: str
    effective_from: date
    effective_to: date | None
    draft: bool
    parameters: Mapping[str, Stated]
    sections: Mapping[str, Any]

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class ReadPack:
    """One file as written, before it is joined to the region it inherits from."""

    marked: MarkedYaml
    code: str
    name: str
    inherits: str | None
    also_covers: tuple[str, ...]
    documents: Mapping[str, Mapping[str, str]]
    versions: tuple[ReadVersion, ...]

    def in_force(self, day: date) -> ReadVersion | None:
        """The version that holds on `day`; drafts never do."""
        return next((version for version in self.versions if not version.draft and version.holds_on(day)), None)


def read_packs(paths: Iterable[Path]) -> tuple[list[ReadPack], list[PackFault]]:
    """Every `*.yaml` in these folders (or these files themselves), with the faults of those that cannot be used."""
    packs: list[ReadPack] = []
    faults: list[PackFault] = []
    for path in paths:
        if not path.exists():
            faults.append(PackFault(str(path), 1, "is not there; give a folder of packs or a pack"))
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path] * path.exists():
            pack, found = read_pack(file)
            faults.extend(found)
            if pack is not None:
                packs.append(pack)
    return packs, faults


def read_pack(file: Path) -> tuple[ReadPack | None, list[PackFault]]:
    """One file's pack, or why there is none."""
    marked = read_yaml(file)
    if marked.faults:
        return None, marked.faults
    if not isinstance(marked.content, dict):
        return None, [marked.fault((), "is empty; write code, name and versions")]
    try:
        loaded = PackSchema().load(marked.content)
    except ValidationError as error:
        return None, [marked.fault(route, said) for route, said in _flatten(error.messages, (), marked)]
    pack = _to_pack(marked, loaded)
    faults = [*_missing_documents(pack), *_overlaps(pack)]
    return (None if faults else pack), faults


def _flatten(messages: Any, route: Route, marked: MarkedYaml) -> Iterator[tuple[Route, str]]:
    """Marshmallow's tree of messages as one line each."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            deeper = (*route, key)
            # Marshmallow puts words of its own between a section and what is wrong with it; no file has them.
            own = key in ("_schema", "key", "value") and deeper not in marked.lines
            yield from _flatten(below, route if own else deeper, marked)
        return
    for said in messages if isinstance(messages, list) else [messages]:
        yield route, _plain(str(said))


def _plain(said: str) -> str:
    common = {
        "Unknown field.": "unknown key; correct its spelling or remove it",
        "Missing data for required field.": "is missing; write it",
        "Field may not be null.": "must not be empty",
        "Invalid input type.": "must be a section of key: value lines; docs/pack.schema.json lists its keys",
    }
    return common.get(said, said)


def _to_pack(marked: MarkedYaml, loaded: Mapping[str, Any]) -> ReadPack:
    return ReadPack(
        marked=marked,
        code=loaded["code"],
        name=loaded["name"],
        inherits=loaded.get("inherits"),
        also_covers=loaded.get("also_covers", ()),
        documents=loaded["documents"],
        versions=tuple(_to_version(written, place) for place, written in enumerate(loaded["versions"])),
    )


def _to_version(written: Mapping[str, Any], place: int) -> ReadVersion:
    end = written.get("effective_to")
    return ReadVersion(
        route=("versions", place),
        version=written["version"],
        effective_from=written["effective_from"].value,
        effective_to=end.value if end else None,
        draft=written.get("draft", False),
        parameters=written["parameters"],
        sections={name: written[name] for name in ("scenes", "words", "pledges", "flows", "forms", "reasons") if name in written},
    )


def _missing_documents(pack: ReadPack) -> Iterator[PackFault]:
    """A rule id must lead to a text that the pack names; readings (Y) are ours."""
    for version in pack.versions:
        for name, stated in version.parameters.items():
            if stated.source.startswith("assumed") or stated.source == "unknown":
                continue
            for rule_id in stated.source.removeprefix("unverified: ").split(", "):
                document = rule_id.partition("-")[0]
                if document != "Y" and document not in pack.documents:
                    yield pack.marked.fault(
                        (*version.route, "parameters", name), f"{rule_id} points into {document}, which documents does not name"
                    )


def _overlaps(pack: ReadPack) -> Iterator[PackFault]:
    """Two versions that hold on the same day would both decide."""
    held = sorted((version for version in pack.versions if not version.draft), key=lambda version: version.effective_from)
    for earlier, later in pairwise(held):
        if earlier.holds_on(later.effective_from):
            yield pack.marked.fault(
                (*later.route, "effective_from"),
                f"{later.version} begins on {later.effective_from} while {earlier.version} still holds;"
                f" end {earlier.version} the day before",
            )
