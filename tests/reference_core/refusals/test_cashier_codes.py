"""The six characters on a slip: one code for one reason, and the same words behind it without any connection."""

from __future__ import annotations

import re

import pytest

from reference_core.vocabulary.reason_catalogue import CITY_WORDS, cashier_code, decode, known_rules
from tests.reference_core.refusals.case import Refusal
from tests.reference_core.refusals.catalogue import REFUSALS


def pattern_of(said: str) -> str:
    """The text with anything in the places of its facts."""
    return "".join("(.*)" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", said))


def test_no_two_reasons_share_a_code() -> None:
    codes = [cashier_code(rule) for rule in known_rules()]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{6}", code) for code in codes)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_a_code_from_a_slip_leads_back_to_the_words_that_the_person_read(refusal: Refusal) -> None:
    for reason in refusal.reasons():
        entry = decode(reason.cashier_code.lower())

        assert entry is not None
        assert entry.rule == reason.rule
        wording = entry.wording(reason.facts)
        assert re.fullmatch(pattern_of(wording.text), reason.text)
        assert wording.owner == reason.owner


def test_a_code_with_one_character_mistyped_never_names_another_reason() -> None:
    """Among a thousand million codes the few in use lie far apart; what is mistyped decodes to nothing."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for rule in known_rules():
        code = cashier_code(rule)
        for place in range(6):
            for typed in alphabet.replace(code[place], ""):
                assert decode(code[:place] + typed + code[place + 1 :]) is None


def test_a_code_needs_no_city_to_be_read() -> None:
    entry = decode(cashier_code("payer_balance_zero"))

    assert entry is not None
    assert set(CITY_WORDS) >= set(re.findall(r"\{(\w+)\}", entry.wording({}).text))
