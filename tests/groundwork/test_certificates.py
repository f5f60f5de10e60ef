"""Certificates other than the citizen's card: each kind takes its own numbers and no other kind's."""

from __future__ import annotations

from datetime import date

import pytest

from groundwork.certificates import parse_certificate
from groundwork.id_number import IdNumberError, check_character

TODAY = date(2026, 11, 21)


def checked(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


@pytest.mark.parametrize(
    ("cert_type", "number"),
    [
        ("04", "H12345678"),
        ("04", "H1234567890"),
        ("01", checked("11010119900307001")),
        ("05", "M12345678"),
        ("06", "12345678"),
        ("07", "USA110199003070"),
        ("07", checked("91110519900307001")),
    ],
)
def test_each_kind_takes_its_own_numbers(cert_type: str, number: str) -> None:
    """XA-16, standards §2.5 and §2.9."""
    assert parse_certificate(cert_type, f" {number.lower()} ", TODAY) == number


@pytest.mark.parametrize(
    ("cert_type", "number"),
    [
        ("04", "12345678"),
        ("04", "H1234567"),
        ("06", "H12345678"),
        ("07", "US110199003070"),
        ("05", "H12345678"),
        ("06", "１２３４５６７８"),
        ("07", checked("91110519900307001")[:-1] + "*"),
    ],
)
def test_what_a_kind_cannot_have_is_refused(cert_type: str, number: str) -> None:
    with pytest.raises(IdNumberError):
        parse_certificate(cert_type, number, TODAY)


def test_a_wrong_check_character_is_found() -> None:
    first = "91110519900307001"
    wrong = "0" if check_character(first) != "0" else "1"

    with pytest.raises(IdNumberError):
        parse_certificate("07", first + wrong, TODAY)
