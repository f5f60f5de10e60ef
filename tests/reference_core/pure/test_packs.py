"""Packs as files: which is in force where and when, what they inherit, and what is refused with file, line and remedy."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from reference_core.check_packs import main
from reference_core.packs.shelf import BadPacks, PackShelf, load_packs
from tests.reference_core.pure.family import LINYI, NOW, REGIONS, SHELF

TODAY = NOW.date()
WHOLE = (REGIONS / "371300.yaml").read_text(encoding="utf-8").replace('code: "371300"', 'code: "500000"')


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new, 1)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadPacks) as refused:
        load_packs([written(folder, "city.yaml", text)])
    return [fault.removeprefix(f"{folder}/") for fault in refused.value.faults]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("region", ["371300", "371302", "371321", "371399"])
def test_a_county_is_served_by_its_citys_pack(region: str) -> None:
    assert SHELF.find(region, TODAY) is LINYI


@pytest.mark.parametrize("region", ["370000", "370100", "379900", "000000", "", "guide-003", "37130x"])
def test_a_place_without_a_pack_around_it_is_not_served(region: str) -> None:
    assert SHELF.find(region, TODAY) is None


def test_the_nations_text_is_never_a_way_out(tmp_path: Path) -> None:
    written(tmp_path, "nation.yaml", WHOLE.replace('"500000"', '"000000"'))
    written(tmp_path, "guide.yaml", WHOLE.replace('"500000"', '"guide-003"'))
    shelf = load_packs([tmp_path])

    assert shelf.codes() == ("000000", "guide-003")
    assert shelf.regions(TODAY) == ()
    assert shelf.find("371300", TODAY) is None


def test_a_pack_may_also_cover_regions_that_its_code_does_not_reach(tmp_path: Path) -> None:
    text = changed("name: 临沂市", 'name: 某市\nalso_covers: ["379900"]')

    shelf = load_packs([written(tmp_path, "city.yaml", text)])

    found = shelf.find("379901", TODAY)
    assert found is not None
    assert found.code == "500000"


def test_a_pack_holds_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    text = changed("effective_to: {value: null", "effective_to: {value: 2024-12-31")
    shelf = load_packs([written(tmp_path, "city.yaml", text)])

    held = [
        shelf.find("500000", day) is not None
        for day in map(date.fromisoformat, ["2021-06-30", "2021-07-01", "2024-12-31", "2025-01-01"])
    ]

    assert held == [False, True, True, False]


def two_versions(second_from: str, draft: bool = False) -> str:
    """The first version to the end of 2024, and another from the given day with two members at most."""
    first = changed("effective_to: {value: null", "effective_to: {value: 2024-12-31")
    body = WHOLE[WHOLE.index("  - version: ly-1") :].replace("ly-1", "ly-2").replace("2021-07-01", second_from)
    if draft:
        body = body.replace("    effective_to", "    draft: true\n    effective_to", 1)
    limit = "max_members_per_payer: {value: unknown, default: null}"
    return first + body.replace(limit, "max_members_per_payer: {value: 2, source: LY-66}")


def test_two_versions_stand_side_by_side_and_the_day_decides(tmp_path: Path) -> None:
    shelf = load_packs([written(tmp_path, "city.yaml", two_versions("2025-01-01"))])

    old, new = (shelf.find("500000", date.fromisoformat(day)) for day in ("2024-12-31", "2025-01-01"))

    assert old is not None
    assert new is not None
    assert (old.version, old.max_members_per_payer) == ("ly-1", None)
    assert (new.version, new.max_members_per_payer) == ("ly-2", 2)
    assert [pack.version for pack in shelf.versions("500000")] == ["ly-1", "ly-2"]


def test_two_versions_on_one_day_are_refused(tmp_path: Path) -> None:
    text = two_versions("2024-12-31")

    told = faults(tmp_path, text)

    line = line_of(text, "effective_from: {value: 2024-12-31")
    assert told == [
        f"city.yaml:{line}: versions.1.effective_from: ly-2 begins on 2024-12-31 while ly-1 still holds; end ly-1 the day before"
    ]


def test_a_draft_is_checked_but_never_in_force(tmp_path: Path) -> None:
    shelf = load_packs([written(tmp_path, "city.yaml", two_versions("2024-06-01", draft=True))])

    assert [pack.version for pack in shelf.versions("500000")] == ["ly-1"]
    assert faults(tmp_path, two_versions("2024-06-01", draft=True).replace("value: only_one", "value: whoever"))


CHILD = """
code: "500100"
name: 某区
inherits: "500000"
versions:
  - version: child-1
    effective_from: {value: 2022-01-01, assumed: 随市里}
    parameters:
      payer_excluded: {value: [preferential], assumed: 试}
