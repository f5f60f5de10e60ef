"""What is wrong with one field of a request: a code, a sentence and a remedy, made from marshmallow's messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError, fields

Fault = dict[str, str]

_FAULTS = {
    "required": ("缺少这一项。", "请补上这一项后重新发送。"),
    "unknown_field": ("接口不认识这一项。", "请去掉这一项后重新发送。"),
    "invalid": ("这一项的格式或取值不对。", "请按接口说明改正后重新发送。"),
    "id_number_length": ("证件号码应为 18 位。", "请核对身份证上的 18 位号码。"),
    "id_number_characters": ("证件号码只能有数字，最后一位可以是 X。", "请用半角数字重新填写。"),
    "id_number_province": ("证件号码的地区码不存在。", "请核对号码的前两位。"),
    "id_number_birth_date": ("证件号码里的出生日期不存在。", "请核对号码的第 7 到 14 位。"),
    "id_number_shape": ("证件号码和所选的证件种类对不上。", "请核对证件种类和号码。"),
    "id_number_check": ("证件号码的校验位不对。", "请逐位核对证件号码。"),
}
_SAID_BY_LIBRARY = {
    str(fields.Field.default_error_messages["required"]): "required",
    str(Schema._default_error_messages["unknown"]): "unknown_field",
}


def fault(code: str) -> Fault:
    """One known fault in words."""
    text, remedy = _FAULTS[code]
    return {"code": code, "text": text, "remedy": remedy}


def invalid(code: str) -> ValidationError:
    """The error by which a field says one of our faults."""
    return ValidationError(code)


def faults_of(messages: dict[str, Any]) -> dict[str, Fault]:
    """The first fault of each field; a field inside others is named with its path, as in `items.0.amount_fen`."""
    return {path: fault(code) for path, code in _flatten(messages, "")}


def _flatten(messages: dict[Any, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, said in messages.items():
        path = f"{prefix}{name}"
        if isinstance(said, dict):
            yield from _flatten(said, f"{path}.")
        else:
            first = str(said[0])
            yield path.removesuffix("._schema"), _SAID_BY_LIBRARY.get(first, first if first in _FAULTS else "invalid")
