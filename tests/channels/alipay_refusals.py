"""Every refusal of Alipay's that docs/alipay-errors.md names, with the reaction that it promises."""

from __future__ import annotations

import re
from pathlib import Path

from bff.channels.base import CheckResult, Delivery
from bff.errors import BffError, every_error

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "alipay-errors.md").read_text(encoding="utf-8")
Refusal = tuple[str, str, type[BffError]]
State = tuple[str, str, CheckResult]
Row = tuple[str, str, str]

_ERRORS = {error.code: error for error in every_error()}
_STATES = {result.value: result for result in CheckResult}


def rows_below(heading: str) -> list[Row]:
    """Code, sub_code and reaction of each row of one part of the page."""
    part = next(part for part in PAGE.split("\n## ") if part.startswith(heading))
    found = re.findall(r"^\| (\d+) \| ([A-Za-z_.-]*) ?\| .+ \| `([a-z_]+)` \|$", part, re.MULTILINE)
    assert len(found) == part.count("\n| ") - 1, f"a row of {heading} cannot be read"
    return found


def _errors(heading: str) -> list[Refusal]:
    return [(code, sub_code, _ERRORS[word]) for code, sub_code, word in rows_below(heading) if word in _ERRORS]


ANYWHERE = _errors("Every call")
AT_LOGIN = _errors("Signing in")
AT_PHONE = _errors("The phone number")
AT_CHECK_BEGIN = _errors("A check begins")
AT_CHECK_END = _errors("A check ends")
CHECK_STATES: list[State] = [
    (code, sub_code, _STATES[word]) for code, sub_code, word in rows_below("A check ends") if word in _STATES
]
MESSAGES = [(code, sub_code, Delivery(word)) for code, sub_code, word in rows_below("A message")]
