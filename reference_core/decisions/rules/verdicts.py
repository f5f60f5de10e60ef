"""May this be done? Each question runs its whole table of checks, so that no reason hides another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules import member as member_checks
from reference_core.decisions.rules import payer as payer_checks
from reference_core.decisions.rules.member import Asked
from reference_core.decisions.rules.people import explain_end, standing
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Reason, Relation, Situation, Verdict

PayerCheck = Callable[[Pack, Situation, datetime], Iterator[Reason]]
MemberCheck = Callable[[Asked], Iterator[Reason]]

_MAY_SHARE: tuple[PayerCheck, ...] = (
    payer_checks.alive,
    payer_checks.insured,
    payer_checks.in_order,
    payer_checks.not_excluded,
    payer_checks.not_a_member,
    payer_checks.voucher_active,
    payer_checks.cooled,
)
_MAY_OPEN: tuple[PayerCheck, ...] = (*_MAY_SHARE, payer_checks.opening_wanted, payer_checks.not_yet_open)
_MAY_ADD: tuple[PayerCheck, ...] = (*_MAY_SHARE, payer_checks.opened, payer_checks.room_for_one_more)
_MAY_BE_HELPED: tuple[MemberCheck, ...] = (
    member_checks.alive,
    member_checks.somebody_else,
    member_checks.relation_on_offer,
    member_checks.relation_fits_sex,
    member_checks.spoken_for,
    member_checks.quota_left,
    member_checks.insured,
    member_checks.in_order,
    member_checks.not_excluded,
    member_checks.in_one_pool,
    member_checks.voucher_active,
    member_checks.cooled,
    member_checks.not_bound_already,
    member_checks.not_a_payer,
    member_checks.waited_long_enough,
)


def may_open(pack: Pack | None, payer: Situation, now: datetime) -> Verdict:
    """May this person open their account for sharing?"""
    return _ask_payer(_MAY_OPEN, pack, payer, now)


def may_add(pack: Pack | None, payer: Situation, now: datetime) -> Verdict:
    """May this person add anybody at all?"""
    return _ask_payer((*_MAY_ADD, member_checks.some_quota_left), pack, payer, now)


def may_remove(pack: Pack | None, payer: Situation, now: datetime) -> Verdict:
    """Is there anybody whom this person could remove? Ending is never refused for any other cause."""
    if all(tie.ended_at is not None for tie in standing(payer.as_payer, now)):
        return verdict_of([explain(pack, "no_members")])
    return Verdict()


def may_bind(pack: Pack | None, payer: Situation, member: Situation | None, kinship_word: str, now: datetime) -> Verdict:
    """May `payer` add `member` as this relative? `member` is `None` where name and number do not lead to one person."""
    allowed = _ask_payer(_MAY_ADD, pack, payer, now)
    if pack is None:
        return allowed
    if member is None:
        return verdict_of([*allowed.reasons, explain(pack, "member_not_found", "member_insutypes")])
    asked = Asked(pack, payer, member, kinship_word, now)
    return verdict_of([*allowed.reasons, *(reason for check in _MAY_BE_HELPED for reason in check(asked))])


def may_bind_at_counter(
    pack: Pack | None, payer: Situation, member: Situation | None, kinship_word: str, now: datetime
) -> Verdict:
    """The same at a counter, where the city has one for this."""
    verdict = may_bind(pack, payer, member, kinship_word, now)
    if pack is None or pack.offline_supported:
        return verdict
    return verdict_of([*verdict.reasons, explain(pack, "counter_not_offered", "offline_supported")])


def may_end(pack: Pack | None, relation: Relation, by_person_id: str, now: datetime) -> Verdict:
    """May this person end this tie? The payer always; the member where the city lets them leave."""
    if by_person_id not in (relation.payer_id, relation.member_id):
        return verdict_of([explain(pack, "not_your_relation")])
    if relation.ended_at is not None:
        return verdict_of([explain_end(pack, relation, now)])
    if by_person_id != relation.payer_id and not (pack and "member" in pack.ended_by):
        return verdict_of([explain(pack, "only_payer_may_end", "ended_by")])
    return Verdict()


def may_transfer_out(pack: Pack | None, person: Situation, now: datetime) -> Verdict:
    """May this person's insurance move to another place? One reason for each tie that must be ended before."""
    if pack is None:
        return Verdict()
    reasons: list[Reason] = []
    for role, relations, choice in (
        ("payer", person.as_payer, pack.on_payer_transfer),
        ("member", person.as_member, pack.on_member_transfer),
    ):
        if choice == "must_unbind_first":
            reasons += [_must_end(pack, role, relation) for relation in standing(relations, now)]
    return verdict_of(reasons)


def _must_end(pack: Pack, role: str, relation: Relation) -> Reason:
    parameter = f"on_{role}_transfer"
    return explain(
        pack, "must_unbind_before_transfer", parameter, role=role, relation_id=relation.id, ended_by=list(pack.ended_by)
    )


def _ask_payer(checks: tuple[PayerCheck, ...], pack: Pack | None, payer: Situation, now: datetime) -> Verdict:
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    return verdict_of(reason for check in checks for reason in check(pack, payer, now))
