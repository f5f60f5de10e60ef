"""One family for each city, at the desk: signing in, sharing, what the city adds to that, the till, and the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import yaml

from dev.counter import Counter
from dev.player import Json, Phone, World
from tests.client.conftest import Holder
from tests.client.desk import Desk
from tests.client.handset import Handset
from tests.journeys.cast import ELSEWHERE, employee, resident
from tests.printed import text_of
from tests.worlds import packs_of_tests

HERE = Path(__file__).parent
FAMILIES: list[Json] = yaml.safe_load((HERE / "families.yaml").read_text(encoding="utf-8"))
# These are played by journeys of their own, in `test_story.py` and `test_families.py`.
PLAYED_ELSEWHERE = {"371300"}


def test_every_city_that_is_served_has_its_family(world: World) -> None:
    served = {one["code"] for one in Phone(world, {}).get("/regions?limit=100").ok()["items"]}
    of_tests = {pack.stem for folder in packs_of_tests() for pack in folder.glob("*.yaml")}

    families = {code for family in FAMILIES for code in [family["pack"], *family.get("also", [])]}

    assert families | PLAYED_ELSEWHERE == served - of_tests


@pytest.mark.parametrize("family", FAMILIES, ids=[family["pack"] for family in FAMILIES])
def test_a_family_of_this_city_shares_its_money(
    world: World, open_desk: Callable[[], Desk], data_dir: Path, family: Json
) -> None:
    payer, member = employee(world, **family["payer"]), somebody_to_help(world, family)
    desk = open_desk()

    ask_for(desk.hand_to(payer).arrive(), member, family)
    if "reviewed" in family:
        counter = Counter(world, data_dir)
        counter.decide(Phone(world, payer).sign_in().members()[0]["id"], "approve").ok()
    theirs = desk.hand_to(member).sign_in()
    if "accepted" in family:
        accept(theirs, family["accepted"])
    theirs.tab("医保码")
    theirs.code_shown()
    slip = desk.take(
        world.institution(**family["place"]), family["visit"], family["bill_yuan"], declared=bool(family.get("declared"))
    )

    assert set(family["slip"]) <= {" ".join(line.split()) for line in slip}
    ours = desk.hand_to(payer).sign_in()
    ours.tab("家人")
    ours.sees(*family["listed"], f"用了您 {family['record'][-1].split()[-1]} 元")
    ours.tab("记录")
    ours.sees(*family["record"])


def test_where_no_rules_are_known_one_is_told_so_and_what_to_do(world: World, hand: Holder) -> None:
    person = employee(world, region=ELSEWHERE)
    told = Phone(world, person).arrive().get("/flows").ok()["items"]
    adding = next(flow for flow in told if flow["name"] == "add-member")

    phone = hand(person).sign_in()
    phone.tap("flow-add-member")

    [reason] = adding["reasons"]
    assert reason["rule"] == "region_not_served"
    phone.sees(reason["text"], reason["next_step"], "规定没有写明")
    assert "assumed" not in phone.screen.locator(".sheet:visible").inner_text()


def somebody_to_help(world: World, family: Json) -> Json:
    """A member who has shown who they are; whoever else shares with them does so already."""
    facts = {name: str(value) if name == "born" else value for name, value in family["member"].items()}
    member = resident(world, **facts)
    for other in family.get("others", []):
        Phone(world, employee(world, name="程二川", **other)).arrive().add(member, family["relation"])
    Phone(world, member).arrive()
    return member


def ask_for(phone: Handset, member: Json, family: Json) -> None:
    """Everything that this city wants of a payer, and only that."""
    if "opens" in family:
        phone.start("open-account")
        phone.walk({})
    phone.start("add-member")
    phone.forget()
    named = {name: member[name] for name in ("name", "id_number", "card_number", "phone")}
    phone.walk_until_end({**named, "relation": family["relation"], **family.get("answers", {})})
    assert phone.questions == flat(family["asked"])
    read = "\n".join(phone.read)
    assert [words for words in family["read"] if words not in read] == []
    phone.sees(family["ends"], *([family["after"]] if "after" in family else []))
    assert [option for option in family.get("not_offered", []) if option in phone.offered] == []
    printed = "".join(text_of(paper) for paper in phone.papers)
    assert [words for words in family.get("printed", []) if words not in printed] == []


def accept(phone: Handset, promised: Iterable[str]) -> None:
    phone.tab("家人")
    phone.tap_words("看一看，决定要不要")
    phone.walk({})
    read = "\n".join(phone.read)
    assert [words for words in promised if words not in read] == []


def flat(names: list[str | list[str]]) -> list[str]:
    return [name for some in names for name in ([some] if isinstance(some, str) else some)]
