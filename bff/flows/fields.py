"""Whether an answer can be right at all, judged by its field's kind alone; what it means is for the core to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bff.errors import Fault, InvalidAnswers, UnknownField, nameable
from bff.flows.faults import FAULTS, LEAST_SECRET, MOST_FEN, MOST_PHOTOS, MOST_SECRET, said_of
from bff.flows.plan import Field, Option, Step
from groundwork.certificates import IDENTITY_CARD, parse_certificate
from groundwork.id_number import IdNumberError, parse_id_number
from groundwork.names import DOTS

# Kinds whose values are never sent back inside an error.
SENSITIVE = frozenset({"name", "id_number", "phone", "secret"})

_FULL_WIDTH = re.compile("[０-９Ｘｘ]")
# Chinese characters with all extensions, Latin letters, and the marks that stand between parts of a name.
_NAME = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323afA-Za-z" + DOTS + "'’ -]+")
_PHONE = re.compile("1[3-9][0-9]{9}")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UPLOAD_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET = re.compile("[!-~]*")
_WORD = re.compile("[a-z_]{1,40}")
_LONGEST_CODE = 4096
_LONGEST_WORD = 256
# Relatives whom a city does not take, or no more of, are for the core to refuse with the city's rule; a picker can only
# leave them out or turn them grey.
_EXPLAINED_BY_THE_CORE = "relation"

Judge = Callable[[Field, Any], Any]


class FieldFault(ValueError):
    """An answer cannot be right."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.fault = FAULTS[code]


@dataclass(frozen=True, slots=True)
class PhoneByChannel:
    """A phone that the channel will name in exchange for this code."""

    channel_code: Any


@dataclass(frozen=True, slots=True)
class LookTaken:
    """The check that somebody looked for, and what the phone brought back from the platform's own page beside it."""

    check_id: str
    brought: str | None = None


