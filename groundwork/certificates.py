"""Numbers of certificates other than the citizen's card: which shape each kind has (standards of the national dictionary)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from groundwork.id_number import check_character

IDENTITY_CARD = "01"
_HONG_KONG, _MACAU, _TAIWAN, _PERMANENT, _RESIDENCE = "04", "05", "06", "07", "17"
# Kinds that are not listed have no shape that is known for certain.
_ANY = re.compile("[0-9A-Z]{5,30}")
_SHAPES: Mapping[str, re.Pattern[str]] = {
    _HONG_KONG: re.compile("[HM][0-9]{8,10}"),
    _MACAU: re.compile("[HM][0-9]{8,10}"),
    _TAIWAN: re.compile("[0-9]{8}"),
    # The card of 2004, and that of 2023 with its check character.
    _PERMANENT: re.compile("[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
    _RESIDENCE: re.compile("8[123]0000[0-9]{11}[0-9X]"),
}
_CHECKED = re.compile("[0-9]{17}[0-9X]")


class CertificateError(ValueError):
    """A number that this kind of certificate cannot have."""


def parse_certificate(cert_type: str, typed: str) -> str:
    """The number without outer spaces and in capitals. Raises `CertificateError`; for the citizen's card see `id_number`."""
    number = typed.strip().upper()
    if not _SHAPES.get(cert_type, _ANY).fullmatch(number):
        raise CertificateError
    is_checked = cert_type in (_PERMANENT, _RESIDENCE) and _CHECKED.fullmatch(number)
    if is_checked and check_character(number[:17]) != number[17]:
        raise CertificateError
    return number
