"""Choices that cannot hold together, or that nothing could ever reach: a pack with one of these is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reference_core.packs.flow_contradictions import FLOW_CHECKS
from reference_core.vocabulary.kinship import members_of

if TYPE_CHECKING:
    from reference_core.packs.shelf import Pack

Contradiction = tuple[tuple[str, ...], str]


def find_contradictions(pack: Pack) -> list[Contradiction]:
    """Each as the place to mend (within the version) and what to write instead."""
    return [found for check in _CHECKS for found in check(pack)]


def _payers(pack: Pack) -> Iterator[Contradiction]:
    if pack.payer_selection == "only_one" and pack.max_payers_per_member != 1:
        yield ("parameters", "payer_selection"), "only_one needs max_payers_per_member 1; say so, or say how to choose"
    if pack.payer_selection != "only_one" and pack.max_payers_per_member == 1:
        yield ("parameters", "payer_selection"), "nothing to choose with max_payers_per_member 1; write only_one"
    if (pack.payer_money == "above_reserve") != (pack.reserve_fen is not None):
        yield ("parameters", "reserve_fen"), "belongs to payer_money above_reserve, and only to it"
    if "nation" in (pack.payer_pool_scope, pack.member_pool_scope) and pack.cross_province == "no":
        yield ("parameters", "cross_province"), "a pool of the nation crosses provinces; write yes or partial"


def _relations(pack: Pack) -> Iterator[Contradiction]:
    offered = [single for word in pack.relations for single in members_of(word)]
    twice = sorted({word for word in offered if offered.count(word) > 1})
    if twice:
        yield ("parameters", "relations"), f"{', '.join(twice)} stands in a group too; keep the group or the single words"
    for word in pack.relation_quotas:
        if not members_of(word) <= set(offered):
            yield ("parameters", "relation_quotas", word), "limits a relative who is not among relations; add it there or drop it"
    limited = {single for word in pack.relation_quotas for single in members_of(word)}
    total = sum(pack.relation_quotas.values())
    if pack.max_members_per_payer is not None and limited >= set(offered) and total < pack.max_members_per_payer:
        yield (
            ("parameters", "max_members_per_payer"),
            f"can never be reached: the quotas add up to {total}; lower it or raise a quota",
        )


def _binding(pack: Pack) -> Iterator[Contradiction]:
    waits = pack.review_workdays is not None or pack.acceptance_required
    if waits and pack.effect_online == "at_once":
        yield ("parameters", "effect_online"), "cannot be at_once while review or acceptance is awaited"
    if not waits and pack.effect_online == "after_review_and_acceptance":
        yield ("parameters", "effect_online"), "nothing to wait for: neither review nor acceptance is asked"
    if "chosen_date" in (pack.effect_online, pack.effect_offline) and not pack.start_selectable:
        yield ("parameters", "start_selectable"), "must be true where the effect begins on a chosen date"
    if pack.monthly_cap_max_fen is not None and not pack.monthly_cap_selectable:
        yield (
            ("parameters", "monthly_cap_max_fen"),
            "limits a cap that nobody may set; make monthly_cap_selectable true or drop it",
        )
    if "payer" not in pack.ended_by:
        yield ("parameters", "ended_by"), "must name the payer: whose money it is can always end it"


def _scenes(pack: Pack) -> Iterator[Contradiction]:
    for place, rule in enumerate(pack.scenes):
        strange = sorted(set(rule.insutypes) - set(pack.member_insutypes))
        if strange:
            yield ("scenes", str(place)), f"is for {', '.join(strange)}, which member_insutypes does not have"
        for name in ("insutypes", "institutions", "credentials"):
            if not getattr(rule, name):
                yield ("scenes", str(place), name), "is empty, so this line takes nobody; name some or drop the line"
    if not pack.scenes:
        yield ("scenes",), "must have at least one line, or nothing could ever be paid"


_CHECKS: tuple[Callable[[Pack], Iterator[Contradiction]], ...] = (_payers, _relations, _binding, _scenes, *FLOW_CHECKS)
