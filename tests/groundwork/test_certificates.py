"""Certificates other than the citizen's card: each kind takes its own numbers and no other kind's."""

from __future__ import annotations

import pytest

from groundwork.certificates import CertificateError, parse_certificate
from groundwork.id_number import check_character


def checked(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


@pytest.mark.parametrize(
    ("cert_type", "number"),
    [
        ("04", "H12345678"),
        ("04", "H1234567890"),
        ("05", "M12345678"),
        ("06", "12345678"),
        ("07", "USA110199003070"),
        ("07", checked("91110519900307001")),
        ("17", checked("81000019900307001")),
        ("08", "E1234567"),
    ],
)
def test_each_kind_takes_its_own_numbers(cert_type: str, number: str) -> None:
    """XA-16, standards §2.5 and §2.9."""
    assert parse_certificate(cert_type, f" {number.lower()} ") == number


@pytest.mark.parametrize(
    ("cert_type", "number"),
    [
        ("04", "12345678"),
        ("04", "H1234567"),
        ("06", "H12345678"),
        ("07", "US110199003070"),
        ("07", checked("91110519900307001")[:-1] + "*"),
        ("17", checked("11010119900307001")),
        ("08", "E12"),
        ("08", "Ｅ１２３４５６７"),
        ("99", "12 34 56"),
    ],
)
def test_what_a_kind_cannot_have_is_refused(cert_type: str, number: str) -> None:
    with pytest.raises(CertificateError):
        parse_certificate(cert_type, number)


@pytest.mark.parametrize(("cert_type", "first"), [("07", "91110519900307001"), ("17", "81000019900307001")])
def test_a_wrong_check_character_is_found(cert_type: str, first: str) -> None:
    wrong = "0" if check_character(first) != "0" else "1"

    with pytest.raises(CertificateError):
        parse_certificate(cert_type, first + wrong)
