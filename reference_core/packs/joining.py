"""Joins each pack to the regions it inherits from, day span by day span, into the values of one finished pack."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reference_core.packs.marks import PackFault
from reference_core.packs.reading import ReadPack, ReadVersion
from reference_core.packs.schema_fields import join_sources

_DAY = timedelta(days=1)
_KEYED_SECTIONS = {"pledges": "pledges", "flows": "flows", "forms": "forms", "reasons": "reason_texts"}


@dataclass(frozen=True, slots=True)
class Span:
    """The attributes of one finished pack, and the version in a file that they come from."""

    pack: ReadPack
    version: ReadVersion
    attributes: Mapping[str, Any]


def find_line(code: str, packs: Mapping[str, ReadPack]) -> tuple[list[ReadPack], str | None]:
    """The pack and everything it inherits from, nearest first; or what is wrong with that line."""
    line = [packs[code]]
    while (parent := line[-1].inherits) is not None:
        if parent not in packs:
            return line, f"inherits from {parent}, which no file describes; add it or remove this line"
        if packs[parent] in line:
            return line, f"inherits from {parent} in a circle; remove one of the links"
        line.append(packs[parent])
    return line, None


def join_all(packs: Mapping[str, ReadPack], unread: Collection[str] = ()) -> tuple[list[Span], list[PackFault]]:
    """Every span of days of every pack, drafts included. Of heirs of a pack that could not be read nothing is said yet."""
    spans: list[Span] = []
    faults: list[PackFault] = []
    for code, pack in packs.items():
        line, fault = find_line(code, packs)
        if line[-1].inherits in unread:
            continue
        if fault is not None:
            faults.append(pack.marked.fault(("inherits",), fault))
            continue
        for version in pack.versions:
            found = list(_spans(version, line))
            faults.extend(_incomplete(pack, version, found))
            spans.extend(found)
    return spans, faults


def _spans(version: ReadVersion, line: Sequence[ReadPack]) -> Iterator[Span]:
    """One version cut where something that it inherits changes."""
    cuts = sorted({version.effective_from, *_changes(version, line[1:])})
    for place, start in enumerate(cuts):
        end = cuts[place + 1] - _DAY if place + 1 < len(cuts) else version.effective_to
        inherited = [held for pack in line[1:] if (held := pack.in_force(start)) is not None]
        yield Span(line[0], version, _attributes(line, [version, *inherited], start, end))


def _changes(version: ReadVersion, ancestors: Sequence[ReadPack]) -> Iterator[date]:
    for ancestor in ancestors:
        for held in ancestor.versions:
            days = [held.effective_from] if held.effective_to is None else [held.effective_from, held.effective_to + _DAY]
            yield from (day for day in days if not held.draft and version.effective_from < day and version.holds_on(day))


def _attributes(line: Sequence[ReadPack], versions: Sequence[ReadVersion], start: date, end: date | None) -> dict[str, Any]:
    """The nearest statement of everything; what nobody states keeps its default and counts as unknown."""
    attributes: dict[str, Any] = {"code": line[0].code, "name": line[0].name, "version": versions[0].version}
    attributes |= {"effective_from": start, "effective_to": end, "sources": {}, "documents": {}}
    for pack in reversed(line):
        attributes["documents"] |= pack.documents
    for section in ("scenes", "words"):
        attributes[section] = next((held.sections[section] for held in versions if section in held.sections), None)
    for section, attribute in _KEYED_SECTIONS.items():
        attributes[attribute] = {}
        for held in reversed(versions):
            attributes[attribute] |= held.sections.get(section, {})
    for held in reversed(versions):
        _state(attributes, held)
    attributes["scenes"] = tuple(attributes["scenes"] or ())
    _source_sections(attributes)
    return attributes


def _state(attributes: dict[str, Any], version: ReadVersion) -> None:
    sources = attributes["sources"]
    for name, stated in version.parameters.items():
        attributes[name] = stated.value
        for stale in [key for key in sources if key.startswith(f"{name}.")]:
            del sources[stale]
        sources[name] = stated.source
        sources |= {f"{name}.{part}": rule_id for part, rule_id in stated.parts.items()}


def _source_sections(attributes: dict[str, Any]) -> None:
    """Scenes, flows, forms and pledges carry their own sources; `source()` finds them like any parameter's."""
    sources = attributes["sources"]
    for rule in attributes["scenes"]:
        for insutype in rule.insutypes:
            sources.setdefault(f"scenes.{insutype}-{rule.scene}", rule.source)
    for insutype in sorted({insutype for rule in attributes["scenes"] for insutype in rule.insutypes}):
        told = (rule.source for rule in attributes["scenes"] if insutype in rule.insutypes)
        sources[f"scenes.{insutype}"] = join_sources(told)
    sources |= {f"pledges.{purpose}": pledge.source for purpose, pledge in attributes["pledges"].items()}
    sources |= {f"flows.{name}": flow.source for name, flow in attributes["flows"].items()}
    sources |= {f"forms.{name}": form.source for name, form in attributes["forms"].items()}


def _incomplete(pack: ReadPack, version: ReadVersion, spans: Sequence[Span]) -> Iterator[PackFault]:
    if any(span.attributes["words"] is None for span in spans):
        yield pack.marked.fault(version.route, "needs a section words, here or in what it inherits from")
