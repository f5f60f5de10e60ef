"""Identity numbers: what is taken, what is refused, and why."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.id_number import IdNumberError, born_on, check_character, parse_id_number, sex_of

TODAY = date(2026, 11, 21)
CODES = {"length", "characters", "province", "birth_date", "check"}


def number(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


def refusal(typed: str) -> str:
    with pytest.raises(IdNumberError) as told:
        parse_id_number(typed, TODAY)
    return told.value.code


def test_the_example_of_the_standard_has_the_check_character_x() -> None:
    """GB 11643 itself prints 11010519491231002X."""
    assert parse_id_number("11010519491231002X", TODAY) == "11010519491231002X"


def test_a_number_is_trimmed_and_its_x_made_upper_case() -> None:
    assert parse_id_number(" 11010519491231002x ", TODAY) == "11010519491231002X"


def test_a_county_younger_than_the_person_is_taken() -> None:
    """371302 was made in 1994; people born before carry it all the same (standards §2.9)."""
    assert parse_id_number("371302198001011239", TODAY) == "371302198001011239"


@pytest.mark.parametrize("sample", ["110101198001011234", "110101201001011234"])
def test_the_guides_sample_numbers_are_refused_for_their_check_digit(sample: str) -> None:
    """X-38."""
    assert refusal(sample) == "check"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("110105491231002", "length"),
        ("", "length"),
        ("1101051949123100", "length"),
        ("１１０１０５１９４９１２３１００２X", "characters"),
        ("1101051949123100²X", "characters"),
        ("1101 051949123100X"[:18], "characters"),
        ("X10105194912310021", "characters"),
        (number("99010519491231002"), "province"),
        (number("11010519490230002"), "birth_date"),
        (number("11010520261122002"), "birth_date"),
        (number("11010518991231002"), "birth_date"),
        ("110105194912310021", "check"),
    ],
)
def test_each_fault_has_its_own_code(typed: str, code: str) -> None:
    assert refusal(typed) == code


def test_a_child_born_today_has_a_valid_number() -> None:
    assert parse_id_number(number("37139920261121002"), TODAY)


def test_birth_date_and_sex_are_read_from_the_number() -> None:
    assert born_on("11010519491231002X") == date(1949, 12, 31)
    assert sex_of("11010519491231002X") == "female"
    assert sex_of(number("37139919850302001")) == "male"


@given(st.text(max_size=24))
def test_any_text_is_either_taken_or_refused_with_a_code(typed: str) -> None:
    try:
        told = parse_id_number(typed, TODAY)
    except IdNumberError as fault:
        told = fault.code

    assert told in CODES or (len(told) == 18 and told.isascii())


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(place: int, shift: int) -> None:
    good = "371399198503020011"
    assert good == number(good[:17])
    wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]

    with pytest.raises(IdNumberError):
        parse_id_number(wrong, TODAY)
