"""Plans a flow for one person: the city's steps with everything personal filled in, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from groundwork.certificates import IDENTITY_CARD
from groundwork.clock import china
from groundwork.id_number import born_on
from reference_core.decisions.flow_plans.answers import judge_step
from reference_core.decisions.flow_plans.context import Answers, Drawing, FlowFacts, read_certificate, read_name
from reference_core.decisions.flow_plans.fields import asking_which_tie, draw_field, offering_listed
from reference_core.decisions.flow_plans.guardian import NAMING, asking_guardian, last_naming_step
from reference_core.decisions.flow_plans.leaving import LEAVE, leavable, may_leave_any
from reference_core.decisions.flow_plans.offers import OfferFlow, answering
from reference_core.decisions.flow_plans.waking import WAKE, may_wake_any, sleeping, wakes_by_hand, waking_flow
from reference_core.decisions.reasons import explain, verdict_of
from reference_core.decisions.rules.changes import may_accept_any, may_change, may_close
from reference_core.decisions.rules.people import standing
from reference_core.decisions.rules.verdicts import may_add, may_bind, may_open, may_remove
from reference_core.decisions.rules.vouchers import is_minor
from reference_core.decisions.visible import told_beforehand
from reference_core.packs.common import flow_of
from reference_core.packs.schema_texts import FlowText, NextFlow, StepText
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Situation, Verdict

Json = dict[str, Any]
_MAY: dict[str, Callable[[Pack | None, Situation, datetime], Verdict]] = {
    "open-account": may_open,
    "add-member": may_add,
    "remove-member": may_remove,
    "change-limit": may_change,
    LEAVE: may_leave_any,
    "close-account": may_close,
    WAKE: may_wake_any,
}
# Offered also where no city is served, so that somebody is told why nothing can be done.
_EVERYWHERE = ("open-account", "add-member", "remove-member")
# How a flow is called where no city has words for it.
_TITLES = {
    "open-account": "开通家庭共济",
    "add-member": "添加家人",
    "accept-relation": "接受家庭共济",
    "change-limit": "修改额度",
    "remove-member": "解除共济",
    LEAVE: "退出家庭共济",
    "close-account": "关闭家庭共济",
    WAKE: "恢复家庭共济",
}
_ACCEPT = "accept-relation"
# The flows that tie two people, and which of the two reads their screens.
_TIES_TWO = {"add-member": "payer", _ACCEPT: "member"}


@dataclass(frozen=True, slots=True)
class NamedRelative:
    """Whom the answers name, so that they can be looked up."""

    name: str
    id_number: str
    cert_type: str


def has_flow(name: str, pack: Pack | None) -> bool:
    """Whether this city has that flow; without a city the common ones, which then say so."""
    if name == WAKE:
        return wakes_by_hand(pack)
    if name == LEAVE:
        return pack is not None
    return name in pack.flows if pack else name in _EVERYWHERE


def offer_flows(pack: Pack | None, person: Situation, now: datetime) -> list[Json]:
    """Every flow of this city for whose money is shared: whether it could be started now and, if not, every reason."""
    about = {WAKE: sleeping(person, now), LEAVE: leavable(person, now)}
    offered = [name for name in _MAY if has_flow(name, pack) and about.get(name, True)]
    return [_offer(name, pack, _MAY[name](pack, person, now)) for name in offered]


def offer_acceptance(pack: Pack | None, waiting: int) -> list[Json]:
    """The same for whoever is offered help; `waiting` is how many offers there are."""
    return [_offer(_ACCEPT, pack, may_accept_any(pack, waiting))] if has_flow(_ACCEPT, pack) else []


def _offer(name: str, pack: Pack | None, verdict: Verdict) -> Json:
    offered: Json = {"name": name, "title": _title(name, pack), "can_start": verdict.allowed, "reasons": reasons_shown(verdict)}
    return offered | {"needs_look": _needs_look(name, pack)}


def _needs_look(name: str, pack: Pack | None) -> bool:
    """Whether there is no way to its end but past a camera; an offer of help may be declined without one."""
    text = _text_of(name, pack) if pack else None
    if text is None or name == _ACCEPT:
        return False
    return any(question.name == "real_person" and question.required for step in text.steps for question in step.questions)


def named_relative(answers: Answers, now: datetime) -> NamedRelative | None:
    """The relative in the answers, once name and number are each well formed."""
    said = {question: value for given in answers.values() for question, value in given.items()}
    cert_type = said.get("cert_type") or IDENTITY_CARD
    name, number = read_name(said.get("name")), read_certificate(said.get("id_number"), cert_type, china(now).date())
    if name is None or number is None:
        return None
    return NamedRelative(name, number, str(cert_type))


def plan_flow(name: str, pack: Pack | None, about: FlowFacts, answers: Answers, now: datetime) -> Json:
    """The whole flow as this person meets it; raises `KeyError` for a flow that does not exist."""
    verdict = _may_start(name, pack, about, now)
    planned: Json = {
        "flow": name,
        "title": _title(name, pack),
        "region": pack.code if pack else None,
        "pack_version": pack.version if pack else None,
        "verdict": verdict_shown(verdict),
        "steps": [],
        "done_text": "",
        "next": [],
    }
    asked = _text_of(name, pack) if pack and has_flow(name, pack) else None
    if pack is None or asked is None:
        return planned
    offer = answering(asked, answers) if name == _ACCEPT else OfferFlow(asked)
    flow = offering_listed(name, asking_which_tie(name, offer.flow), about)
    drawing = asking_guardian(Drawing(name, pack, flow, about, answers, now))
    said = {"complete_label": offer.complete_label} if offer.complete_label else {}
    return planned | {
        **said,
        "steps": [draw_step(drawing, step) for step in drawing.flow.steps],
        "done_text": flow.done_text,
        "next": ways_on(drawing, flow.next),
    }


def _may_start(name: str, pack: Pack | None, about: FlowFacts, now: datetime) -> Verdict:
    """Whether this person may start it. A city that has no such flow refuses it too, so that whoever asks is told where to go."""
    verdict = may_accept_any(pack, len(about.members)) if name == _ACCEPT else _MAY[name](pack, about.situation, now)
    if verdict.allowed and not has_flow(name, pack):
        return verdict_of([explain(pack, "act_not_offered")])
    return verdict


def judge_flow(drawing: Drawing) -> Verdict:
    """Whether this person could do it with these answers, the relative whom they name included."""
    verdict = _MAY[drawing.name](drawing.pack, drawing.about.situation, drawing.now)
    if not verdict.allowed:
        return verdict
    return _refuse_relative(drawing, last_naming_step(drawing.flow)) or Verdict()


def draw_step(drawing: Drawing, step: StepText) -> Json:
    """One screen, with what is wrong in its answers or stands in the way of them."""
    faults = judge_step(drawing, step)
    drawn: Json = {
        "step": step.step,
        "title": step.title,
        "text": [*(_counted(drawing, said) for said in step.paragraphs), *_told_beforehand(drawing, step)],
        "speech": _counted(drawing, step.speech),
        "fields": [draw_field(drawing, question) for question in step.questions],
    }
    if step.instead:
        drawn["instead"] = ways_on(drawing, step.instead)
    if faults:
        return drawn | {"faults": faults}
    refusal = _refuse_relative(drawing, step)
    return drawn | ({"refusal": verdict_shown(refusal)} if refusal else {})


def _told_beforehand(drawing: Drawing, step: StepText) -> Sequence[str]:
    """Before anything is promised each side reads what a payer will see: the payer who adds, the member who accepts."""
    if step != drawing.flow.steps[0] or drawing.name not in _TIES_TWO:
        return ()
    return (told_beforehand(drawing.pack, _TIES_TWO[drawing.name]),)


def _counted(drawing: Drawing, said: str) -> str:
    members = len(standing(drawing.about.situation.as_payer, drawing.now))
    return said.format(members=members, limit=drawing.pack.max_members_per_payer)


def _refuse_relative(drawing: Drawing, step: StepText) -> Verdict | None:
    """Why the relative named so far cannot be added: told on the last step that helps to name them."""
    if drawing.about.voucher is not None:
        naming = NAMING & {question.name for question in step.questions}
        told = bool(naming) and step == last_naming_step(drawing.flow) and drawing.answer("relation") is not None
        return drawing.about.voucher.refusal if told else None
    relation = drawing.answer("relation")
    if drawing.name != "add-member" or not drawing.about.looked_up or relation is None or step != last_naming_step(drawing.flow):
        return None
    verdict = may_bind(drawing.pack, drawing.about.situation, drawing.about.candidate, str(relation), drawing.now)
    return None if verdict.allowed else verdict


def ways_on(drawing: Drawing, ways: Sequence[NextFlow]) -> list[Json]:
    """The flows to which a flow or a step leads this person."""
    return [{"flow": one.flow, "title": one.title} for one in ways if _is_for(drawing, one)]


def _is_for(drawing: Drawing, following: NextFlow) -> bool:
    """Some ways on are only for a relative under age, or only for a grown one, by the number as it was typed."""
    if following.when == "always" or drawing.typed_number is None:
        return following.when == "always"
    return is_minor(born_on(drawing.typed_number), drawing.now) == (following.when == "minor")


def _text_of(name: str, pack: Pack) -> FlowText | None:
    if name == LEAVE:
        return flow_of(pack, name)
    return waking_flow(pack) if name == WAKE else pack.flows.get(name)


def _title(name: str, pack: Pack | None) -> str:
    return pack.flows[name].title if pack and name in pack.flows else _TITLES[name]


def verdict_shown(verdict: Verdict) -> Json:
    """A verdict as a plan shows it."""
    return {"allowed": verdict.allowed, "reasons": reasons_shown(verdict)}


def reasons_shown(verdict: Verdict) -> list[Json]:
    """Its reasons as a plan shows them."""
    return [asdict(reason) for reason in verdict.reasons]
