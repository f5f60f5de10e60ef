"""Plans the flows around vouchers: which questions of the shared or the city's own screens this one person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from groundwork.clock import china
from groundwork.id_number import born_on
from reference_core.decisions.flow_plans.context import Answers, Drawing, FlowFacts, VoucherSide
from reference_core.decisions.flow_plans.fields import offering_listed
from reference_core.decisions.flow_plans.plans import draw_step, reasons_shown, verdict_shown, ways_on
from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.vouchers import (
    Naming,
    is_minor,
    is_other_word,
    may_activate_own,
    may_name,
    may_start_list,
    needs_check,
    needs_renewal,
)
from reference_core.packs.common import common_texts, flow_of
from reference_core.packs.schema_texts import GUARDIANS_CONSENT, FieldText, FlowText, StepText
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import KinshipTie, Person, Verdict

OWN, RELATIVE = "activate-voucher", "activate-relative"
VOUCHER_FLOWS = (OWN, RELATIVE)
_WAYS = frozenset({"real_person", "on_own_phone", "at_counter"})
# Read by those only who are young enough to be asked nothing.
_NOTHING_ASKED = "minor"
_OWN_YES = FieldText("agree", "家人本人已看完并同意", required=False, hint="家人在身边时勾选；不在身边可以不勾")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OwnVoucher:
    """Somebody before the flow about their own voucher, with how many relatives wait for their yes."""

    pack: Pack | None
    person: Person
    waiting: int
    now: datetime

    def verdict(self) -> Verdict:
        return may_activate_own(self.pack, self.person, self.waiting, self.now)


@dataclass(frozen=True, slots=True)
class OwnList:
    """Somebody before the flow about relatives' vouchers, with everybody who is or was in their list."""

    pack: Pack | None
    person: Person
    ties: Sequence[KinshipTie]
    now: datetime

    def verdict(self) -> Verdict:
        """A full list still lets whoever is in it be mended, so it is told when the relative is named."""
        found = may_start_list(self.pack, self.person, self.ties, self.now)
        full = [reason for reason in found.reasons if reason.rule == "proxy_limit_exceeded"]
        return found if not full or not self._mendable() else verdict_of(set_aside(found, full))

    def _mendable(self) -> bool:
        return any(tie.stands(self.now) and not tie.own_consent for tie in self.ties)


def set_aside(found: Verdict, reasons: Sequence[Any]) -> list[Any]:
    """The other reasons."""
    return [reason for reason in found.reasons if reason not in reasons]


def offer(name: str, pack: Pack | None, verdict: Verdict, *, needs_look: bool = False) -> Json:
    """One of these flows in the list: whether it could be started now and, if not, every reason; a relative has other ways
    than a look everywhere."""
    offered = {"name": name, "title": title_of(name, pack), "can_start": verdict.allowed, "reasons": reasons_shown(verdict)}
    return {**offered, "needs_look": needs_look}


def title_of(name: str, pack: Pack | None) -> str:
    """How a flow is called here."""
    flow = flow_of(pack, name) if pack else common_texts().flows[name]
    return flow.title if flow else name


def own_side(before: OwnVoucher) -> VoucherSide:
    """How somebody must be seen for their own voucher."""
    pack = before.pack
    seen = pack is not None and needs_check(pack, before.person.born, china(before.now).date())
    return VoucherSide(before.verdict(), must_be_seen=seen, methods=pack.voucher_methods if pack else ())


def needs_own_look(before: OwnVoucher) -> bool:
    """Whether somebody's own voucher is activated by a look and by nothing else."""
    side = own_side(before)
    return side.must_be_seen and "bank_card" not in side.methods


def relative_side(before: OwnList, naming: Naming | None, drawn: Drawing) -> VoucherSide:
    """How a relative must be seen; of one who was not found, what their number says and no more."""
    home = drawn.pack
    if naming is None:
        born = _typed_birthday(drawn)
        today = china(drawn.now).date()
        seen = born is None or needs_check(home, born, today)
        minor = born is not None and is_minor(born, drawn.now)
        return VoucherSide(before.verdict(), seen, minor, home.voucher_methods, refusal=_refuse_unknown(home, drawn))
    tie, verdict = naming.standing_tie, may_name(naming)
    return VoucherSide(
        before.verdict(),
        must_be_seen=needs_check(naming.pack, naming.relative.born, china(naming.now).date()),
        minor=is_minor(naming.relative.born, naming.now),
        methods=naming.pack.voucher_methods,
        correcting=tie is not None and is_other_word(naming, tie) and not needs_renewal(naming, tie),
        refusal=None if verdict.allowed else verdict,
    )


def plan_voucher_flow(name: str, pack: Pack | None, about: FlowFacts, answers: Answers, now: datetime) -> Json:
    """The whole flow as this person meets it; `about` must have the side of the voucher."""
    side = about.voucher
    planned: Json = {
        "flow": name,
        "title": title_of(name, pack),
        "region": pack.code if pack else None,
        "pack_version": pack.version if pack else None,
        "verdict": verdict_shown(side.may_start if side else Verdict()),
        "steps": [],
        "done_text": "",
        "next": [],
    }
    flow = flow_of(pack, name) if pack else None
    if pack is None or flow is None or side is None:
        return planned
    fitted = offering_listed(name, fit(flow, about, side), about)
    consent = GUARDIANS_CONSENT if side.minor else None
    drawing = Drawing(name, pack, fitted, about, answers, now, consent)
    return planned | {
        "steps": [draw_step(drawing, step) for step in fitted.steps],
        "done_text": flow.done_text,
        "next": ways_on(drawing, flow.next),
    }


def fit(flow: FlowText, about: FlowFacts, side: VoucherSide) -> FlowText:
    """The flow with the steps and questions that concern this person."""
    steps = (_fit_step(step, about, side) for step in flow.steps)
    return replace(flow, steps=tuple(step for step in steps if step is not None))


def _fit_step(step: StepText, about: FlowFacts, side: VoucherSide) -> StepText | None:
    if step.step == _NOTHING_ASKED:
        return None if side.must_be_seen else step
    questions = [question for question in step.questions if _concerns(question, about, side)]
    if step.questions and not questions:
        return None
    if _WAYS & {question.name for question in questions}:
        questions = _with_yes(step, questions, side)
    return replace(step, questions=tuple(questions))


def _concerns(question: FieldText, about: FlowFacts, side: VoucherSide) -> bool:
    if question.name == "member":
        return bool(about.listed)
    if question.name == "agree":
        return side.minor and not side.correcting
    if question.name == "bank_card":
        return side.must_be_seen and not side.correcting and "bank_card" in side.methods
    return question.name not in _WAYS or (side.must_be_seen and not side.correcting)


def _with_yes(step: StepText, questions: list[FieldText], side: VoucherSide) -> list[FieldText]:
    """A grown-up relative agrees where they are seen; where a face is the only way, it is asked for plainly."""
    if len(questions) == 1:
        return [replace(questions[0], required=True)]
    helps = any(question.name in ("on_own_phone", "at_counter") for question in step.questions)
    return [_OWN_YES, *questions] if helps and not side.minor else questions


def _typed_birthday(drawing: Drawing) -> date | None:
    number = drawing.typed_number
    return born_on(number) if number else None


def _refuse_unknown(home: Pack, drawing: Drawing) -> Verdict | None:
    if not drawing.about.looked_up:
        return None
    return verdict_of([explain(home, "member_not_found", "member_insutypes")])
