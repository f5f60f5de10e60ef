"""The seven families of errors that the guide warns of, each met in the city that goes by it, and called by its name."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dev.counter import Counter
from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, employee, resident, rules
from tests.journeys.cities.applicant import apply_for
from tests.journeys.failures.asking import refused_to_add, the_reason, told_when_adding

CITY, ELSEWHERE = "110000", "371300"


@pytest.fixture
def counter(world: World, data_dir: Path) -> Counter:
    return Counter(world, data_dir)


@pytest.fixture
def payer(world: World) -> Phone:
    return opened(world)


def opened(world: World, **facts: Any) -> Phone:
    phone = Phone(world, employee(world, **{"region": CITY, "balance_fen": 100_000, **facts})).arrive()
    phone.open_account()
    return phone


def child(world: World, **facts: Any) -> Json:
    insured = {"insutype": "390", "status": "normal", **facts.pop("insured", {})}
    told = {"region": CITY, "born": "1999-05-06", "sex": "male", "name": "程小舟", "insurances": [insured], **facts}
    return resident(world, **told)


def bound(world: World, payer: Phone, counter: Counter, **chosen: Any) -> Phone:
    """The phone of a son whom the payer added, the agency approved and who accepted."""
    son = child(world)
    phone = Phone(world, son).arrive()
    apply_for(payer, son, **chosen)
    relation = payer.members()[-1]["id"]
    counter.decide(relation, "approve").ok()
    phone.walk("accept-relation", {"member": relation})
    return phone


def pays(phone: Phone, institution: Json, amount_fen: int, **more: Any) -> Json:
    return phone.pay(institution, amount_fen, OUTPATIENT_VISIT, declares_mutual_aid=True, **more).ok()


def paid_by_family(paid: Json) -> int:
    return sum(one["paid_fen"] for one in paid["payers"])


@pytest.mark.parametrize("relation", ["older_sister", "grandmother", "granddaughter"])
def test_relatives_of_another_kind_cannot_be_added(world: World, payer: Phone, relation: str) -> None:
    """GD-35: the first."""
    reasons = refused_to_add(payer, child(world, sex="female", name="程小渡"), relation)

    assert the_reason(reasons, "relation_not_allowed")["facts"]["allowed"] == ["配偶", "父母", "子女"]


@pytest.mark.parametrize(("insured", "status"), [({"status": "arrears"}, "arrears"), ({"paid_year": 2020}, "unpaid_this_year")])
def test_a_member_whose_insurance_is_not_in_order_cannot_be_added(world: World, payer: Phone, insured: Json, status: str) -> None:
    """GD-36: the second; a resident must have paid this year."""
    reasons = refused_to_add(payer, child(world, insured=insured), "child")

    assert the_reason(reasons, "member_status_abnormal")["facts"]["status"] == status


def test_a_member_who_stops_paying_after_being_added_is_told_at_the_till(world: World, payer: Phone, counter: Counter) -> None:
    """GD-36: bound, but use shows that the insurance is not in order."""
    son = bound(world, payer, counter)
    hospital = world.institution(CITY, "hospital")
    world.life(son.person, insurances=[{"insutype": "390", "paid_year": 2020}])

    before = pays(son, hospital, 1_000)
    world.life(son.person, insurances=[{"insutype": "390", "paid_year": 2099}])
    after = pays(son, hospital, 1_000)

    told = the_reason(before["reasons"], "member_status_abnormal")
    assert (told["owner"], told["facts"]["status"]) == ("member", "unpaid_this_year")
    assert (paid_by_family(before), paid_by_family(after)) == (0, 1_000)


def test_too_little_money_pays_nothing_and_says_so(world: World, counter: Counter) -> None:
    """GD-37: the third."""
    son = bound(world, opened(world, balance_fen=900), counter)

    paid = pays(son, world.institution(CITY, "hospital"), 1_000)

    assert the_reason(paid["reasons"], "payer_balance_insufficient")["owner"] == "payer"
    assert (paid_by_family(paid), paid["cash_fen"]) == (0, 1_000)


def test_right_after_adding_it_is_not_in_effect_and_the_counter_is_named_for_the_hurried(world: World, payer: Phone) -> None:
    """GD-38: the fourth."""
    son = child(world)
    apply_for(payer, son)

    paid = pays(Phone(world, son).arrive(), world.institution(CITY, "hospital"), 1_000)

    told = the_reason(paid["reasons"], "not_yet_effective")
    assert told["facts"]["why"] == "under_review"
    assert "急用" in told["next_step"]


def test_away_from_home_it_takes_a_record_and_a_hospital_that_supports_it(world: World, payer: Phone, counter: Counter) -> None:
    """GD-39: the fifth, in both of its halves."""
    son = bound(world, payer, counter)
    able = world.institution(ELSEWHERE, "hospital", capabilities=["mutual_aid"])
    unable = world.institution(ELSEWHERE, "hospital", capabilities=[])

    without_record = pays(son, able, 1_000)
    world.life(son.person, conditions=["nonlocal_record"])
    at_the_wrong_place, at_the_right_one = pays(son, unable, 1_000), pays(son, able, 1_000)

    assert the_reason(without_record["reasons"], "nonlocal_not_supported")["owner"] == "me"
    assert rules(at_the_wrong_place["reasons"]) == {"institution_not_enabled"}
    assert paid_by_family(at_the_right_one) == 1_000


def test_a_second_payer_is_refused_without_a_word_about_the_first(world: World, payer: Phone, counter: Counter) -> None:
    """GD-40: the sixth, its first half."""
    son = bound(world, payer, counter)

    reasons = refused_to_add(opened(world, name="王另外"), son.person, "child")

    told = the_reason(reasons, "member_already_bound")
    assert told["facts"] == {"why": "by_others", "limit": 1}
    assert payer.person["name"] not in str(told)


def test_more_than_the_months_cap_is_not_shared(world: World, payer: Phone, counter: Counter) -> None:
    """GD-40: the sixth, its second half."""
    son = bound(world, payer, counter, monthly_cap_fen=1_500)
    hospital = world.institution(CITY, "hospital")

    within, over = pays(son, hospital, 1_000), pays(son, hospital, 1_000)

    assert (paid_by_family(within), paid_by_family(over)) == (1_000, 0)
    assert the_reason(over["reasons"], "cap_exceeded")["facts"] == {"whose_cap": "payer"}


def small() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (24, 16), "white").save(kept, "JPEG")
    return kept.getvalue()


@pytest.mark.parametrize(("sent", "code"), [(small(), "photo_too_small"), (b"\xff\xd8\xff\xe0", "photo_kind")])
def test_a_photo_that_nobody_can_read_is_turned_back_at_once(payer: Phone, sent: bytes, code: str) -> None:
    """GD-41: the seventh, about photos, where a machine can tell."""
    fault = payer.upload(sent).body["fields"]["file"]

    assert fault["code"] == code
    assert fault["remedy"]


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("id_number", "１１０１０１199905060011", "id_number_full_width"),
        ("id_number", "110101 19990506 0011", "id_number_characters"),
        ("id_number", "11010119990506", "id_number_length"),
        ("name", "程小舟2号", "name_characters"),
    ],
)
def test_wrong_characters_are_told_at_their_field(world: World, payer: Phone, field: str, typed: str, code: str) -> None:
    """GD-41: the seventh, about what is typed."""
    told = told_when_adding(payer, child(world), "child", **{field: typed}).problem(422, "invalid_answers")

    assert told["fields"][field]["code"] == code


def test_spaces_around_what_is_typed_do_no_harm(world: World, payer: Phone) -> None:
    """GD-41: what a machine can mend it mends."""
    son = child(world)

    apply_for(payer, son, id_number=f" {son['id_number']} ", name=f" {son['name']} ")

    assert [one["status"] for one in payer.members()] == ["under_review"]


def test_a_photo_that_a_clerk_cannot_read_is_rejected_by_name_and_the_payer_asks_anew(
    world: World, payer: Phone, counter: Counter
) -> None:
    """GD-41, GD-50: the seventh, about photos, where only a reader can tell."""
    son = child(world)
    apply_for(payer, son)
    counter.decide(payer.members()[0]["id"], "reject", because=["documents_unclear"]).ok()

    (turned_down,) = payer.members()
    told = the_reason(turned_down["reasons"], "documents_unclear")
    again = apply_for(payer, son)

    assert (turned_down["status"], told["owner"]) == ("ended", "me")
    assert "重新拍照" in told["next_step"]
    assert again["outcome"] == "under_review"
    assert [(one["status"], one["reasons"]) for one in payer.members()] == [("under_review", [])]
