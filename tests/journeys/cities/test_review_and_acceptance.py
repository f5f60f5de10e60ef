"""A city that wants papers, a signed form and a look into the camera, then reviews, then asks the member."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.counter import Counter
from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, employee, resident, rules
from tests.journeys.cities.applicant import apply_for, picture
from tests.printed import has_own_fonts, text_of

CITY = "110000"


@pytest.fixture
def counter(world: World, data_dir: Path) -> Counter:
    return Counter(world, data_dir)


@pytest.fixture
def payer(world: World) -> Phone:
    phone = Phone(world, employee(world, region=CITY, balance_fen=100_000)).arrive()
    phone.open_account()
    return phone


def child(world: World) -> Json:
    return resident(world, region=CITY, born="1999-05-06", sex="male", name="程小舟")


def field_of(screen: Json, name: str) -> Json:
    return next(asked for asked in screen["fields"] if asked["name"] == name)


def test_the_form_is_made_for_the_payer_who_prints_signs_and_photographs_it(world: World, payer: Phone, counter: Counter) -> None:
    """BJ-04…BJ-07: payer, relative and rules stand on it; then an agency looks at what was handed in."""
    son, photos = child(world), [payer.upload(picture()).ok()["id"] for _ in range(2)]
    named = {name: son[name] for name in ("name", "id_number", "card_number", "phone")}
    answers = {**named, "relation": "child", "monthly_cap_fen": 80_000, "documents": photos[:1]}
    screen = payer.post("/flows/add-member").ok()
    payer.get("/flows/add-member/form").problem(409, "step_out_of_order")
    while screen["step"] != "form":
        screen = payer.put(f"/flows/add-member/steps/{screen['step']}", payer.fill(screen, answers)).ok()

    form = field_of(screen, "signed_form")["form"]
    pdf = payer.download(form["href"])

    said = text_of(pdf)
    for told in (form["title"], payer.person["name"], payer.person["id_number"], son["name"], son["id_number"], "800.00元"):
        assert told in said, told
    assert has_own_fonts(pdf)
    assert payer.person["id_number"] not in form["href"]
    payer.put("/flows/add-member/steps/form", {"signed_form": photos[1:]}).ok()
    payer.walk("add-member", {"passcode": "135790"})
    relation = payer.members()[0]
    assert relation["status"] == "under_review"
    counter.decide(relation["id"], "approve").ok()
    assert payer.members()[0]["status"] == "awaiting_acceptance"


def test_a_form_is_nobody_elses_and_is_not_kept_on_the_way(world: World, payer: Phone) -> None:
    stranger = Phone(world, employee(world, region=CITY)).arrive()
    stranger.get("/flows/add-member/form").problem(409, "flow_not_started")
    payer.get("/flows/open-account/form").problem(409, "flow_not_started")

    nobody = world.call("GET", f"{world.bff_url}/api/v1/flows/add-member/form")

    assert nobody.status == 401
    assert nobody.headers["Cache-Control"] == "no-store"


def test_everything_still_to_come_is_shown_from_the_first_step(payer: Phone) -> None:
    """BJ-04…BJ-07, GD-11: the list of papers comes first."""
    screen = payer.post("/flows/add-member").ok()

    assert screen["fields"] == []
    assert any("身份证" in line for line in screen["text"])
    assert screen["progress"]["total"] == len(screen["progress"]["upcoming"]) + 1 >= 6


def test_what_was_asked_for_waits_for_review_then_for_acceptance_then_pays(world: World, payer: Phone, counter: Counter) -> None:
    """BJ-07, BJ-08, GD-25…GD-27, GD-38, Y-19."""
    son = child(world)
    sons = Phone(world, son).arrive()
    hospital = world.institution(CITY, "hospital")

    assert apply_for(payer, son)["outcome"] == "under_review"
    assert [one["status"] for one in payer.members()] == ["under_review"]
    waiting = sons.pay(hospital, 1_000, OUTPATIENT_VISIT, declares_mutual_aid=True).ok()
    assert (waiting["payers"], rules(waiting["reasons"])) == ([], {"not_yet_effective"})

    review = next(one for one in counter.reviews(CITY) if one["relation_id"] == payer.members()[0]["id"])
    assert review["due_from"] <= review["due_by"]
    assert not review["late"]
    counter.decide(review["relation_id"], "approve").ok()
    assert [one["status"] for one in payer.members()] == ["awaiting_acceptance"]

    sons.walk("accept-relation", {"member": review["relation_id"]})
    assert [one["status"] for one in payer.members()] == ["active"]
    paid = sons.pay(hospital, 1_000, OUTPATIENT_VISIT, declares_mutual_aid=True).ok()
    assert [one["paid_fen"] for one in paid["payers"]] == [1_000]


def test_whoever_accepts_sees_whose_money_how_much_what_for_and_from_when(world: World, payer: Phone, counter: Counter) -> None:
    """Y-15, GD-18…GD-20, GD-27: before saying yes, and in the list afterwards."""
    son = child(world)
    sons = Phone(world, son).arrive()
    tomorrow = world.later(days=1)[:10]
    apply_for(payer, son, monthly_cap_fen=50_000, scopes=["outpatient", "pharmacy"], starts_on=tomorrow)
    relation = payer.members()[0]["id"]
    counter.decide(relation, "approve").ok()

    screen = sons.post("/flows/accept-relation").ok()
    while not any(asked["kind"] == "summary" for asked in screen["fields"]):
        filled = sons.fill(screen, {"member": relation, "accepted": "accept"})
        screen = sons.put(f"/flows/accept-relation/steps/{screen['step']}", filled).ok()
    (summary,) = [asked for asked in screen["fields"] if asked["kind"] == "summary"]
    sons.walk("accept-relation", {"member": relation, "accepted": "accept"})

    shown = {item["label"]: item["value"] for item in summary["items"]}
    assert (shown["用谁的账户"], shown["用多少"]) == ("**舟", "每月最多 500.00 元")
    assert (shown["用在哪里"], shown["从什么时候开始"]) == ("门诊、药店购药", f"{tomorrow} 起")
    (tie,) = sons.get("/payers").ok()["items"]
    assert (tie["name_masked"], tie["monthly_cap_fen"], tie["uses"]) == ("**舟", 50_000, ["门诊", "药店购药"])


def test_a_rejected_application_ends_and_nothing_is_shared(world: World, payer: Phone, counter: Counter) -> None:
    """Y-19."""
    son = child(world)
    apply_for(payer, son)

    counter.decide(payer.members()[0]["id"], "reject", "照片看不清").ok()

    assert [one for one in payer.members() if one["status"] != "ended"] == []


def test_nothing_approves_itself_when_the_days_run_out(world: World, payer: Phone, counter: Counter) -> None:
    """Y-19: it is late, and says so."""
    apply_for(payer, child(world))
    relation = payer.members()[0]["id"]
    world.clock(world.later(days=40))

    review = next(one for one in counter.reviews(CITY) if one["relation_id"] == relation)

    assert review["late"]
    assert [one["status"] for one in payer.sign_in().members()] == ["under_review"]


def test_the_monthly_cap_is_kept_and_can_be_changed(world: World, payer: Phone, counter: Counter) -> None:
    """GD-19, GD-40, GD-44, vector 8: what would pass the cap is not shared at all."""
    son = child(world)
    sons = Phone(world, son).arrive()
    apply_for(payer, son, monthly_cap_fen=50_000)
    relation = payer.members()[0]["id"]
    counter.decide(relation, "approve").ok()
    sons.walk("accept-relation", {"member": relation})
    hospital = world.institution(CITY, "hospital")
    sons.pay(hospital, 45_000, OUTPATIENT_VISIT, declares_mutual_aid=True).ok()

    over = sons.pay(hospital, 10_000, OUTPATIENT_VISIT, declares_mutual_aid=True).ok()
    assert (over["payers"], rules(over["reasons"])) == ([], {"cap_exceeded"})
    assert payer.members()[0]["spent_this_month_fen"] == 45_000
    payer.walk("change-limit", {"member": relation, "monthly_cap_fen": 60_000})
    paid = sons.pay(hospital, 10_000, OUTPATIENT_VISIT, declares_mutual_aid=True).ok()
    assert [one["paid_fen"] for one in paid["payers"]] == [10_000]


def test_at_the_counter_one_has_to_say_so(world: World, payer: Phone, counter: Counter) -> None:
    """GD-31, GD-33, X-22."""
    son = child(world)
    sons = Phone(world, son).arrive()
    apply_for(payer, son)
    relation = payer.members()[0]["id"]
    counter.decide(relation, "approve").ok()
    sons.walk("accept-relation", {"member": relation})

    silent = sons.pay(world.institution(CITY, "hospital"), 1_000, OUTPATIENT_VISIT).ok()

    assert (silent["payers"], rules(silent["reasons"])) == ([], {"not_declared"})


def test_removing_asks_for_a_look_into_the_camera(world: World, payer: Phone, counter: Counter) -> None:
    """GD-45, X-24."""
    apply_for(payer, child(world))
    relation = payer.members()[0]["id"]

    screen = payer.post("/flows/remove-member", {"answers": {"member": relation}}).ok()
    kinds = set()
    while screen["step"] is not None:
        kinds |= {asked["kind"] for asked in screen["fields"]}
        screen = payer.put(f"/flows/remove-member/steps/{screen['step']}", payer.fill(screen, {})).ok()
    payer.post("/flows/remove-member/completion").ok()

    assert "real_person" in kinds
    assert [one for one in payer.members() if one["status"] != "ended"] == []


def test_closing_the_account_ends_every_relation(world: World, payer: Phone, counter: Counter) -> None:
    apply_for(payer, child(world))

    payer.walk("close-account", {})

    assert payer.get("/account").ok()["status"] == "closed"
    assert [one for one in payer.members() if one["status"] != "ended"] == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"not a picture", 422), (b"", 422), (b"GIF89a" + b"\0" * 100, 422), (b"\xff\xd8\xff" + b"\0" * 6_000_000, 413)],
)
def test_what_is_no_photo_is_refused(payer: Phone, sent: bytes, status: int) -> None:
    """GD-41."""
    assert payer.upload(sent).status in {status, 400, 415}


def test_a_photo_of_somebody_else_cannot_be_used(world: World, payer: Phone) -> None:
    stranger = Phone(world, employee(world, region=CITY)).arrive()
    foreign = stranger.upload(picture()).ok()["id"]

    with pytest.raises(AssertionError):
        apply_for(payer, child(world), documents=[foreign])
    assert payer.members() == []