"""


def child(**changes: str) -> str:
    parameters = "".join(f"      {name}: {said}\n" for name, said in changes.items())
    return CHILD.replace("      payer_excluded: {value: [preferential], assumed: 试}\n", parameters)


def test_a_pack_inherits_what_it_does_not_state_with_its_source(tmp_path: Path) -> None:
    written(tmp_path, "parent.yaml", WHOLE)
    written(
        tmp_path,
        "child.yaml",
        child(max_members_per_payer="{value: 3, assumed: 试}", payer_excluded="{value: [preferential], assumed: 试}"),
    )

    county = load_packs([tmp_path]).find("500100", TODAY)

    assert county is not None
    assert (county.max_members_per_payer, county.source("max_members_per_payer")) == (3, "assumed: 试")
    assert (county.role_exclusive, county.source("role_exclusive")) == (True, "LY-20, LY-21")
    assert county.payer_excluded == ("preferential",)
    assert county.source("payer_excluded.preferential") == "assumed: 试"
    assert county.words.hotline == "12393"
    assert set(county.flows) == {"open-account", "add-member", "remove-member"}


def test_what_is_inherited_changes_on_the_day_on_which_the_parent_changes(tmp_path: Path) -> None:
    written(tmp_path, "parent.yaml", two_versions("2025-01-01"))
    written(tmp_path, "child.yaml", child(kinship_slots="{value: 4, assumed: 试}"))
    shelf = load_packs([tmp_path])

    held = [
        (pack.effective_from.isoformat(), pack.max_members_per_payer, pack.kinship_slots) for pack in shelf.versions("500100")
    ]

    assert held == [("2022-01-01", None, 4), ("2025-01-01", 2, 4)]


def test_inheriting_from_nobody_or_in_a_circle_is_refused(tmp_path: Path) -> None:
    alone = faults(tmp_path, CHILD)
    circle = faults(tmp_path, changed("name: 临沂市", 'name: 某市\ninherits: "500000"'))

    assert alone == ["city.yaml:4: inherits: inherits from 500000, which no file describes; add it or remove this line"]
    assert circle == ["city.yaml:5: inherits: inherits from 500000 in a circle; remove one of the links"]


def test_of_the_heir_of_a_pack_that_cannot_be_read_nothing_is_said_before_that_is_mended(tmp_path: Path) -> None:
    written(tmp_path, "500000.yaml", "code: [")
    heir = written(tmp_path, "city.yaml", CHILD)

    with pytest.raises(BadPacks) as refused:
        load_packs([tmp_path])

    assert [Path(fault.split(":")[0]).name for fault in refused.value.faults] == ["500000.yaml"]
    assert heir.exists()


def test_a_section_can_take_over_another_and_say_some_of_it_itself(tmp_path: Path) -> None:
    """As YAML merges sections; a fault in what was taken over is told where it stands."""
    head, first, second = two_versions("2025-01-01").split("  - version:")
    begin, end = second.index("    parameters:\n"), second.index("    scenes:")
    second = f"{second[:begin]}    parameters:\n      <<: *all\n      kinship_slots: {{value: 4, assumed: 试}}\n{second[end:]}"
    first = first.replace("    parameters:\n", "    parameters: &all\n", 1)
    written(tmp_path, "city.yaml", "  - version:".join([head, first, second]))

    one, two = load_packs([tmp_path]).versions("500000")

    assert (one.kinship_slots, two.kinship_slots, two.ended_by) == (5, 4, one.ended_by)
    assert "takes over sections" in faults(tmp_path, "a: 1\n<<: 5\n")[0]


def test_two_files_for_one_region_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "a.yaml", WHOLE)
    written(tmp_path, "b.yaml", WHOLE)

    with pytest.raises(BadPacks, match=re.escape("b.yaml:3: code: 500000 belongs to")):
        load_packs([tmp_path])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'payer_insutypes: {value: ["310"]',
            'payer_insutypes: {value: ["311"]',
            "parameters.payer_insutypes.value.0: unknown word '311'; one of 310",
        ),
        ("max_payers_per_member: {value: 1", "max_payers_per_member: {value: one", "value: write a whole number"),
        ("max_payers_per_member: {value: 1", "max_payers_per_member: {value: 0", "value: must be a whole number from 1 to 99"),
        ("role_exclusive: {value: true", "role_exclusive: {value: maybe", "value: write true or false"),
        (
            "role_exclusive: {value: true, source: [LY-20, LY-21]}",
            "role_exclusive: {value: true}",
            "needs its source: exactly one of",
        ),
        ("role_exclusive: {value: true,", "role_exclusive: {value: true, assumed: 我猜,", "needs its source: exactly one of"),
        ("role_exclusive: {value: true, source: [LY-20, LY-21]}", "role_exclusive: true", "write {value: …, source: …}"),
        ("source: [LY-20, LY-21]", "source: [page 3]", "write a rule id such as AB-01"),
        ("source: [LY-20, LY-21]", "source: [QQ-20]", "QQ-20 points into QQ, which documents does not name"),
        ("role_exclusive:", "role_exclusiv:", "role_exclusiv: unknown key; correct its spelling or remove it"),
        (
            "max_members_per_payer: {value: unknown, default: null}",
            "max_members_per_payer: {value: unknown}",
            "needs the default that holds until then",
        ),
        ("relations: {value: [spouse, father,", "relations: {value: [spouse, spouse,", "spouse: written twice"),
        ("review_workdays: {value: null", "review_workdays: {value: [3, 1]", "write [shortest, longest]"),
        ("effective_from: {value: 2021-07-01", "effective_from: {value: 1 July", "write a date as year-month-day"),
        ("effective_to: {value: null", "effective_to: {value: 2020-01-01", "effective_to: ends before it begins"),
        ("scene: outpatient,", "scene: dentist,", "unknown word 'dentist'"),
        ("place: nation,\n         ", "", "place: is missing; write it"),
        ('hotline: "12393"', 'hotlines: "12393"', "words.hotlines: unknown key"),
        ("- {name: agree,", "- {name: signature,", "unknown word 'signature'"),
        ("      payer_status_not_normal:\n", "      payer_is_unlucky:\n", "unknown reason; the catalogue does not have it"),
        ('code: "500000"', "code: 500000", "code: write the code in quotes"),
        ('code: "500000"', 'code: "5000"', "code: '5000' is not a region"),
    ],
)
def test_a_fault_in_a_pack_is_told_with_its_line_and_remedy(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = changed(old, new)

    said = faults(tmp_path, text)

    assert any(told in fault for fault in said), said
    first_changed = next(
        number for number, (a, b) in enumerate(zip(WHOLE.split("\n"), text.split("\n"), strict=False), 1) if a != b
    )
    assert any(abs(int(fault.split(":")[1]) - first_changed) <= 1 for fault in said), (first_changed, said)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("max_payers_per_member: {value: 1", "max_payers_per_member: {value: 2", "only_one needs max_payers_per_member 1"),
        (
            "payer_selection: {value: only_one",
            "payer_selection: {value: largest_balance",
            "nothing to choose with max_payers_per_member 1",
        ),
        ("payer_money: {value: all", "payer_money: {value: above_reserve", "belongs to payer_money above_reserve"),
        ("payer_pool_scope: {value: city", "payer_pool_scope: {value: nation", "a pool of the nation crosses provinces"),
        ("relation_quotas: {value: unknown, default: {}}", "relation_quotas: {value: {child: 2}, source: LY-04}", ""),
        (
            "relation_quotas: {value: unknown, default: {}}",
            "relation_quotas: {value: {older_sister: 2}, source: LY-04}",
            "limits a relative who is not among relations",
        ),
        (
            "[spouse, father, mother, son, daughter], source: [LY-04",
            "[spouse, parent, mother, child], source: [LY-04",
            "mother stands in a group too",
        ),
        ("effect_online: {value: at_once", "effect_online: {value: after_review_and_acceptance", "nothing to wait for"),
        (
            "acceptance_required: {value: false",
            "acceptance_required: {value: true",
            "cannot be at_once while review or acceptance",
        ),
        (
            "effect_offline: {value: unknown, default: at_once}",
            "effect_offline: {value: unknown, default: chosen_date}",
            "must be true where",
        ),
        ("ended_by: {value: [payer, member]", "ended_by: {value: [member]", "must name the payer"),
        ("open_account_required: {value: true", "open_account_required: {value: false", "nobody would sign"),
        ("pledge_on: {value: open", "pledge_on: {value: bind", "needs the text that pledge_on asks for, under add-member"),
        ("              - {name: id_number, label: 家人身份证号}\n", "", "must ask id_number"),
        ("- {name: phone, label: 手机号码", "- {name: agree, label: 手机号码", "has the question agree twice"),
        (
            "- {name: phone, label: 手机号码",
            "- {name: card_number, label: 手机号码",
            "must ask phone, since payer_phone demands it",
        ),
        ("member_phone: {value: optional", "member_phone: {value: absent", "asks phone, which member_phone does not demand"),
        ("second_confirmation: {value: false", "second_confirmation: {value: true", "must ask confirm_id_number"),
        ("kinship_proofs: {value: [pledge]", "kinship_proofs: {value: [documents]", "must ask documents, since kinship_proofs"),
        (
            "kinship_proofs: {value: [pledge]",
            "kinship_proofs: {value: [signed_form]",
            "must ask signed_form, since kinship_proofs",
        ),
        ("real_person_on: {value: []", "real_person_on: {value: [unbind]", "must ask real_person, since real_person_on"),
        ("monthly_cap_selectable: {value: false", "monthly_cap_selectable: {value: true", "must ask monthly_cap_fen"),
        ("scopes_selectable: {value: false", "scopes_selectable: {value: true", "must ask scopes"),
        ("start_selectable: {value: false", "start_selectable: {value: true", "must ask starts_on"),
        ("end_selectable: {value: false", "end_selectable: {value: true", "must ask ends_on"),
        ("passcode_required: {value: false", "passcode_required: {value: true", "must be true where a flow asks a passcode"),
        (
            "monthly_cap_selectable: {value: false",
            "monthly_cap_max_fen: {value: 50000, assumed: 想来如此}\n      monthly_cap_selectable: {value: false",
            "limits a cap that nobody may set",
        ),
        ("      remove-member:\n", "      leave-relation:\n", "must have remove-member"),
        (
            "- {name: phone, label: 家人手机号",
            "- {name: agree, label: 家人手机号",
            "asks to agree, but pledges has no text for it",
        ),
        (
            'member_insutypes: {value: ["310", "390"]',
            'member_insutypes: {value: ["310"]',
            "is for 390, which member_insutypes does not have",
        ),
    ],
)
def test_choices_that_contradict_each_other_are_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = changed(old, new)
    if not told:
        assert load_packs([written(tmp_path, "city.yaml", text)]).codes() == ("500000",)
        return

    assert any(told in fault for fault in faults(tmp_path, text))


def test_a_channel_vouches_for_no_phone_that_opening_does_not_ask(tmp_path: Path) -> None:
    vouched = "    parameters:\n      verified_phone_required: {value: true, assumed: 试}\n"
    asked = changed("    parameters:\n", vouched)
    unasked = asked.replace("- {name: phone, label: 手机号码", "- {name: card_number, label: 手机号码")

    assert load_packs([written(tmp_path, "city.yaml", asked)]).codes() == ("500000",)
    assert any("needs open-account to ask phone" in fault for fault in faults(tmp_path, unasked))


FORM = """
    forms:
      add-member:
        title: 申请表
        source: LY-40
        parts: [{title: 家人, items: [{show: member_name, label: 姓名}]}]
        signatures: [签名]
