"""Parameters about people: who may share, with whom, where both must be insured and how many they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reference_core.packs.schema_fields import counts, flag, number, parameter, regions, word, words
from reference_core.vocabulary.kinship import OFFERED_WORDS

INSUTYPES = ("310", "320", "330", "340", "390", "410", "510")
STATUSES = ("normal", "suspended", "arrears", "frozen", "transferred_out", "terminated")
CONDITIONS = ("transferred_out", "retired_cadre", "preferential", "long_term_nonlocal", "nonlocal_record", "account_closed")
SCOPES = ("city", "province", "nation")


@dataclass(frozen=True, kw_only=True)
class PeopleRules:
    """Who may pay for whom."""

    payer_insutypes: tuple[str, ...] = parameter(words(*INSUTYPES), ("310",), "insurances whose personal account may be shared")
    payer_statuses: tuple[str, ...] = parameter(
        words(*STATUSES), ("normal",), "states of that insurance in which it may be shared"
    )
    payer_excluded: tuple[str, ...] = parameter(words(*CONDITIONS), (), "conditions that rule a payer out")
    payer_pool_scope: str = parameter(word(*SCOPES), "city", "how far payer and member may be insured apart")
    payer_voucher_required: bool = parameter(flag(), False, "the payer's own voucher must be active before opening and binding")
    member_insutypes: tuple[str, ...] = parameter(
        words(*INSUTYPES), ("310", "390"), "insurances a member may have, first match counts"
    )
    member_statuses: tuple[str, ...] = parameter(
        words(*STATUSES), ("normal",), "states of that insurance in which one may be helped"
    )
    resident_current_year_paid: bool = parameter(
        flag(), False, "a resident must have paid this year's premium, where it is known whether they did"
    )
    member_excluded: tuple[str, ...] = parameter(words(*CONDITIONS), (), "conditions that rule a member out")
    member_pool_scope: str = parameter(word(*SCOPES), "city", "how far from the payer's insurance the member's may lie")
    member_voucher_required: bool = parameter(flag(), False, "the member's own voucher must be active before binding")
    cross_province: str = parameter(word("no", "partial", "yes"), "no", "whether families insured in two provinces may share")
    city_digits: int = parameter(number(2, 4), 4, "leading digits that name one city: 2 in a municipality, else 4")
    separate_pools: tuple[str, ...] = parameter(regions(), (), "regions inside a city or province that pool for themselves")
    relations: tuple[str, ...] = parameter(
        words(*OFFERED_WORDS), ("spouse", "parent", "child"), "relatives on offer, in this order"
    )
    relation_quotas: Mapping[str, int] = parameter(counts(*OFFERED_WORDS), {}, "at most so many of a relative at one time")
    relation_filter_by_sex: bool = parameter(flag(), False, "leave out relatives that do not fit the member's sex")
    max_members_per_payer: int | None = parameter(
        number(1, 99, nothing=True), None, "at most so many members at one time; null for no limit"
    )
    max_payers_per_member: int | None = parameter(
        number(1, 99, nothing=True), None, "at most so many payers at one time; null for no limit"
    )
    role_exclusive: bool = parameter(flag(), False, "nobody is payer and member at the same time")
    self_relation_allowed: bool = parameter(flag(), False, "one's own account from a stopped insurance pays one's own costs")
