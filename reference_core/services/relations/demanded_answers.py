"""What a city demands of somebody who acts, asked again when they act: the screens before were only a help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from reference_core.decisions.flow_plans.answers import judge_answer
from reference_core.decisions.flow_plans.context import Drawing, Fault, FlowFacts, fault_in_words
from reference_core.packs.schema_texts import FieldText
from reference_core.packs.shelf import Pack
from reference_core.problems import InvalidAnswers
from reference_core.vocabulary.facts import Situation

# Decided elsewhere, known already, or a mere repetition of what was answered.
_NOT_ASKED_AGAIN = frozenset(
    {"name", "id_number", "cert_type", "relation", "region", "member", "agree", "summary", "real_person"}
)
# What nobody may bring along where the city does not ask for it: it would be kept, or take effect, unseen.
_TERMS = ("monthly_cap_fen", "scopes", "starts_on", "ends_on")
_ONLY_IF_ASKED = (*_TERMS, "documents", "signed_form", "passcode", "card_number")
_BY_THE_PERSON = frozenset({"face", "bank_card"})
_CHECK_LASTS = timedelta(hours=1)
_PASSCODE_LENGTHS = range(6, 65)


def faults_in(pack: Pack, flow: str, asked: Mapping[str, Any], who: Situation, now: datetime) -> dict[str, Fault]:
    """What is missing or wrong in the answers of one whole flow, by question."""
    questions = asked_in(pack, flow)
    drawing = Drawing(flow, pack, pack.flows[flow], FlowFacts(who, "", ""), {flow: asked}, now)
    judged = {name: judge_answer(drawing, one, asked) for name, one in questions.items() if name not in _NOT_ASKED_AGAIN}
    judged |= {name: _not_asked() for name in _ONLY_IF_ASKED if name not in questions and asked.get(name) is not None}
    judged["real_person"] = _judge_real_person(questions, asked["verified_by"], now)
    if judged.get("passcode") is None:
        judged["passcode"] = _judge_passcode(asked.get("passcode"))
    return {name: fault for name, fault in judged.items() if fault is not None}


def faults_in_terms(pack: Pack, flow: str, asked: Mapping[str, Any], who: Situation, now: datetime) -> dict[str, Fault]:
    """The same for what is agreed on alone: at a counter papers stand in for the rest of the screens."""
    questions = asked_in(pack, flow)
    drawing = Drawing(flow, pack, pack.flows[flow], FlowFacts(who, "", ""), {flow: asked}, now)
    named = [name for name in _TERMS if asked.get(name) is not None]
    judged = {name: judge_answer(drawing, questions[name], asked) if name in questions else _not_asked() for name in named}
    return {name: fault for name, fault in judged.items() if fault is not None}


def check_answers(pack: Pack | None, flow: str, asked: Mapping[str, Any], now: datetime) -> None:
    """Raises `InvalidAnswers` where the city's screens for an act on one's own tie or account ask for more than was given.

    Where the city has no such screens nothing was asked.
    """
    questions = asked_in(pack, flow) if pack and flow in pack.flows else {}
    fault = _judge_real_person(questions, asked["verified_by"], now)
    if fault is not None:
        raise InvalidAnswers(fields={"real_person": fault})


def asked_in(pack: Pack, flow: str) -> dict[str, FieldText]:
    """Every question of a flow by its name."""
    return {question.name: question for step in pack.flows[flow].steps for question in step.questions}


def _judge_real_person(questions: Mapping[str, FieldText], by: Mapping[str, Any], now: datetime) -> Fault | None:
    """A check for this very act: by the person, and not one that let them in long ago."""
    if "real_person" not in questions:
        return None
    if by["method"] in _BY_THE_PERSON and now - _CHECK_LASTS <= by["at"] <= now + _CHECK_LASTS:
        return None
    return fault_in_words("required", "还没有确认是您本人在办理。", "请刷脸确认后继续；刷脸不成功可以到窗口办理。")


def _judge_passcode(passcode: object) -> Fault | None:
    if passcode is None or (isinstance(passcode, str) and len(passcode) in _PASSCODE_LENGTHS):
        return None
    return fault_in_words("passcode_too_short", "密码至少要 6 位。", "请换一个长一些的密码。")


def _not_asked() -> Fault:
    return fault_in_words("not_asked", "您的参保地办理时不需要这一项。", "请去掉这一项后重新提交。")
