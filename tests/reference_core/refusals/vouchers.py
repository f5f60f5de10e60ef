"""Refusals around vouchers: activating one's own, a relative's in one's list, showing it, and what the two lists differ in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from reference_core.decisions.kinship_advice import BothLists, advise
from reference_core.decisions.rules.verdicts import may_bind, may_open
from reference_core.decisions.rules.vouchers import (
    Naming,
    check_required,
    due_reason,
    may_activate_own,
    may_name,
    may_show,
    may_start_list,
)
from reference_core.vocabulary.facts import KinshipTie, Person, Reason, Situation, Verdict
from tests.reference_core.pure.family import (
    LINYI,
    NOW,
    at_till,
    city_with,
    pay,
    payer,
    person,
    resident,
    shelf_with,
    situation,
    tie,
)
from tests.reference_core.refusals.case import Refusal

_MONTH = timedelta(days=30)
_CHILD = date(2015, 3, 2)
# Sixteen since last year, activated while fifteen.
_TEENAGER: dict[str, Any] = {"born": date(2009, 5, 5), "voucher_activated_at": NOW.replace(year=2025, month=1)}
_COOLING: dict[str, Any] = {"voucher_by_helper": True, "voucher_activated_at": NOW - timedelta(days=1)}


def listed(relative: Person, word: str = "51", **facts: Any) -> KinshipTie:
    """A relative in the list of somebody called helper."""
    given: dict[str, Any] = {"requested_at": NOW - _MONTH, "confirmed_at": NOW - _MONTH, "own_consent": True, **facts}
    return KinshipTie(f"k-{relative.id}", "helper", relative.id, word, **given)


def waiting(relative: Person, waits_for: str) -> KinshipTie:
    return listed(relative, confirmed_at=None, own_consent=False, waits_for=waits_for, waits_until=NOW + timedelta(days=3))


def names(relative: Person, word: str = "father", ties: Iterable[KinshipTie] = (), helper: Person | None = None) -> Verdict:
    """A helper names a relative for the list."""
    return may_name(Naming(LINYI, LINYI, helper or person(), relative, word, tuple(ties), NOW))


def _shows(relative: Person, made: KinshipTie | None = None) -> Verdict:
    return may_show(LINYI, made or listed(relative), relative, NOW)


def _names_oneself() -> Verdict:
    me = person()
    return names(me, helper=me)


def _names_again(waits_for: str | None) -> Verdict:
    father = person()
    return names(father, ties=[waiting(father, waits_for) if waits_for else listed(father)])


def _advice(mine: Situation, others: Iterable[Situation], ties: Iterable[KinshipTie], **choices: Any) -> tuple[Reason, ...]:
    known = {one.person.id: one.person for one in others}
    pack = city_with(**choices)
    given = advise(BothLists(pack, mine, tuple(ties), known, dict.fromkeys(known, "**明"), dict.fromkeys(known, "v1"), NOW))
    return tuple(one.reason for one in given)


def _shares_without_showing(child: bool) -> tuple[Reason, ...]:
    mine, theirs, _ = tie(payer(), resident(**({"born": _CHILD} if child else {})), "daughter")
    return _advice(mine, [theirs], [], minor_needs_kinship=True)


def _shows_without_sharing() -> tuple[Reason, ...]:
    mother = resident()
    return _advice(payer(), [mother], [listed(mother.person, "52")])


def _differs() -> tuple[Reason, ...]:
    mine, theirs, _ = tie(payer(), resident(), "mother")
    return _advice(mine, [theirs], [listed(theirs.person, "30")])


def _paid_by_a_freshly_activated_one() -> tuple[Reason, ...]:
    paying, mother, made = tie(payer(**_COOLING), resident())
    return pay(mother, [at_till(paying, made)], 1_000, packs=shelf_with(voucher_cooling_days=7)).reasons


def _due(who: str) -> tuple[Reason, ...]:
    grown = person(**_TEENAGER)
    made = None if who == "me" else listed(grown, own_consent=False)
    found = due_reason(LINYI, made, grown, NOW)
    return (found,) if found else ()


REFUSALS = (
    Refusal("person_died", "relative", lambda: names(person(died_on=NOW.date()))),
    Refusal("voucher_suspended", "me", lambda: may_activate_own(LINYI, person(voucher_suspended=True), 0, NOW)),
    Refusal("voucher_suspended", "relative", lambda: names(person(voucher_suspended=True))),
    Refusal("voucher_already_active", "", lambda: may_activate_own(LINYI, person(), 0, NOW)),
    Refusal("face_check_required", "me", lambda: [check_required(LINYI, "me")]),
    Refusal("face_check_required", "relative", lambda: [check_required(LINYI, "relative")]),
    Refusal("voucher_check_due", "me", lambda: _due("me")),
    Refusal("voucher_check_due", "relative", lambda: _due("relative")),
    Refusal("kinship_needs_own_consent", "", lambda: _shows(grown := person(), listed(grown, own_consent=False))),
    Refusal("kinship_exists", "active", lambda: _names_again(None)),
    Refusal("kinship_exists", "under_review", lambda: _names_again("counter")),
    Refusal("kinship_exists", "awaiting_acceptance", lambda: _names_again("relative")),
    Refusal("kinship_waits", "under_review", lambda: _shows(one := person(), waiting(one, "counter"))),
    Refusal("kinship_waits", "awaiting_acceptance", lambda: _shows(one := person(), waiting(one, "relative"))),
    Refusal("proxy_limit_exceeded", "", lambda: may_start_list(LINYI, person(), [listed(person()) for _ in range(5)], NOW)),
    Refusal("relative_is_self", "", _names_oneself),
    Refusal("guardian_must_act", "", lambda: names(person(born=_CHILD), "father")),
    Refusal("voucher_cooling", "me", lambda: may_open(city_with(voucher_cooling_days=7), situation(person(**_COOLING)), NOW)),
    Refusal(
        "voucher_cooling",
        "member",
        lambda: may_bind(city_with(voucher_cooling_days=7), payer(), resident(**_COOLING), "mother", NOW),
    ),
    Refusal("voucher_cooling", "payer", _paid_by_a_freshly_activated_one),
    Refusal("kinship_without_sharing", "", _shows_without_sharing),
    Refusal("sharing_without_kinship", "minor", lambda: _shares_without_showing(child=True)),
    Refusal("sharing_without_kinship", "other", lambda: _shares_without_showing(child=False)),
    Refusal("proxy_data_mismatch", "", _differs),
)
