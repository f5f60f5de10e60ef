"""The citizen identity number of GB 11643: shape, province, birth date, check character."""

from __future__ import annotations

import re
from datetime import date

# The first two digits that GB/T 2260 gives to provinces, with the three of GB/T 2260's residence permits.
_BY_REGION = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(str(code) for first, last in _BY_REGION for code in range(first, last + 1))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# `[0-9]`, because `\d` and `str.isdigit` also take full-width and superscript digits.
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


class IdNumberError(ValueError):
    """Why a number cannot be a citizen's: `code` is one of `length`, `characters`, `province`, `birth_date`, `check`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_id_number(typed: str, today: date) -> str:
    """The number without outer spaces and with an upper-case X; raises `IdNumberError`."""
    number = typed.strip().upper()
    if len(number) != 18:
        raise IdNumberError("length")
    if not _SHAPE.fullmatch(number):
        raise IdNumberError("characters")
    if number[:2] not in PROVINCES:
        raise IdNumberError("province")
    if not _is_past_date(number[6:14], today):
        raise IdNumberError("birth_date")
    if check_character(number[:17]) != number[17]:
        raise IdNumberError("check")
    return number


def check_character(first_seventeen: str) -> str:
    """The eighteenth character that belongs to seventeen digits (ISO 7064 MOD 11-2)."""
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_seventeen, strict=True))
    return _CHECKS[weighted % 11]


def born_on(number: str) -> date:
    """The birth date inside a parsed number."""
    return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")


def sex_of(number: str) -> str:
    """`male` or `female`, by whether the seventeenth digit is odd."""
    return "male" if int(number[16]) % 2 else "female"


def _is_past_date(digits: str, today: date) -> bool:
    try:
        born = date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= today
