"""A pack in plain words: as a page for residents, as the difference between two, and as the command prints them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reference_core.check_packs import main
from reference_core.packs.schema import PARAMETERS
from reference_core.packs.shelf import Pack, load_packs
from reference_core.pages.difference import difference, difference_as_markdown
from reference_core.pages.page import SECTIONS, as_markdown, cite, page_of
from reference_core.pages.sayings import SAYINGS, say
from tests.reference_core.pure.family import LINYI, REGIONS, city_with

SHELF = load_packs([REGIONS])
PACKS = [pack for code in SHELF.codes() for pack in SHELF.versions(code)]
_CODES = re.compile("[a-z_]{3,}")


def newest(code: str) -> Pack:
    return SHELF.versions(code)[-1]


def told(pack: Pack) -> dict[str, list[str]]:
    return {paragraph.title: [line.text for line in paragraph.lines] for paragraph in page_of(pack)}


def test_every_choice_of_a_pack_has_its_words_and_its_place_on_the_page() -> None:
    placed = [name for _, names in SECTIONS for name in names]

    assert set(SAYINGS) == set(PARAMETERS)
    assert sorted(placed) == sorted(set(PARAMETERS) - {"legacy_amount_fields"})


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.code}-{pack.version}")
def test_a_page_is_chinese_sentences_that_each_say_where_they_come_from(pack: Pack) -> None:
    titles = [
        "谁可以和谁共济",
        "怎么开始",
        "要准备什么",
        "什么时候生效",
        "费用怎么付",
        "在哪里能用",
        "什么不能付",
        "怎么解除",
        "问谁",
    ]
    assert [title for title in told(pack) if title in titles] == titles
    for paragraph in page_of(pack):
        for line in paragraph.lines:
            assert line.text.endswith("。")
            assert not _CODES.search(line.text)
            assert line.source


def test_a_page_says_what_is_particular_to_its_city() -> None:
    hefei, hebei = told(newest("340100")), told(newest("130000"))

    assert "每种关系最多：父亲 1 位、母亲 1 位、配偶 1 位、子女 4 位。" in hefei["谁可以和谁共济"]
    assert "能共济的钱：只有往年的结余。" in hefei["费用怎么付"]
    assert "添加家人之前：不用单独开通。" in hebei["怎么开始"]
    assert "一个人最多添加：8 位家人。" in hebei["谁可以和谁共济"]
    assert not any("自己接受" in line for line in hebei["怎么开始"])


def test_advice_stands_apart_and_says_that_it_blocks_nothing() -> None:
    """GD-08, GD-13, GD-43, GD-54."""
    page = {paragraph.title: paragraph.lines for paragraph in page_of(newest("guide-003"))}

    assert [(line.text, line.source) for line in page["建议"][:3]] == [
        ("建议账户里常留：500 元。", "unverified: GD-08"),
        ("建议添加家人前账户里至少有：1000 元。", "unverified: GD-13"),
        ("建议多久看一次使用记录：每 1 个月。", "unverified: GD-43"),
    ]
    assert "只是建议" in page["建议"][3].text
    assert "unverified: GD-54" in {line.source for line in page["还要知道的"]}
    assert "建议" not in told(newest("130000"))


def test_scenes_under_the_same_conditions_stand_in_one_sentence_with_all_their_sources() -> None:
    lines = next(paragraph for paragraph in page_of(newest("340100")) if paragraph.title == "在哪里能用").lines

    visits = next(line for line in lines if "住院、门诊、门诊慢特病" in line.text)
    assert visits.source == "HF-11, HF-14, HF-18"
    assert "要开通个人账户共济结算" in visits.text


def test_sources_are_told_so_that_people_can_weigh_them() -> None:
    assert cite("AB-01; unverified: AB-02; assumed: 未写") == "AB-01；未核实：AB-02；推定：未写"
    assert cite("unknown") == "当地没有写明，暂按此办理"


def test_the_page_to_print_names_the_texts_it_rests_on_and_its_days() -> None:
    printed = as_markdown(replace(newest("340100"), effective_to=newest("340100").effective_from))

    assert printed.startswith("# 合肥市：个人账户共济\n\nhf-1，自 2019-11-21 起到 2019-11-21 有效。\n\n## 谁可以和谁共济\n\n- ")
    assert "\n- 一个人最多添加：7 位家人。（HF-16）\n" in printed
    assert printed.rstrip().endswith("合肥市医疗保障基金管理中心，2019-11-21")


def test_amounts_are_told_with_cents_only_where_there_are_some() -> None:
    assert say(city_with(monthly_cap_fen=80_000), "monthly_cap_fen") == "统一规定的每月额度：800 元。"
    assert say(city_with(monthly_cap_fen=80_005), "monthly_cap_fen") == "统一规定的每月额度：800.05 元。"


def test_places_that_pool_for_themselves_are_named_or_said_to_be_none() -> None:
    assert say(city_with(separate_pools=("371321", "371322")), "separate_pools") == "单独统筹的地方：371321、371322。"
    assert say(city_with(separate_pools=()), "separate_pools") == "单独统筹的地方：没有。"


def test_two_versions_differ_in_exactly_what_was_changed() -> None:
    newer = city_with(version="ly-2", max_members_per_payer=5, sources={**LINYI.sources, "max_members_per_payer": "LY-66"})

    (section,) = difference(LINYI, newer)

    assert section.title == "谁可以和谁共济"
    assert [(line.text, line.source) for line in section.lines] == [
        (
            "一个人最多添加：临沂市 ly-1 没有规定人数（当地没有写明，暂按此办理）；临沂市 ly-2 5 位家人（LY-66）。",
            "unknown / LY-66",
        )
    ]


def test_two_cities_differ_in_choices_places_steps_pledges_and_words() -> None:
    found = {
        paragraph.title: " ".join(line.text for line in paragraph.lines) for paragraph in difference(LINYI, newest("340100"))
    }

    assert "临沂市 账户里的全部余额" in found["费用怎么付"]
    assert "只在合肥市：" in found["能用的地方"]
    assert "开通家庭共济：临沂市 什么是家庭共济 → 请阅读并同意承诺书 → 核对您的信息；合肥市 没有这一项。" in found["办理步骤"]
    assert "往年的结余" in found["承诺书"]
    assert "使用的家人叫：临沂市 家人；合肥市 享受人。" in found["叫法和联系方式"]


def test_what_does_not_differ_is_said_to_be_the_same() -> None:
    assert difference(LINYI, LINYI) == ()
    assert difference_as_markdown(LINYI, LINYI).endswith("没有不同。\n")


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["--page", "130000"], 0, "# 河北省：个人账户共济"),
        (["--page", "130000@hb-1"], 0, "# 河北省：个人账户共济"),
        (["--difference", "340100", "340121"], 0, "# 合肥市和长丰县的不同"),
        (["--page", "130000@hb-9"], 1, "130000@hb-9 is no pack; there are 130000@hb-1"),
        (["--difference", "340100", "999999"], 1, "999999 is no pack; there are 000000, 110000"),
    ],
)
def test_the_command_prints_what_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], asked: list[str], code: int, said: str
) -> None:
    assert main(asked) == code
    assert capsys.readouterr().out.startswith(said)


def test_the_command_prints_a_pack_of_ones_own_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = (REGIONS / "371300.yaml").read_text(encoding="utf-8").replace('code: "371300"', 'code: "990300"')
    (tmp_path / "990300.yaml").write_text(written, encoding="utf-8")

    assert main([str(tmp_path), "--page", "990300"]) == 0
    assert "## 谁可以和谁共济" in capsys.readouterr().out


def test_a_form_to_sign_stands_on_the_page_and_in_the_difference() -> None:
    beijing, guide = newest("110000"), newest("guide-003")

    assert "家庭共济绑定申请表：按您填的内容生成，有授权人信息、被授权人信息、共济设置" in as_markdown(beijing)
    told = difference_as_markdown(beijing, guide)
    assert "## 申请表" in told
    assert "亲属关系属实" in told
    assert "## 申请表" not in difference_as_markdown(guide, guide)


def test_a_form_that_stayed_the_same_is_no_difference_between_two_versions() -> None:
    beijing = newest("110000")

    told = difference_as_markdown(beijing, replace(beijing, version="bj-next", max_members_per_payer=9))

    assert "## 申请表" not in told
