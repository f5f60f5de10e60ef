"""What a refusal says: Chinese, short, something to do next, and never only that the system is busy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from reference_core.packs.shelf import Pack, load_packs
from reference_core.vocabulary.reason_catalogue import CITY_WORDS, CatalogueEntry, Wording, entry_of, known_rules, names_in
from tests.reference_core.pure.family import REGIONS, city_with
from tests.reference_core.refusals.case import Refusal
from tests.reference_core.refusals.catalogue import REFUSALS

RULES = sorted(known_rules())
SAYS_NOTHING = re.compile("系统繁忙|系统异常|系统错误|网络异常|未知错误|操作失败|服务不可用|稍后再试|稍后重试")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FOREIGN = re.compile(r"[A-Za-z]")
SHELF = load_packs([REGIONS])
PACKS = [pack for code in SHELF.codes() for pack in SHELF.versions(code)]


def wordings(rule: str) -> Iterator[tuple[CatalogueEntry, Wording]]:
    entry = entry_of(rule)
    yield from ((entry, wording) for wording in entry.wordings.values())


def without_names(said: str) -> str:
    return re.sub(r"\{\w+\}", "", said)


@pytest.mark.parametrize("rule", RULES)
def test_every_text_is_chinese_short_and_ends_as_a_sentence(rule: str) -> None:
    for _entry, wording in wordings(rule):
        for said, longest in ((wording.text, 60), (wording.next_step, 45), (wording.clerk, 60)):
            plain = without_names(said)
            assert CHINESE.search(plain)
            assert not FOREIGN.search(plain)
            assert len(plain) <= longest, said
            assert said.endswith("。")


@pytest.mark.parametrize("rule", RULES)
def test_no_text_says_only_that_the_system_is_busy(rule: str) -> None:
    for _entry, wording in wordings(rule):
        for said in (wording.text, wording.next_step, wording.clerk):
            assert not SAYS_NOTHING.search(said)


@pytest.mark.parametrize("rule", RULES)
def test_the_next_step_is_something_to_do_and_no_repetition_of_the_text(rule: str) -> None:
    for _entry, wording in wordings(rule):
        assert wording.next_step != wording.text
        assert re.search("请|可|直接|不需要|恢复|补充|参加", wording.next_step)


@pytest.mark.parametrize("rule", RULES)
def test_what_a_text_shows_is_among_the_facts_of_its_reason(rule: str) -> None:
    for entry, wording in wordings(rule):
        known = {*entry.facts, *CITY_WORDS, *(("whose",) if "who" in entry.facts else ())}
        assert names_in(wording.text) | names_in(wording.next_step) <= known
        assert not names_in(wording.clerk)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.code}-{pack.version}")
def test_a_citys_own_wording_names_nothing_that_the_reason_does_not_know(pack: Pack) -> None:
    for rule, own in pack.reason_texts.items():
        entry = entry_of(rule)
        known = {*entry.facts, *CITY_WORDS, *(("whose",) if "who" in entry.facts else ())}
        assert names_in(own.text) | names_in(own.next_step) <= known
        assert not SAYS_NOTHING.search(own.text + own.next_step)


def test_every_city_sends_people_to_a_place_and_a_number_of_its_own_words() -> None:
    for pack in PACKS:
        assert re.fullmatch(r"[0-9-]{5,13}", pack.words.hotline)
        assert CHINESE.search(pack.words.counter)
        assert pack.effective_from <= (pack.effective_to or date.max)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_no_reason_tells_a_person_or_an_identifier_in_its_words(refusal: Refusal) -> None:
    """The people of these cases are called p0001 and on; their ties r0001 and on."""
    for reason in refusal.reasons():
        assert not re.search(r"\b[pr][0-9]{4}\b", reason.text + reason.next_step)


def test_a_city_with_another_number_and_another_counter_says_so_in_the_same_refusal() -> None:
    words = city_with().words
    told = {(words.hotline, words.counter)} | {(pack.words.hotline, pack.words.counter) for pack in PACKS}

    assert len(told) > 1
