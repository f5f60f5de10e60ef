"""Checks on the relative who is to be helped, and on the tie that is asked for. Each gives reasons of one kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundwork.clock import china
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.payer import is_dead
from reference_core.decisions.rules.people import conditions_of, cooling_until, member_insurance, payer_insurance, standing
from reference_core.decisions.rules.vouchers import is_spoken_for, speaks_for
from reference_core.packs.shelf import Pack
from reference_core.vocabulary import kinship
from reference_core.vocabulary.admdvs import same_pool
from reference_core.vocabulary.facts import Insurance, Reason, Situation

SCOPE_LABELS = {"city": "市", "province": "省", "nation": "全国"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One tie that somebody asks for: who pays for whom, and as what."""

    pack: Pack
    payer: Situation
    member: Situation
    word: str
    now: datetime

    @property
    def insurance(self) -> Insurance | None:
        return member_insurance(self.pack, self.member.person)

    @property
    def single_word(self) -> str | None:
        """The relative meant, once a group is resolved by the member's sex."""
        return kinship.resolve(self.word, self.member.person.sex) if kinship.is_word(self.word) else None


def alive(asked: Asked) -> Iterator[Reason]:
    if is_dead(asked.member.person, asked.now):
        yield explain(asked.pack, "person_died", who="member")


def somebody_else(asked: Asked) -> Iterator[Reason]:
    if asked.member.person.id == asked.payer.person.id:
        yield explain(asked.pack, "member_is_payer", "self_relation_allowed")


def relation_on_offer(asked: Asked) -> Iterator[Reason]:
    """Grouped or by sex: what is asked for must be one of the city's relatives, or part of one of its groups."""
    offered = {single for word in asked.pack.relations for single in kinship.members_of(word)}
    if not kinship.members_of(asked.word) <= offered:
        labels = tuple(label_in(asked.pack, word) for word in asked.pack.relations)
        yield explain(asked.pack, "relation_not_allowed", "relations", allowed=labels)


def relation_fits_sex(asked: Asked) -> Iterator[Reason]:
    if kinship.is_word(asked.word) and asked.single_word is None:
        yield explain(asked.pack, "relation_sex_mismatch", "relations", relation=label_in(asked.pack, asked.word))


def spoken_for(asked: Asked) -> Iterator[Reason]:
    """For a child below fourteen a grown-up of the family agrees, and that is who adds them."""
    if asked.single_word is None or not is_spoken_for(asked.member.person.born, asked.now):
        return
    if not speaks_for(asked.single_word, asked.payer.person.born, asked.now):
        yield explain(asked.pack, "guardian_must_act")


def quota_left(asked: Asked) -> Iterator[Reason]:
    full = full_quota(asked.pack, asked.payer, asked.single_word, asked.now)
    if full is not None:
        word, limit = full
        yield explain(asked.pack, "relation_quota_exceeded", "relation_quotas", relation=label_in(asked.pack, word), limit=limit)


def some_quota_left(pack: Pack, payer: Situation, now: datetime) -> Iterator[Reason]:
    """Before it is said who is to be added: once every relative on offer has reached their quota, each one says so."""
    full = {full_quota(pack, payer, single, now) for word in pack.relations for single in kinship.members_of(word)}
    if None not in full:
        for word, limit in pack.relation_quotas.items():
            yield explain(pack, "relation_quota_exceeded", "relation_quotas", relation=label_in(pack, word), limit=limit)


def insured(asked: Asked) -> Iterator[Reason]:
    if asked.insurance is None:
        yield explain(asked.pack, "member_not_insured", "member_insutypes")


def in_order(asked: Asked) -> Iterator[Reason]:
    yield from insurance_in_order(asked.pack, asked.insurance, asked.now)


