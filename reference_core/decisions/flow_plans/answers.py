"""Judges the answers to one step: what is wrong with each, in words, without ever repeating what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from groundwork.certificates import CERTIFICATES, IDENTITY_CARD, parse_certificate
from groundwork.clock import china
from groundwork.id_number import IdNumberError
from reference_core.decisions.flow_plans.context import Drawing, Fault, fault_in_words, read_name
from reference_core.decisions.flow_plans.fields import chosen_member
from reference_core.decisions.flow_plans.offers import ANSWERS
from reference_core.decisions.flow_plans.terms import TERM_JUDGES
from reference_core.decisions.flow_plans.ways import judge_bank_card, judge_ways
from reference_core.packs.schema_texts import FieldText, StepText
from reference_core.vocabulary import kinship

# What somebody who was chosen from another list need not say again.
_NAMED_ELSEWHERE = frozenset({"name", "id_number", "relation"})
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_ID_NUMBER_FAULTS = {
    "length": ("证件号码应为 18 位。", "请对照身份证，把 18 位号码填全。"),
    "characters": ("证件号码只能是数字，最后一位可以是 X。", "请用半角数字重新填写。"),
    "province": ("证件号码的开头不对。", "请对照身份证检查前两位。"),
    "birth_date": ("证件号码中的出生日期不对。", "请对照身份证检查第 7 到 14 位。"),
    "shape": ("证件号码和所选的证件种类对不上。", "请核对证件种类，再对照证件填写。"),
    "check": ("证件号码有一位填错了。", "请对照身份证逐位检查。"),
}


def judge_step(drawing: Drawing, step: StepText) -> dict[str, Fault]:
    """The faults of a step's answers by field; none are told of a step that nobody has answered yet."""
    if step.step not in drawing.answers:
        return {}
    given = drawing.answers[step.step]
    judged = {question.name: judge_answer(drawing, question, given) for question in step.questions}
    judged |= judge_ways(drawing, step, given)
    return {name: fault for name, fault in judged.items() if fault is not None}


def judge_answer(drawing: Drawing, question: FieldText, given: Mapping[str, Any]) -> Fault | None:
    """What is wrong with the answer to one question."""
    value = given.get(question.name)
    if value is None or value in ("", []):
        return _missing(drawing, question)
    judge = _JUDGES.get(question.name)
    return judge(drawing, value) if judge else None


def _missing(drawing: Drawing, question: FieldText) -> Fault | None:
    one_tie = question.name == "member" and chosen_member(drawing) is not None
    known = (
        one_tie
        or question.name in ("region", "cert_type", "accepted")
        or (question.name in _NAMED_ELSEWHERE and drawing.preset is not None)
        or (question.name == "phone" and drawing.known_phone is not None)
    )
    # A name that the screen leaves open, because somebody could be chosen instead, is still needed where nobody was.
    needed = question.required or (question.name in _NAMED_ELSEWHERE and bool(drawing.about.listed))
    if known or not needed:
        return None
    return fault_in_words("required", f"还没有填写“{question.label}”。", "请填写后继续。")


def _judge_name(drawing: Drawing, value: object) -> Fault | None:
    if drawing.preset is None and read_name(value) is None:
        return fault_in_words("name_invalid", "姓名里有不能识别的字符，或者太长。", "请按证件上的姓名填写。")
    return None


def _judge_id_number(drawing: Drawing, value: object) -> Fault | None:
    cert_type = drawing.cert_type if drawing.cert_type in CERTIFICATES else IDENTITY_CARD
    if drawing.preset is not None:
        return None
    try:
        parse_certificate(str(cert_type), value if isinstance(value, str) else "", china(drawing.now).date())
    except IdNumberError as error:
        return fault_in_words(f"id_number_{error.code}", *_ID_NUMBER_FAULTS[error.code])
    return None


def _judge_phone(drawing: Drawing, value: object) -> Fault | None:
    """Digits, the number already known as it was shown, or what the channel gave in its place."""
    from_channel = isinstance(value, Mapping) and bool(value.get("channel_code"))
    unchanged = drawing.known_phone is not None and value == drawing.known_phone
    typed = isinstance(value, str) and _PHONE.fullmatch(value.strip()) is not None
    if from_channel or unchanged or typed:
        return None
    return fault_in_words("phone_invalid", "手机号应为 11 位数字，以 1 开头。", "请检查手机号后重新填写。")


def _judge_relation(_drawing: Drawing, value: object) -> Fault | None:
    """A relative whom this city does not take is a matter of its rules; a word that is none is a fault."""
    if isinstance(value, str) and kinship.is_word(value):
        return None
    return _not_offered()


def _judge_member(drawing: Drawing, value: object) -> Fault | None:
    if drawing.about.voucher is not None:
        return _judge_listed(drawing, value)
    return None if chosen_member(drawing) else _not_offered()


def _judge_listed(drawing: Drawing, value: object) -> Fault | None:
    wanted = value if isinstance(value, list) else [value]
    return None if set(wanted) <= {one.id for one in drawing.about.listed} else _not_offered()


def _judge_cert_type(_drawing: Drawing, value: object) -> Fault | None:
    return None if value in CERTIFICATES else _not_offered()


def _judge_region(drawing: Drawing, value: object) -> Fault | None:
    return None if value == drawing.pack.code else _not_offered()


def _judge_offer(_drawing: Drawing, value: object) -> Fault | None:
    return None if value in ANSWERS else _not_offered()


def _judge_agree(drawing: Drawing, value: object) -> Fault | None:
    if value == drawing.pledge.text_hash:
        return None
    return fault_in_words("text_changed", "承诺书的内容已经更新。", "请重新阅读后再同意。")


def _judge_yes(_drawing: Drawing, value: object) -> Fault | None:
    return None if value is True else fault_in_words("not_confirmed", "还没有确认。", "请核对无误后确认。")


def _not_offered() -> Fault:
    return fault_in_words("not_offered", "所选的内容不在可选范围内。", "请从列表里重新选择。")


_JUDGES: dict[str, Callable[[Drawing, object], Fault | None]] = {
    "name": _judge_name,
    "id_number": _judge_id_number,
    "phone": _judge_phone,
    "relation": _judge_relation,
    "member": _judge_member,
    "accepted": _judge_offer,
    "relative": _judge_listed,
    "cert_type": _judge_cert_type,
    "bank_card": judge_bank_card,
    "region": _judge_region,
    "agree": _judge_agree,
    "summary": _judge_yes,
    "confirm_id_number": _judge_yes,
    **TERM_JUDGES,
}
