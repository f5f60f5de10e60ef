"""What may be shown of a name, a number or a phone to somebody who need not see the whole of it."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """`王小明` -> `**明`: the last character stays, since a family often shares the first."""
    return "*" * (len(name) - 1) + name[-1] if len(name) > 1 else "*"


def mask_id_number(number: str) -> str:
    """`371399198001011234` -> `371***********1234`."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_phone(phone: str) -> str:
    """`13800001234` -> `138****1234`."""
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
