"""Small things that a pack's file may get wrong or say in several ways: each named fault has a line, each source its origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from reference_core.packs.schema_fields import WorkingDays, join_sources
from reference_core.packs.shelf import load_packs
from tests.reference_core.pure.family import REGIONS
from tests.reference_core.pure.test_packs import changed, faults


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("institutions: [{kind: hospital}, {kind: primary_care}]", "institutions: [{}]", "institutions.0.kind: is missing"),
        ("institutions: [{kind: hospital}, {kind: primary_care}]", "institutions: []", "institutions: is empty"),
        ("credentials: [voucher, social_card, id_card]", "credentials: []", "credentials: is empty"),
        ("- {show: member, label: 家人}", "- {label: 家人}", "items.0.show: is missing; write it"),
        ("- {name: agree, label:", "- {label:", "fields.0.name: is missing; write which question this is"),
        ("- {name: agree, label:", "- {name: summary, label:", "fields.0.items: a summary, and nothing else, lists"),
        ('payer_insutypes: {value: ["310"]', 'payer_insutypes: {value: "310"', "payer_insutypes.value: write a list"),
        ("role_exclusive: {value: true,", "role_exclusive: {value: true, colour: red,", "role_exclusive.colour: unknown key"),
        ("name: 临沂市", 'name: 某市\nalso_covers: ["3799"]', "also_covers.0: '3799' is not a region; write its six digits"),
        ("next: [{flow: add-member, title: 添加家人}]", "next: [{title: 添加家人}]", "next.0.flow: is missing; write it"),
        (
            "    words:\n",
            "    words:\n      help_sources: {kinship: page 3}\n",
            "help_sources.kinship: write rule ids in quotes",
        ),
        ("    words:\n", "    words:\n      help_sources: {kin: LY-48}\n", "help_sources.kin: names no text of help"),
        ("speech: 请填写家人的姓名、", "speech: 第 {number} 位家人、", "steps.0: asks for {number}; only {members} and {limit}"),
        ("speech: 请填写家人的姓名、", "speech: 最多 {limit} 位、", "steps.0: tells a {limit} where max_members_per_payer"),
        ("speech: 请填写家人的姓名、", "speech: 最多 {limit 位、", "steps.0: has a brace without its other half"),
    ],
)
def test_what_is_left_out_or_empty_is_a_named_fault_with_a_remedy(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = changed(old, new)

    assert any(told in fault and fault.startswith("city.yaml:") for fault in faults(tmp_path, text))


@pytest.mark.parametrize(
    ("section", "following", "left", "told"),
    [
        ("scenes", "words", "    scenes: []\n", "must have at least one line, or nothing could ever be paid"),
        ("words", "pledges", "", "needs a section words, here or in what it inherits from"),
    ],
)
def test_a_city_without_places_to_spend_or_words_is_refused(
    tmp_path: Path, section: str, following: str, left: str, told: str
) -> None:
    whole = changed("name: 临沂市", "name: 某市")
    before, after = whole.index(f"    {section}:\n"), whole.index(f"    {following}:\n")

    assert any(told in fault for fault in faults(tmp_path, whole[:before] + left + whole[after:]))


def test_the_days_of_a_review_cannot_be_changed_by_whoever_reads_them() -> None:
    days: object = WorkingDays().deserialize([1, 3])

    assert days == (1, 3)
    assert WorkingDays().deserialize(None) is None


@pytest.mark.parametrize(
    ("told", "joined"),
    [
        (["AB-01", "AB-02, AB-01"], "AB-01, AB-02"),
        (["unverified: GD-31, GD-39", "unverified: GD-20, GD-31"], "unverified: GD-31, GD-39, GD-20"),
        (["assumed: one, two", "unverified: GD-01", "AB-01", "assumed: one, two"], "AB-01; unverified: GD-01; assumed: one, two"),
    ],
)
def test_sources_are_told_by_origin_and_each_once(told: list[str], joined: str) -> None:
    assert join_sources(told) == joined


def test_one_word_of_a_list_that_nobody_verified_says_so_too() -> None:
    guide = load_packs([REGIONS]).versions("guide-003")[-1]

    assert guide.source("real_person_on.bind") == "unverified: GD-23"
    assert guide.source("real_person_on") == "unverified: GD-23, GD-45, GD-44"
    assert guide.source("scenes.390").count("unverified") == 1