"""


def test_a_form_that_no_screen_wants_back_is_refused(tmp_path: Path) -> None:
    assert any("would never be printed" in fault for fault in faults(tmp_path, WHOLE + FORM))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("member_name", "member_salary", "unknown word 'member_salary'"),
        ("        source: LY-40\n", "", "needs its source"),
        ("        signatures: [签名]\n", "", "signatures: is missing"),
    ],
)
def test_what_is_wrong_with_a_form_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = WHOLE + FORM.replace(old, new)

    assert any(told in fault for fault in faults(tmp_path, text)), faults(tmp_path, text)


def test_a_number_of_members_that_the_quotas_never_reach_is_refused(tmp_path: Path) -> None:
    quotas = "{value: {spouse: 1, father: 1, mother: 1, son: 2, daughter: 2}, source: LY-04}"
    text = changed("relation_quotas: {value: unknown, default: {}}", f"relation_quotas: {quotas}")

    assert load_packs([written(tmp_path, "city.yaml", text)]).codes() == ("500000",)
    limited = text.replace(
        "max_members_per_payer: {value: unknown, default: null}", "max_members_per_payer: {value: 8, source: LY-66}"
    )
    assert any("can never be reached: the quotas add up to 7" in fault for fault in faults(tmp_path, limited))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    written(
        tmp_path,
        "a.yaml",
        changed("role_exclusive: {value: true", "role_exclusive: {value: 1").replace("place: city", "place: town", 1),
    )
    written(tmp_path, "b.yaml", "code: [")

    with pytest.raises(BadPacks) as refused:
        load_packs([tmp_path])

    assert [Path(fault.split(":")[0]).name for fault in refused.value.faults] == ["a.yaml", "a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("- a\n", "is empty"),
        ("code: {\n", "is not YAML"),
        ("code: 1\ncode: 2\n", "code: is written twice"),
        ("a: !!python/name:os.system x", "is not YAML"),
    ],
)
def test_what_is_no_pack_at_all_is_told_as_that(tmp_path: Path, text: str, told: str) -> None:
    assert told in faults(tmp_path, text)[0]


def test_a_file_that_is_not_text_and_a_folder_that_is_not_there_are_told(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadPacks, match="not UTF-8"):
        load_packs([tmp_path])
    with pytest.raises(BadPacks, match="is not there"):
        load_packs([tmp_path / "nowhere"])


def test_what_nobody_states_is_unknown_and_its_default_holds() -> None:
    assert (LINYI.max_members_per_payer, LINYI.source("max_members_per_payer")) == (None, "unknown")
    assert (LINYI.advice_reserve_fen, LINYI.source("advice_reserve_fen")) == (None, "unknown")
    assert LINYI.source("buckets_order") == "Y-12"
    assert LINYI.source("payer_money").startswith("assumed: ")


def test_every_word_of_a_list_may_have_its_own_source() -> None:
    assert LINYI.source("payer_excluded.long_term_nonlocal") == "LY-10"
    assert LINYI.source("payer_excluded") == "LY-08, LY-09, LY-10"
    assert LINYI.source("scenes.390-outpatient") == "LY-30, LY-28, LY-43"


def test_a_pledge_is_named_by_the_hash_of_its_clauses() -> None:
    """LY-54…LY-57: four clauses."""
    pledge = LINYI.pledges["open-account"]

    assert len(pledge.clauses) == 4
    assert pledge.text_hash == hashlib.sha256("\n".join(pledge.clauses).encode()).hexdigest()
    assert dataclasses.replace(pledge, clauses=pledge.clauses[::-1]).text_hash != pledge.text_hash


def test_a_shelf_finds_by_day_without_reading_a_clock() -> None:
    later = dataclasses.replace(LINYI, effective_from=TODAY + timedelta(days=1))

    assert PackShelf([later]).find("371300", TODAY) is None


def test_the_command_says_that_the_bundled_packs_are_in_order() -> None:
    ran = subprocess.run([sys.executable, "-m", "reference_core.check_packs"], capture_output=True, text=True, check=False)

    assert (ran.returncode, re.sub("[0-9]+", "N", ran.stdout)) == (0, "N regions, all in order\n")


def test_the_command_prints_every_fault_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, "city.yaml", changed("role_exclusive: {value: true", "role_exclusive: {value: 1"))

    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.endswith("role_exclusive.value: write true or false\n1 to mend\n")
