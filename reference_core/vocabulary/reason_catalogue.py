"""The catalogue of reasons: what is said of each, in which order they are told, and the code on a slip."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

OWNERS = ("me", "payer", "member", "agency", "hr_bureau", "bank", "institution", "vendor", "platform")
# What every text may name without being told: how the city is called and where it sends people.
CITY_WORDS = ("city", "hotline", "counter")
# Crockford's alphabet: no letter that a clerk could read as a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
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


@cache
def _catalogue() -> Mapping[str, CatalogueEntry]:
    return read_catalogue(Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8"))


def read_catalogue(text: str) -> Mapping[str, CatalogueEntry]:
    """The entries of a catalogue in YAML by their rule. Raises `ValueError` where one of them cannot be right."""
    written = yaml.safe_load(text)
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
