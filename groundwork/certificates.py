"""Numbers of the certificates that a public service takes: the identity card, and what people from elsewhere carry."""

from __future__ import annotations

import re
from datetime import date

from groundwork.id_number import IdNumberError, check_character, parse_id_number

IDENTITY_CARD = "01"
# National codes (psn_cert_type) with what people call them.
CERTIFICATES = {
    IDENTITY_CARD: "居民身份证",
    "04": "港澳居民来往内地通行证（香港）",
    "05": "港澳居民来往内地通行证（澳门）",
    "06": "台湾居民来往大陆通行证",
    "07": "外国人永久居留身份证",
}
_RESIDENT_CARD_OLD = re.compile(r"[A-Z]{3}[0-9]{12}")
_RESIDENT_CARD_NEW = re.compile(r"9[0-9]{16}[0-9X]")
_SHAPES = {
    "04": re.compile(r"H[0-9]{8}([0-9]{2})?"),
    "05": re.compile(r"M[0-9]{8}([0-9]{2})?"),
    "06": re.compile(r"[0-9]{8}"),
}


def parse_certificate(cert_type: str, typed: str, today: date) -> str:
    """The number as it counts; raises `IdNumberError`, and `KeyError` for a certificate that nobody takes."""
    if cert_type == IDENTITY_CARD:
        return parse_id_number(typed, today)
    number = typed.strip().upper()
    if cert_type == "07":
        return _resident_card(number)
    if not _SHAPES[cert_type].fullmatch(number):
        raise IdNumberError("shape")
    return number


def _resident_card(number: str) -> str:
    """The old card has letters first; the one since 2023 counts its check character like an identity card."""
    if _RESIDENT_CARD_OLD.fullmatch(number):
        return number
    if not _RESIDENT_CARD_NEW.fullmatch(number):
        raise IdNumberError("shape")
    if check_character(number[:17]) != number[17]:
        raise IdNumberError("check")
    return number
