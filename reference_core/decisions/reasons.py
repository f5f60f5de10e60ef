"""Explains a reason in a city's words, and puts several of them in order."""

from __future__ import annotations

from collections.abc import Iterable

from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Reason, Verdict
from reference_core.vocabulary.reason_catalogue import CatalogueEntry, Wording, entry_of

# How a text speaks of the one whom the fact `who` names, to whoever reads it.
_LEFT_OPEN = "……"
_WHOSE = {"me": "您", "payer": "为您共济的家人", "member": "这位家人", "relative": "这位家人"}


def explain(pack: Pack | None, rule: str, parameter: str | None = None, **facts: object) -> Reason:
    """The reason `rule` in this city's words; `parameter` is the pack's value that it follows from."""
    entry = entry_of(rule)
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


def told_without_facts(entry: CatalogueEntry) -> Wording:
    """A reason for somebody who has no more than its code: in words that every city shares, with its facts left open.

    Where a fact decides about the wording, what clerks read is true in every case.
    """
    wording = next(iter(entry.wordings.values()))
    shown = {**dict.fromkeys(entry.facts, _LEFT_OPEN), **_city_words(None), "whose": _WHOSE["me"]}
    text = wording.clerk if entry.by else wording.text
    said = {"text": text, "clerk": wording.clerk, "next_step": wording.next_step}
    return Wording(owner=wording.owner, **{name: one.format_map(shown) for name, one in said.items()})


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """Every reason once, the most useful first, whatever order they were found in."""
    return Verdict(in_order(reasons))


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The catalogue's order says which reason helps most; equal ones are told once."""
    told = {(reason.rule, repr(sorted(reason.facts.items()))): reason for reason in reasons}
    return tuple(told[key] for key in sorted(told, key=lambda key: (entry_of(key[0]).rank, key[1])))


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return str(value)


def _city_words(pack: Pack | None) -> dict[str, str]:
    if pack is None:
        return {"city": "当地", "hotline": "12393", "counter": "医保经办窗口"}
    return {"city": pack.name, "hotline": pack.words.hotline, "counter": pack.words.counter}