def check_step(step: Step, given: Mapping[str, Any], kept: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The step's answers in the form in which they are kept. Raises `UnknownField` or `InvalidAnswers`.

    A field left out keeps its earlier answer, or the value that it came with. One that need not be answered and is sent
    empty is taken back: a limit that somebody cleared must not hold on unseen.
    """
    unknown = {nameable(name): FAULTS["unknown_field"] for name in given if step.field_named(name) is None}
    if unknown:
        raise UnknownField(fields=unknown)
    judge = _judge_of(step, given, kept, today)
    answers: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for field in step.fields:
        try:
            answers |= _answer_to(field, given, kept, judge)
        except FieldFault as fault:
            faults[field.name] = said_of(fault.fault, field.kind)
    if faults:
        raise InvalidAnswers(fields=faults)
    return answers


def said_secret(kept: Any) -> str | None:
    """What was said in secret, for the one who must be told at the end."""
    return kept["secret"] if kept else None


def _judge_of(step: Step, given: Mapping[str, Any], kept: Mapping[str, Any], today: date) -> Judge:
    """How this step's answers are judged: a number as that of the certificate which is chosen beside it."""
    asked = step.field_named("cert_type")
    chosen = (given.get("cert_type") or kept.get("cert_type") or asked.value) if asked else None

    def judge(field: Field, said: Any) -> Any:
        if field.kind == "id_number" and isinstance(chosen, str) and chosen != IDENTITY_CARD:
            return _certificate(chosen, said, today)
        return check_field(field, said, today)

    return judge


def _answer_to(field: Field, given: Mapping[str, Any], kept: Mapping[str, Any], judge: Judge) -> dict[str, Any]:
    """What to keep of one question: an answer, `None` for one taken back, or nothing at all."""
    said = given.get(field.name)
    if field.kind in SENSITIVE and field.value is not None and said == field.value:
        # What was shown came back as it was: it may be masked, and is known anyway.
        return {}
    if not _is_empty(said) and not _is_unticked(field, said):
        return {field.name: judge(field, said)}
    if field.name in given and not field.required:
        return {field.name: None}
    if field.name in kept:
        return {field.name: kept[field.name]}
    if field.value is None:
        if field.required:
            raise FieldFault(_MISSING.get(field.kind, "required"))
        return {}
    # Who let a value stand has answered with it, even if another would be shown tomorrow.
    return {} if field.kind in SENSITIVE else {field.name: judge(field, field.value)}


def check_field(field: Field, given: Any, today: date) -> Any:
    """One answer in the form in which it is kept. Raises `FieldFault`."""
    return _CHECKS[field.kind](field, given, today)


def told_value(kept: Any) -> Any:
    """A kept answer as the phone and the core know it: some are kept with more than was said."""
    if not isinstance(kept, dict):
        return kept
    said = kept.get("number") or kept.get("check_id")
    # What remains is a secret, which nobody is told, or a confirmation, kept as what it confirmed.
    return said or True


def _is_empty(given: Any) -> bool:
    return given is None or given == [] or (isinstance(given, str) and not given.strip())


def _is_unticked(field: Field, given: Any) -> bool:
    """A box that need not be ticked, and is not."""
    return field.kind == "confirm" and not field.required and given is False


def _text_of(given: Any) -> str:
    if not isinstance(given, str):
        raise FieldFault("wrong_kind")
    return given.strip()


def _id_number(_field: Field, given: Any, today: date) -> str:
    typed = _text_of(given).upper()
    if _FULL_WIDTH.search(typed):
        raise FieldFault("id_number_full_width")
    if not re.fullmatch("[0-9X]*", typed):
        raise FieldFault("id_number_characters")
    if len(typed) == 15:
        raise FieldFault("id_number_15_digits")
    try:
        return parse_id_number(typed, today)
    except IdNumberError as fault:
        raise FieldFault(f"id_number_{fault.code}") from None


def _certificate(cert_type: str, given: Any, today: date) -> str:
    typed = _text_of(given)
    if _FULL_WIDTH.search(typed):
        raise FieldFault("id_number_full_width")
    try:
        return parse_certificate(cert_type, typed, today)
    except (IdNumberError, KeyError):
        raise FieldFault("certificate_shape") from None


def _name(_field: Field, given: Any, _today: date) -> str:
    name = _text_of(given)
    if not 2 <= len(name) <= 50:
        raise FieldFault("name_length")
    if not _NAME.fullmatch(name):
        raise FieldFault("name_characters")
    return name


def _phone(field: Field, given: Any, _today: date) -> dict[str, Any] | PhoneByChannel:
    if isinstance(given, dict):
        return _phone_by_channel(given)
    phone = _text_of(given)
    if _FULL_WIDTH.search(phone):
        raise FieldFault("phone_full_width")
    if not _PHONE.fullmatch(phone):
        raise FieldFault("phone_shape")
    if field.vouched:
        raise FieldFault("phone_unverified")
    return {"number": phone, "verified": False}


def _phone_by_channel(given: dict[str, Any]) -> PhoneByChannel:
    code = given.get("channel_code")
    # WeChat gives a word, Alipay an object of words.
    words = list(code.values()) if isinstance(code, dict) else [code]
    if set(given) != {"channel_code"} or not words or len(words) > 10:
        raise FieldFault("wrong_kind")
    if not all(isinstance(word, str) and 0 < len(word) <= _LONGEST_CODE for word in words):
        raise FieldFault("wrong_kind")
    return PhoneByChannel(code)


def _choice(field: Field, given: Any, _today: date) -> Any:
    chosen = given if field.multiple else [given]
    if not isinstance(chosen, list) or not chosen or not all(isinstance(value, str) for value in chosen):
        raise FieldFault("wrong_kind")
    offered = {option.value: option for option in field.options}
    if field.name == _EXPLAINED_BY_THE_CORE and _WORD.fullmatch(chosen[0]) and not _is_free(offered.get(chosen[0])):
        return given
    if any(value not in offered for value in chosen) or len(set(chosen)) != len(chosen):
        raise FieldFault("choice_unknown")
    if any(offered[value].disabled for value in chosen):
        raise FieldFault("choice_disabled")
    return given


def _is_free(option: Option | None) -> bool:
    return option is not None and not option.disabled


def _consent(field: Field, given: Any, _today: date) -> str:
    if not isinstance(given, str):
        raise FieldFault("consent_missing")
    if given != field.text_hash:
        raise FieldFault("consent_other_text")
    return given


def _confirm(_field: Field, given: Any, _today: date) -> bool:
    if given is not True:
        raise FieldFault("confirm_missing")
    return True


def _text(_field: Field, given: Any, _today: date) -> str:
    text = _text_of(given)
    if not 1 <= len(text) <= 100:
        raise FieldFault("text_length")
    if not text.isprintable():
        raise FieldFault("text_characters")
    return text


def _date(_field: Field, given: Any, _today: date) -> str:
    written = _text_of(given)
    if not _DATE.fullmatch(written):
        raise FieldFault("date_shape")
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise FieldFault("date_shape") from None


def _money(_field: Field, given: Any, _today: date) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        raise FieldFault("wrong_kind")
    if not 1 <= given <= MOST_FEN:
        raise FieldFault("money_range")
    return given


def _photo(_field: Field, given: Any, _today: date) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(upload_id, str) for upload_id in given):
        raise FieldFault("wrong_kind")
    if len(given) > MOST_PHOTOS or len(set(given)) != len(given):
        raise FieldFault("photo_count")
    if not all(_UPLOAD_ID.fullmatch(upload_id) for upload_id in given):
        raise FieldFault("photo_unknown")
    return given


def _secret(_field: Field, given: Any, _today: date) -> dict[str, str]:
    """Kept in a form of its own, so that it can never be drawn or told by mistake."""
    if not isinstance(given, str):
        raise FieldFault("wrong_kind")
    if not _SECRET.fullmatch(given):
        raise FieldFault("secret_characters")
    if not LEAST_SECRET <= len(given) <= MOST_SECRET:
        raise FieldFault("secret_length")
    return {"secret": given}


def _real_person(_field: Field, given: Any, _today: date) -> LookTaken:
    """The id of the check; or an object with it and what was `brought` besides."""
    said = given if isinstance(given, dict) else {"check_id": given}
    if not {"check_id"} <= set(said) <= {"check_id", "brought"}:
        raise FieldFault("wrong_kind")
    words = {name: _text_of(word) for name, word in said.items()}
    if not all(0 < len(word) <= _LONGEST_WORD for word in words.values()):
        raise FieldFault("wrong_kind")
    return LookTaken(**words)


_MISSING = {"consent": "consent_missing", "confirm": "confirm_missing", "summary": "confirm_missing"}
_CHECKS: dict[str, Callable[[Field, Any, date], Any]] = {
    "text": _text,
    "name": _name,
    "id_number": _id_number,
    "phone": _phone,
    "choice": _choice,
    "money": _money,
    "date": _date,
    "consent": _consent,
    "confirm": _confirm,
    "summary": _confirm,
    "photo": _photo,
    "secret": _secret,
    "real_person": _real_person,
}
