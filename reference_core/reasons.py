"""Why something may not be done, in words: the catalogue of reasons, a city's own wording, and the code on a slip."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from reference_core.facts import Reason, Verdict

if TYPE_CHECKING:
    from reference_core.packs import Pack

OWNERS = ("me", "payer", "member", "agency", "hr_bureau", "bank", "institution", "vendor", "platform")
# What every text may name without being told: how the city is called and where it sends people.
CITY_WORDS = ("city", "hotline", "counter")
# Crockford's alphabet: no letter that a clerk could read as a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
# How a text speaks of the one whom the fact `who` names, to whoever reads it.
_WHOSE = {"me": "您", "payer": "为您共济的家人", "member": "这位家人"}
_LEFT_OPEN = "……"
_KEYS = ("text", "clerk", "owner", "next_step")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of one reason in one case."""

    text: str
    clerk: str
    owner: str
    next_step: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One reason: its wording, or one wording for each value of the fact named in `by`."""

    rule: str
    rank: int
    cashier_code: str
    facts: tuple[str, ...]
    by: str | None
    wordings: Mapping[str, Wording]
    source: str = ""

    def wording(self, facts: Mapping[str, object]) -> Wording:
        return self.wordings[str(facts[self.by]) if self.by else ""]


def explain(pack: Pack | None, rule: str, parameter: str | None = None, **facts: object) -> Reason:
    """The reason `rule` in this city's words; `parameter` is the pack's value that it follows from."""
    entry = _catalogue()[rule]
    unknown = set(facts) ^ set(entry.facts)
    if unknown:
        raise ValueError(f"{rule} shows exactly {entry.facts}; differing: {sorted(unknown)}")
    wording = entry.wording(facts)
    own = pack.reason_texts.get(rule) if pack else None
    shown = {**_city_words(pack), **{name: _shown(value) for name, value in facts.items()}}
    if "who" in facts:
        shown["whose"] = _WHOSE[str(facts["who"])]
    return Reason(
        rule=rule,
        text=((own and own.text) or wording.text).format_map(shown),
        facts=facts,
        source=pack.source(parameter) if pack and parameter else entry.source,
        effective_from=pack.effective_from.isoformat() if pack else None,
        owner=wording.owner,
        next_step=((own and own.next_step) or wording.next_step).format_map(shown),
        cashier_code=entry.cashier_code,
    )


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """Every reason once, the most useful first, whatever order they were found in."""
    return Verdict(in_order(reasons))


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The catalogue's order says which reason helps most; equal ones are told once."""
    told = {(reason.rule, repr(sorted(reason.facts.items()))): reason for reason in reasons}
    return tuple(told[key] for key in sorted(told, key=lambda key: (_catalogue()[key[0]].rank, key[1])))


def known_rules() -> frozenset[str]:
    """Every reason there is."""
    return frozenset(_catalogue())


def entry_of(rule: str) -> CatalogueEntry:
    """One reason of the catalogue; raises `KeyError` for one it does not have."""
    return _catalogue()[rule]


def cashier_code(rule: str) -> str:
    """Six characters that stand for a reason for ever, since they follow from its identifier alone."""
    number = int.from_bytes(hashlib.sha256(rule.encode()).digest()[:4], "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(25, -1, -5))


def decode(code: str) -> CatalogueEntry | None:
    """The reason behind a code as a clerk typed it; works without any connection."""
    typed = code.strip().upper().translate(_MISREAD)
    return next((entry for entry in _catalogue().values() if entry.cashier_code == typed), None)


def told_without_facts(entry: CatalogueEntry) -> Wording:
    """A reason for somebody who has no more than its code: in words that every city shares, with its facts left open.

    Where a fact decides about the wording, what clerks read is true in every case.
    """
    wording = next(iter(entry.wordings.values()))
    shown = {**dict.fromkeys(entry.facts, _LEFT_OPEN), **_city_words(None), "whose": _WHOSE["me"]}
    text = wording.clerk if entry.by else wording.text
    said = {"text": text, "clerk": wording.clerk, "next_step": wording.next_step}
    return Wording(owner=wording.owner, **{name: one.format_map(shown) for name, one in said.items()})


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return str(value)


def _city_words(pack: Pack | None) -> dict[str, str]:
    if pack is None:
        return {"city": "当地", "hotline": "12393", "counter": "医保经办窗口"}
    return {"city": pack.name, "hotline": pack.words.hotline, "counter": pack.words.counter}


@cache
def _catalogue() -> Mapping[str, CatalogueEntry]:
    written = yaml.safe_load(Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8"))
    entries = {rule: _read_entry(rule, rank, said) for rank, (rule, said) in enumerate(written.items())}
    if len({entry.cashier_code for entry in entries.values()}) != len(entries):
        raise ValueError("two reasons share a cashier code; rename one of them")
    return entries


def _read_entry(rule: str, rank: int, said: Mapping[str, Any]) -> CatalogueEntry:
    by = said.get("by")
    cases = said["cases"] if by else {"": {}}
    facts = tuple(said.get("facts", ()))
    wordings = {str(case): Wording(**{key: {**said, **own}[key] for key in _KEYS}) for case, own in cases.items()}
    for wording in wordings.values():
        _check_wording(rule, wording, facts)
    if by is not None and by not in facts:
        raise ValueError(f"{rule}: the fact {by} that tells its cases apart is not among its facts")
    return CatalogueEntry(rule, rank, cashier_code(rule), facts, by, wordings, said.get("source", ""))


def _check_wording(rule: str, wording: Wording, facts: tuple[str, ...]) -> None:
    if wording.owner not in OWNERS:
        raise ValueError(f"{rule}: unknown owner {wording.owner}")
    for said in (wording.text, wording.clerk, wording.next_step):
        if strange := names_in(said) - {*facts, *CITY_WORDS, *(("whose",) if "who" in facts else ())}:
            raise ValueError(f"{rule}: names {sorted(strange)}, which is not among its facts")


def names_in(said: str) -> set[str]:
    """The facts that a text asks for in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(said) if name is not None}
