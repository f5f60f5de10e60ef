"""The plain questions of the second implementation: what speaks against a visit, and what against one payer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundwork.clock import china
from reference_core.packs.schema_scenes import SceneRule
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Insurance, PayerAtTill, Person, Situation
from tests.reference_core.second.case import Case

VISITS = {
    "11": "outpatient",
    "14": "outpatient_special",
    "21": "inpatient",
    "41": "pharmacy",
    "51": "maternity_outpatient",
    "52": "maternity_inpatient",
    "9999": "other",
}


def what_the_visit_is(case: Case) -> str:
    """A pharmacy bills its pool's purchases under the outpatient codes; they are purchases all the same."""
    named = VISITS[case.bill.med_type]
    return "pharmacy" if case.where.kind == "pharmacy" and named.startswith("outpatient") else named


def insurance_that_counts(person: Person, kinds: Sequence[str]) -> Insurance | None:
    """Of the kinds that the city lists: one in order before any that is not, then as the city lists them."""
    for in_order in (True, False):
        for kind in kinds:
            for one in person.insurances:
                if one.insutype == kind and (one.status == "normal") is in_order:
                    return one
    return None


def served_by(packs: Sequence[Pack], person: Person, now: datetime) -> Pack | None:
    """The pack of where somebody is insured: the region's own, else the city's, else the province's."""
    held = insurance_that_counts(person, ("310", "390", "510", "340"))
    region = held.region if held else person.region
    today = china(now).date()
    for code in (region, region[:4] + "00", region[:2] + "0000"):
        for pack in packs:
            if pack.code == code and pack.effective_from <= today and (pack.effective_to is None or today <= pack.effective_to):
                return pack
    return None


def together(pack: Pack, scope: str, one: str, other: str, apart: bool = True) -> bool:
    """Whether two regions are one pool; inside a city a region may pool for itself (where that counts)."""
    if scope == "nation":
        return True
    if scope == "province":
        return one[:2] == other[:2]
    if apart and (one in pack.separate_pools or other in pack.separate_pools):
        return one == other
    return one[: pack.city_digits] == other[: pack.city_digits]


def objections_to_visit(case: Case) -> set[str]:
    """Why nobody's money may be shared for this visit."""
    pack, person = case.pack, case.member.person
    found = _objections_to_member(pack, person, case.now)
    held = insurance_that_counts(person, pack.member_insutypes)
    home = held.region if held else person.region
    away = is_away(case, case.where.region)
    has_record = bool({"nonlocal_record", "long_term_nonlocal"} & person.conditions)
    if away and pack.nonlocal_requires_record and not has_record:
        found.add("nonlocal_not_supported")
    if case.where.system != "current":
        found.add("institution_system_outdated")
    if pack.trigger == "declared" and not case.bill.declares_mutual_aid:
        found.add("not_declared")
    if held is not None:
        visit = what_the_visit_is(case)
        lines = [line for line in pack.scenes if line.scene == visit and held.insutype in line.insutypes]
        found |= _closest([_misses(case, line, home) for line in lines])
    return found


def is_away(case: Case, region: str) -> bool:
    """Outside the member's own city."""
    held = insurance_that_counts(case.member.person, case.pack.member_insutypes)
    home = held.region if held else case.member.person.region
    return not together(case.pack, "city", home, region, apart=False)


def _objections_to_member(pack: Pack, person: Person, now: datetime) -> set[str]:
    found = set()
    held = insurance_that_counts(person, pack.member_insutypes)
    if person.died_on is not None and china(now).date() >= person.died_on:
        found.add("person_died")
    if held is None:
        found.add("member_not_insured")
    if _traits(person, held) & set(pack.member_excluded):
        found.add("member_excluded_class")
    # A state that the city lists as an exclusion is told as that exclusion, not twice.
    if held is not None and held.status not in {*pack.member_statuses, *pack.member_excluded}:
        found.add("member_status_abnormal")
    last_paid = held.paid_year if held is not None and held.insutype == "390" else None
    if pack.resident_current_year_paid and last_paid is not None and last_paid not in (now.year, now.year + 1):
        found.add("member_status_abnormal")
    return found


def _closest(misses: list[list[str]]) -> set[str]:
    """What the line that came nearest lacks; without any line the scene itself is not shared."""
    if not misses:
        return {"scope_not_allowed"}
    fewest = min(len(one) for one in misses)
    return set(next(one for one in misses if len(one) == fewest))


def _misses(case: Case, line: SceneRule, home: str) -> list[str]:
    where = case.where
    found = []
    kinds = [one for one in line.institutions if one.kind == where.kind]
    if not any(where.level in one.levels or one.levels == () for one in kinds):
        found.append("scope_not_allowed")
    if not together(case.pack, line.place, home, where.region, apart=False):
        found.append("scope_not_allowed")
    if any(needed not in where.capabilities for needed in line.capabilities):
        found.append("institution_not_enabled")
    if case.bill.credential_kind not in line.credentials:
        found.append("credential_not_accepted")
    return found


def objections_to_payer(case: Case, till: PayerAtTill) -> set[str]:
    """Why this payer's money may not be used for this visit."""
    pack = case.pack
    found = _objections_to_tie(till, case.now) | _objections_to_sharing(pack, till.situation, case.now)
    theirs = insurance_that_counts(till.situation.person, pack.payer_insutypes)
    members = insurance_that_counts(case.member.person, pack.member_insutypes)
    if theirs is not None and members is not None:
        bound_in = till.relation.region
        stayed = together(pack, pack.payer_pool_scope, bound_in, theirs.region)
        if not stayed or not together(pack, pack.member_pool_scope, bound_in, members.region):
            found.add("out_of_pool_scope")
    if till.relation.scopes is not None and what_the_visit_is(case) not in till.relation.scopes:
        found.add("scope_not_allowed")
    return found


def _objections_to_tie(till: PayerAtTill, now: datetime) -> set[str]:
    tie = till.relation
    if tie.ends_on is not None and china(now).date() > tie.ends_on:
        return {"relation_expired"}
    if tie.disputed_at:
        return {"relation_disputed"}
    if tie.suspended_at:
        return {"relation_suspended"}
    waits = (tie.needs_review and not tie.reviewed_at) or (tie.needs_acceptance and not tie.accepted_at)
    if waits or tie.effective_from is None or now < tie.effective_from:
        return {"not_yet_effective"}
    return set()


def _objections_to_sharing(pack: Pack, payer: Situation, now: datetime) -> set[str]:
    found, person = set(), payer.person
    held = insurance_that_counts(person, pack.payer_insutypes)
    if person.died_on is not None and china(now).date() >= person.died_on:
        found.add("person_died")
    if held is None:
        found.add("payer_not_employee_insured")
    elif held.status not in pack.payer_statuses and held.status not in pack.payer_excluded:
        found.add("payer_status_not_normal")
    if _traits(person, held) & ({"account_closed"} | set(pack.payer_excluded)):
        found.add("payer_excluded_class")
    if pack.open_account_required and not payer.account_opened:
        found.add("payer_account_not_open")
    return found


def _traits(person: Person, held: Insurance | None) -> set[str]:
    """What a city may exclude: the recorded conditions, a cadre's insurance, an insurance that has moved away."""
    found = set(person.conditions)
    if "340" in [one.insutype for one in person.insurances]:
        found.add("retired_cadre")
    if held is not None and held.status == "transferred_out":
        found.add("transferred_out")
    return found