def insurance_in_order(pack: Pack, insurance: Insurance | None, now: datetime) -> Iterator[Reason]:
    """Neither stopped nor, where the city asks for it, without this year's premium; silence about a premium is not held
    against anybody."""
    if insurance is None:
        return
    if insurance.status not in (*pack.member_statuses, *pack.member_excluded):
        yield explain(pack, "member_status_abnormal", "member_statuses", status=insurance.status)
    elif _premium_is_due(pack, insurance, now):
        yield explain(pack, "member_status_abnormal", "resident_current_year_paid", status="unpaid_this_year")


def _premium_is_due(pack: Pack, insurance: Insurance, now: datetime) -> bool:
    asked = pack.resident_current_year_paid and insurance.insutype == "390"
    return asked and insurance.paid_year is not None and insurance.paid_year < china(now).year


def not_excluded(asked: Asked) -> Iterator[Reason]:
    conditions = conditions_of(asked.member.person, asked.insurance)
    for condition in sorted(conditions & set(asked.pack.member_excluded)):
        yield explain(asked.pack, "member_excluded_class", f"member_excluded.{condition}", condition=condition)


def in_one_pool(asked: Asked) -> Iterator[Reason]:
    pack, payers = asked.pack, payer_insurance(asked.pack, asked.payer.person)
    if asked.insurance is None or payers is None:
        return
    if not same_pool(pack.member_pool_scope, payers.region, asked.insurance.region, pack.city_digits, pack.separate_pools):
        scope = SCOPE_LABELS[pack.member_pool_scope]
        yield explain(pack, "out_of_pool_scope", "member_pool_scope", why="apart", scope=scope)


def voucher_active(asked: Asked) -> Iterator[Reason]:
    if asked.pack.member_voucher_required and not asked.member.person.voucher_active:
        yield explain(asked.pack, "voucher_not_activated", "member_voucher_required", who="member")


def cooled(asked: Asked) -> Iterator[Reason]:
    until = cooling_until(asked.pack, asked.member.person, asked.now)
    if until is not None:
        yield explain(asked.pack, "voucher_cooling", "voucher_cooling_days", who="member", until=until.isoformat())


def not_bound_already(asked: Asked) -> Iterator[Reason]:
    """By the payer already, or by as many others as the city allows; by whom is nobody's business."""
    bound = standing(asked.member.as_member, asked.now)
    limit = asked.pack.max_payers_per_member
    if any(relation.payer_id == asked.payer.person.id for relation in bound):
        yield explain(asked.pack, "member_already_bound", "max_payers_per_member", why="by_you", limit=limit)
    elif limit is not None and len(bound) >= limit:
        yield explain(asked.pack, "member_already_bound", "max_payers_per_member", why="by_others", limit=limit)


def not_a_payer(asked: Asked) -> Iterator[Reason]:
    if asked.pack.role_exclusive and standing(asked.member.as_payer, asked.now):
        yield explain(asked.pack, "role_conflict", "role_exclusive", who="member")


def waited_long_enough(asked: Asked) -> Iterator[Reason]:
    # What was declined or turned down never began, so nothing was ended.
    began = [tie for tie in asked.member.as_member if tie.effective_from is not None]
    ends = [tie.ended_at for tie in began if tie.ended_at is not None and not tie.stands(asked.now)]
    if not ends or not asked.pack.rebind_wait_days:
        return
    until = china(max(ends)).date() + timedelta(days=asked.pack.rebind_wait_days)
    if china(asked.now).date() < until:
        yield explain(asked.pack, "rebind_too_soon", "rebind_wait_days", until=until.isoformat())


def full_quota(pack: Pack, payer: Situation, single_word: str | None, now: datetime) -> tuple[str, int] | None:
    """The quota that one more such relative would break, as its word and limit."""
    for word, limit in pack.relation_quotas.items():
        counted = kinship.members_of(word)
        taken = sum(kinship.word_of(tie.kinship) in counted for tie in standing(payer.as_payer, now))
        if single_word in counted and taken >= limit:
            return word, limit
    return None


def label_in(pack: Pack, word: str) -> str:
    """How this city calls a relative."""
    return pack.words.relations.get(word) or kinship.label_of(word)
