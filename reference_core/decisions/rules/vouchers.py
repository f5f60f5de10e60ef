"""May a voucher be activated, put on a relative's phone, or shown there? Ages count to the day in China, and all is derived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundwork.ages import SPOKEN_FOR, has_turned
from groundwork.clock import china
from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.payer import is_dead
from reference_core.packs.shelf import Pack
from reference_core.vocabulary import kinship
from reference_core.vocabulary.facts import KinshipTie, Person, Reason, Verdict

GROWN_UP = 18
# For whom a grown-up may speak as guardian: the Civil Code's line of parents, grandparents, brothers and sisters.
_WARDS = frozenset(
    {"son", "daughter", "grandson", "granddaughter", "daughters_son", "daughters_daughter"}
    | {"older_brother", "younger_brother", "older_sister", "younger_sister"}
)
METHOD_LABELS = {"face": "本人刷脸", "bank_card": "本人银行卡"}


@dataclass(frozen=True, slots=True)
class Naming:
    """One relative whom a helper wants in the list, and as what.

    `home` are the rules of the helper's city, which bound the list; `pack` those of the relative's, whose voucher it is.
    """

    home: Pack
    pack: Pack
    helper: Person
    relative: Person
    word: str
    ties: Sequence[KinshipTie]
    now: datetime

    @property
    def standing_tie(self) -> KinshipTie | None:
        """The tie between the two that there is already."""
        return next((tie for tie in self.ties if tie.relative_id == self.relative.id and tie.stands(self.now)), None)


def needs_check(pack: Pack, born: date, day: date) -> bool:
    """Whether activating on that day needs a look at the person: from the birthday on, or from the day after it."""
    counted_on = day if pack.voucher_real_person_age_inclusive else day - timedelta(days=1)
    return has_turned(born, pack.voucher_real_person_age, counted_on)


def is_minor(born: date, now: datetime) -> bool:
    """Whether a guardian still decides."""
    return not has_turned(born, GROWN_UP, china(now).date())


def is_spoken_for(born: date, now: datetime) -> bool:
    """Whether a guardian's consent stands for the child's own."""
    return not has_turned(born, SPOKEN_FOR, china(now).date())


def speaks_for(word: str | None, born: date, now: datetime) -> bool:
    """Whether somebody born then may speak as guardian for a child who is this relative of theirs."""
    return word in _WARDS and not is_minor(born, now)


def check_is_due(pack: Pack | None, person: Person, now: datetime) -> bool:
    """Whether somebody has grown past the age up to which a voucher is activated without a look at them."""
    if pack is None or person.voucher_activated_at is None or person.voucher_checked:
        return False
    then = china(person.voucher_activated_at).date()
    return not needs_check(pack, person.born, then) and needs_check(pack, person.born, china(now).date())


def may_activate_own(pack: Pack | None, person: Person, waiting: int, now: datetime) -> Verdict:
    """May somebody start activating their own voucher? `waiting` relatives who ask to show it are a cause too."""
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    reasons = list(_cannot_be_active(pack, person, "me", now))
    if person.voucher_active and not waiting and not check_is_due(pack, person, now):
        reasons.append(explain(pack, "voucher_already_active"))
    return verdict_of(reasons)


def may_start_list(pack: Pack | None, helper: Person, ties: Sequence[KinshipTie], now: datetime) -> Verdict:
    """May somebody put any relative in their list, or mend what is in it?"""
    if pack is None:
        return verdict_of([explain(None, "region_not_served")])
    return verdict_of([*_helper_alive(pack, helper, now), *_room(pack, ties, now)])


def may_name(asked: Naming) -> Verdict:
    """May this relative come into this list, or stay there with what is new about the tie?"""
    pack, tie = asked.pack, asked.standing_tie
    reasons = [
        *_helper_alive(pack, asked.helper, asked.now),
        *_cannot_be_active(pack, asked.relative, "relative", asked.now),
        *_fitting_relation(asked),
        *_guardian(asked),
    ]
    if asked.relative.id == asked.helper.id:
        return verdict_of([explain(pack, "relative_is_self"), *reasons])
    if tie is None:
        reasons += _room(asked.home, asked.ties, asked.now)
    elif not mends(asked, tie):
        reasons.append(explain(pack, "kinship_exists", "kinship_slots", why=tie.status(asked.now)))
    return verdict_of(reasons)


def mends(asked: Naming, tie: KinshipTie) -> bool:
    """Whether naming a listed relative again changes anything: another word, a check that is due, or a consent of their own."""
    return is_other_word(asked, tie) or needs_renewal(asked, tie)


def is_other_word(asked: Naming, tie: KinshipTie) -> bool:
    """Whether the relative now stands in another relation than the list says."""
    return resolved(asked) not in (None, kinship.word_of(tie.kinship))


def needs_renewal(asked: Naming, tie: KinshipTie) -> bool:
    """Whether the relative must be seen again, having grown up since."""
    if tie.status(asked.now) != "active":
        return False
    return any(_outgrown(asked.pack, tie, asked.relative, asked.now)) or not asked.relative.voucher_active


def resolved(asked: Naming) -> str | None:
    """The single relative that a word means; a group is resolved by sex."""
    return kinship.resolve(asked.word, asked.relative.sex) if kinship.is_word(asked.word) else None


def may_show(pack: Pack | None, tie: KinshipTie, relative: Person, now: datetime) -> Verdict:
    """May a helper show this relative's code now?"""
    reasons = []
    if is_dead(relative, now):
        reasons.append(explain(pack, "person_died", who="relative"))
    if tie.status(now) != "active":
        reasons.append(explain(pack, "kinship_waits", why=tie.status(now)))
    elif not relative.voucher_active:
        reasons.append(explain(pack, "voucher_not_activated", "voucher_real_person_age", who="member"))
    else:
        reasons += _outgrown(pack, tie, relative, now)
    return verdict_of(reasons)


