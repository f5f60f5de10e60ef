"""Who inherits from whom, and that every value of every pack says where it comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from reference_core.packs.joining import find_line
from reference_core.packs.reading import ReadPack, read_packs
from reference_core.packs.shelf import load_packs
from tests.reference_core.cities.town import SHELF
from tests.reference_core.pure.family import NOW, REGIONS

GUIDE, NATION = "guide-003", "000000"
READ: dict[str, ReadPack] = {pack.code: pack for pack in read_packs([REGIONS])[0]}
WHOLE = ("371300", "130000", "610100", "340100", GUIDE)


def line(code: str) -> list[str]:
    """The pack and everything it inherits from."""
    return [pack.code for pack in find_line(code, READ)[0]]


def test_only_beijing_inherits_from_the_guide_and_from_nothing_else() -> None:
    """Y-01."""
    assert [code for code in READ if GUIDE in line(code)[1:]] == ["110000"]
    assert line("110000") == ["110000", GUIDE]
    assert line(GUIDE) == [GUIDE]


def test_only_beijing_has_a_value_that_the_guide_alone_says() -> None:
    """Y-01: `unverified` marks such a value wherever it stands."""
    unverified = {pack.code for pack in SHELF.regions(NOW.date()) if "unverified" in " ".join(pack.sources.values())}

    assert unverified == {"110000"}


def test_nobody_inherits_from_the_nation_what_it_does_not_say() -> None:
    """Y-01: whatever a city neither states nor finds in the text that it names is unknown, and told as that."""
    heirs = [code for code in READ if NATION in line(code)[1:]]
    assert heirs == ["130000"]

    said = READ[NATION].versions[0].parameters
    own = READ["130000"].versions[0].parameters
    pack = SHELF.versions("130000")[0]

    inherited = {name for name in pack.sources if "." not in name and name not in own}
    assert inherited == set(said) - set(own) == {"payer_insutypes", "cross_province"}
    assert {pack.source(name) for name in inherited} == {"NH-09", "NH-19"}


@pytest.mark.parametrize("region", ["320100", "310000", "000000", "guide-003", "370100"])
def test_a_place_without_a_pack_is_decided_by_nobody(region: str) -> None:
    """Y-01: neither the nation's text nor the guide is a way out."""
    assert SHELF.find(region, NOW.date()) is None


def test_neither_the_nation_nor_the_guide_is_offered_as_a_region() -> None:
    assert {NATION, GUIDE}.isdisjoint(pack.code for pack in SHELF.regions(NOW.date()))


@pytest.mark.parametrize("code", WHOLE)
def test_a_value_is_stated_with_its_source_or_told_to_be_unknown(code: str) -> None:
    """A city that inherits nothing (or nearly nothing) leaves out no parameter of the matrix in silence."""
    matrix = {
        "payer_statuses",
        "payer_excluded",
        "payer_pool_scope",
        "member_insutypes",
        "member_statuses",
        "member_pool_scope",
        "relations",
        "relation_quotas",
        "self_relation_allowed",
        "max_members_per_payer",
        "max_payers_per_member",
        "role_exclusive",
        "open_account_required",
        "kinship_slots",
        "kinship_proofs",
        "pledge_on",
        "second_confirmation",
        "identity_photos_required",
        "real_person_on",
        "passcode_required",
        "member_phone",
        "review_workdays",
        "acceptance_required",
        "effect_online",
        "offline_supported",
        "start_selectable",
        "monthly_cap_selectable",
        "scopes_selectable",
        "own_first",
        "when_short",
        "payer_selection",
        "payer_money",
        "trigger",
        "excluded_expenses",
        "ended_by",
        "on_payer_transfer",
        "on_payer_frozen",
    }

    assert matrix <= set(READ[code].versions[0].parameters)


def test_every_assumption_about_a_silent_city_says_why() -> None:
    for pack in READ.values():
        for version in pack.versions:
            for name, stated in version.parameters.items():
                if stated.source.startswith("assumed: "):
                    assert len(stated.source) > len("assumed: ") + 8, (pack.code, name)


@pytest.mark.parametrize(
    ("code", "day"), [("130000", date(2024, 10, 5)), ("610100", date(2023, 1, 28)), ("340100", date(2019, 11, 21))]
)
def test_a_pack_holds_from_the_day_of_its_text_with_no_end(code: str, day: date) -> None:
    """Y-21."""
    versions = SHELF.versions(code)

    assert [(pack.effective_from, pack.effective_to) for pack in versions] == [(day, None)]
    assert SHELF.find(code, date(day.year - 1, 12, 31)) is None


def test_later_national_policy_waits_as_drafts() -> None:
    """Y-21: what has not been verified decides on no day."""
    drafts = [version.version for version in READ[NATION].versions if version.draft]

    assert drafts == ["nh-draft-relatives", "nh-draft-cross-province"]
    assert [pack.version for pack in SHELF.versions(NATION)] == ["nh-1"]
    assert SHELF.versions(NATION)[0].cross_province == "no"


def test_a_draft_put_in_force_would_hold_from_its_day_on(tmp_path: Path) -> None:
    """Y-21: two versions stand side by side and the day of the act decides."""
    text = (REGIONS / "000000.yaml").read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    for version in written["versions"]:
        version.pop("draft", None)
        for bound in ("effective_from", "effective_to"):
            day = version[bound]["value"]
            version[bound]["value"] = day.isoformat() if day else None
    written["versions"][0]["effective_to"]["value"] = "2024-12-31"
    (tmp_path / "nation.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")

    old, wider, across = load_packs([tmp_path]).versions(NATION)

    assert (old.effective_to, wider.effective_from, across.effective_from) == (
        date(2024, 12, 31),
        date(2025, 1, 1),
        date(2026, 6, 1),
    )
    assert ("older_sister" in old.relations, "older_sister" in wider.relations) == (False, True)
    assert (old.member_pool_scope, wider.member_pool_scope, across.member_pool_scope) == ("city", "province", "nation")
