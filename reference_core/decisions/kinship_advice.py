"""Compares whose voucher somebody may show with whose costs they share, and offers the mend: advice, never a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.payer import is_dead
from reference_core.decisions.rules.people import payer_insurance, standing
from reference_core.decisions.rules.vouchers import is_minor
from reference_core.packs.shelf import Pack
from reference_core.vocabulary import kinship
from reference_core.vocabulary.facts import KinshipTie, Person, Reason, Relation, Situation


@dataclass(frozen=True, slots=True)
class BothLists:
    """One person's two lists, with who is in them by id and what may be shown of their names."""

    pack: Pack | None
    mine: Situation
    ties: Sequence[KinshipTie]
    people: Mapping[str, Person]
    names: Mapping[str, str]
    vouchers: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Advice:
    """What differs, and the flow with the answers that mend it in one tap."""

    reason: Reason
    flow: str
    answers: Mapping[str, str]


def advise(lists: BothLists) -> tuple[Advice, ...]:
    """Everybody who is in one list and not in the other, or stands in both as something else."""
    if lists.pack is None:
        return ()
    shared = {tie.member_id: tie for tie in standing(lists.mine.as_payer, lists.now) if tie.ended_at is None}
    shown = {tie.relative_id: tie for tie in lists.ties if tie.status(lists.now) == "active"}
    listed = {tie.relative_id for tie in lists.ties}
    return (
        *_to_share(lists, lists.pack, [tie for one, tie in shown.items() if one not in shared]),
        *_to_show(lists, lists.pack, [tie for one, tie in shared.items() if one not in listed]),
        *_to_correct(lists, lists.pack, [(shown[one], tie) for one, tie in shared.items() if one in shown]),
    )


def _to_share(lists: BothLists, pack: Pack, ties: Sequence[KinshipTie]) -> Iterator[Advice]:
    """Only for whoever has money to share, and for relatives with whom the city lets it be shared."""
    offered = {single for word in pack.relations for single in kinship.members_of(word)}
    for tie in ties:
        able = payer_insurance(pack, lists.mine.person) is not None and kinship.word_of(tie.kinship) in offered
        if able and not is_dead(lists.people[tie.relative_id], lists.now):
            name = lists.names[tie.relative_id]
            reason = explain(pack, "kinship_without_sharing", name=name)
            yield Advice(reason, "add-member", {"relative": lists.vouchers[tie.relative_id]})


def _to_show(lists: BothLists, pack: Pack, ties: Sequence[Relation]) -> Iterator[Advice]:
    for tie in ties:
        member = lists.people[tie.member_id]
        why = "minor" if pack.minor_needs_kinship and is_minor(member.born, lists.now) else "other"
        if not is_dead(member, lists.now):
            reason = explain(pack, "sharing_without_kinship", "minor_needs_kinship", name=lists.names[tie.member_id], why=why)
            yield Advice(reason, "activate-relative", {"member": tie.id})


def _to_correct(lists: BothLists, pack: Pack, pairs: Sequence[tuple[KinshipTie, Relation]]) -> Iterator[Advice]:
    for shown, shared in pairs:
        if shown.kinship != shared.kinship:
            said = {"kinship": _label(shown.kinship), "relation": _label(shared.kinship)}
            reason = explain(pack, "proxy_data_mismatch", "minor_needs_kinship", name=lists.names[shown.relative_id], **said)
            yield Advice(reason, "activate-relative", {"member": shared.id})


def _label(code: str) -> str:
    return kinship.label_of(kinship.word_of(code))