def due_reason(pack: Pack | None, tie: KinshipTie | None, person: Person, now: datetime) -> Reason | None:
    """What a list says beside a voucher: that its owner has grown past what was checked, or that they died."""
    if is_dead(person, now):
        return explain(pack, "person_died", who="relative" if tie else "me")
    if tie is None:
        return _check_due(pack, person, now, "me")
    return next(_outgrown(pack, tie, person, now), None) if tie.status(now) == "active" else None


def check_required(pack: Pack, who: str) -> Reason:
    """That nobody has yet seen the person, and the ways to mend it."""
    ways = [METHOD_LABELS[method] for method in pack.voucher_methods]
    ways += ["本人手机确认", "窗口办理"] if who == "relative" else ["窗口办理"]
    return explain(
        pack, "face_check_required", "voucher_real_person_age", who=who, age=pack.voucher_real_person_age, ways=tuple(ways)
    )


def _outgrown(pack: Pack | None, tie: KinshipTie, relative: Person, now: datetime) -> Iterator[Reason]:
    if not is_minor(relative.born, now) and not tie.own_consent:
        yield explain(pack, "kinship_needs_own_consent")
    due = _check_due(pack, relative, now, "relative")
    if due is not None:
        yield due


def _check_due(pack: Pack | None, person: Person, now: datetime, who: str) -> Reason | None:
    if pack is None or not check_is_due(pack, person, now):
        return None
    return explain(pack, "voucher_check_due", "voucher_real_person_age", who=who, age=pack.voucher_real_person_age)


def _helper_alive(pack: Pack, helper: Person, now: datetime) -> Iterator[Reason]:
    if is_dead(helper, now):
        yield explain(pack, "person_died", who="me")


def _cannot_be_active(pack: Pack, person: Person, who: str, now: datetime) -> Iterator[Reason]:
    if is_dead(person, now):
        yield explain(pack, "person_died", who=who)
    if person.voucher_suspended:
        yield explain(pack, "voucher_suspended", who=who)


def _room(pack: Pack, ties: Sequence[KinshipTie], now: datetime) -> Iterator[Reason]:
    if sum(tie.stands(now) for tie in ties) >= pack.kinship_slots:
        yield explain(pack, "proxy_limit_exceeded", "kinship_slots", limit=pack.kinship_slots)


def _fitting_relation(asked: Naming) -> Iterator[Reason]:
    if kinship.is_word(asked.word) and resolved(asked) is None:
        yield explain(asked.pack, "relation_sex_mismatch", "relations", relation=kinship.label_of(asked.word))


def _guardian(asked: Naming) -> Iterator[Reason]:
    """A child is spoken for by a grown-up of the family, never by a child and never by their own child."""
    if not is_minor(asked.relative.born, asked.now) or resolved(asked) is None:
        return
    if not speaks_for(resolved(asked), asked.helper.born, asked.now):
        yield explain(asked.pack, "guardian_must_act")
