"""Fills a city's form with what a person answered: pure, and in full, since it is for them and for the agency to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from groundwork.clock import china
from reference_core.decisions.flow_plans.answers import judge_answer
from reference_core.decisions.flow_plans.context import Drawing, Fault, read_name
from reference_core.decisions.flow_plans.fields import yuan
from reference_core.decisions.flow_plans.terms import read_day
from reference_core.decisions.rules.member import label_in
from reference_core.packs.schema_forms import FormPart, FormText
from reference_core.vocabulary.med_types import SCENE_LABELS

FORM = "signed_form"
_UNKNOWN = "未登记"


@dataclass(frozen=True, slots=True)
class OwnData:
    """Whoever fills in the form, in clear."""

    name: str
    id_number: str
    card_number: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class FilledPart:
    """Lines under one title, each what is asked and what was answered."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form ready to be printed."""

    title: str
    paragraphs: tuple[str, ...]
    parts: tuple[FilledPart, ...]
    clauses: tuple[str, ...]
    signatures: tuple[str, ...]


def missing_answers(drawing: Drawing) -> dict[str, Fault]:
    """What is still wrong or unanswered in the steps before the one that wants the form back."""
    faults: dict[str, Fault] = {}
    for step in takewhile(lambda step: all(question.name != FORM for question in step.questions), drawing.flow.steps):
        given = drawing.answers.get(step.step, {})
        judged = {question.name: judge_answer(drawing, question, given) for question in step.questions}
        faults |= {name: fault for name, fault in judged.items() if fault is not None}
    return faults


def fill_form(form: FormText, drawing: Drawing, own: OwnData) -> FilledForm:
    """The form with every line filled in."""
    parts = tuple(_fill_part(part, drawing, own) for part in form.parts)
    return FilledForm(form.title, form.paragraphs, parts, form.clauses, form.signatures)


def _fill_part(part: FormPart, drawing: Drawing, own: OwnData) -> FilledPart:
    return FilledPart(part.title, tuple((item.label, _FILLED[item.show](drawing, own)) for item in part.items))


def _relation(drawing: Drawing, _own: OwnData) -> str:
    return label_in(drawing.pack, str(drawing.answer("relation")))


def _scopes(drawing: Drawing, _own: OwnData) -> str:
    chosen = drawing.answer("scopes")
    return "、".join(SCENE_LABELS[scene] for scene in chosen) if chosen else "不限"


def _cap(drawing: Drawing, _own: OwnData) -> str:
    fen = drawing.answer("monthly_cap_fen")
    return yuan(fen) if fen else "不设额度"


def _day(question: str, unanswered: str) -> Callable[[Drawing, OwnData], str]:
    def fill(drawing: Drawing, _own: OwnData) -> str:
        day = read_day(drawing.answer(question))
        return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else unanswered

    return fill


def _today(drawing: Drawing, _own: OwnData) -> str:
    day = china(drawing.now)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _typed(question: str) -> Callable[[Drawing, OwnData], str]:
    def fill(drawing: Drawing, _own: OwnData) -> str:
        said: Any = drawing.answer(question)
        return said.strip() if isinstance(said, str) and said.strip() else _UNKNOWN

    return fill


_FILLED: Mapping[str, Callable[[Drawing, OwnData], str]] = {
    "payer_name": lambda _drawing, own: own.name,
    "payer_id_number": lambda _drawing, own: own.id_number,
    "payer_card_number": lambda _drawing, own: own.card_number or _UNKNOWN,
    "payer_phone": lambda _drawing, own: own.phone or _UNKNOWN,
    "member_name": lambda drawing, _own: read_name(drawing.answer("name")) or _UNKNOWN,
    "member_id_number": lambda drawing, _own: drawing.typed_number or _UNKNOWN,
    "member_card_number": _typed("card_number"),
    "member_phone": _typed("phone"),
    "relation": _relation,
    "starts_on": _day("starts_on", "通过后即开始"),
    "ends_on": _day("ends_on", "不设"),
    "monthly_cap": _cap,
    "scopes": _scopes,
    "region": lambda drawing, _own: drawing.pack.name,
    "today": _today,
}
