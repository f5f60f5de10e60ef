"""What goes well and wrong around vouchers and the ways in, so that each part of the world writes what it writes then."""

from __future__ import annotations

from collections.abc import Callable

from dev.counter import Counter
from dev.player import Answer, Json, Phone, World
from groundwork.chance import new_id
from tests.journeys.cast import CITY, ELSEWHERE, PHARMACY_VISIT, employee, resident
from tests.journeys.vouchers.relatives import (
    BANK_CARD,
    CHANNELS,
    asked,
    at_the_proof,
    careful_mother,
    child,
    grandmother,
    helper,
    listed,
    proof,
    prove,
    shown,
)

_WRONG_CARD = "6228480000000000019"
_BREAKS = ("garbage", "drop_reply", "error", "refuse")
_BEGINS = {"wechat": "cityservice/face/identify/getverifyid", "alipay": "alipay.user.certify.open.initialize"}


def vouchers_and_those_who_show_them(world: World, counter: Counter) -> None:
    """Everything that vouchers, lists of relatives and platforms are for, once with each thing that can go wrong."""
    for channel in CHANNELS:
        ones_own_voucher(world, channel)
        a_child(world, channel)
        a_grandmother(world, channel)
        the_platform_tells(world, channel)
    the_platforms_own_word(world)
    on_her_own_phone(world)
    a_slip_for_the_counter(world, counter)
    a_relatives_code(world)
    a_code_far_away(world)
    the_official_account(world)


def breaking(world: World, upstream: str, endpoint: str, act: Callable[[], object]) -> None:
    """Do it while that call breaks in each way; what becomes of it is not the matter here."""
    for kind in _BREAKS:
        world.fault(upstream=upstream, endpoint=endpoint, kind=kind, times=2)
        act()
        world.no_faults()


def ones_own_voucher(world: World, channel: str) -> None:
    """By a look that fails, by a card that is somebody else's, and at last by one's own."""
    phone = Phone(world, resident(world, name="舒望川", voucher=False, bank_cards=[BANK_CARD]), channel).arrive()
    breaking(world, channel, _BEGINS[channel], lambda: phone.post("/flows/activate-voucher"))
    screen = phone.walk_until("check", phone.post("/flows/activate-voucher").ok(), {})
    check = asked(screen)["real_person"]["check"]
    phone.look_into_camera(check["id"], passes=False)
    step = "/flows/activate-voucher/steps/check"
    phone.put(step, {"real_person": check["id"]}).problem(422, "invalid_answers")
    phone.put(step, {"bank_card": _WRONG_CARD}).problem(422, "invalid_answers")
    phone.put(step, {"bank_card": BANK_CARD}).ok()
    breaking(world, "core", "/citizen/vouchers/activation", lambda: phone.post("/flows/activate-voucher/completion"))
    phone.post("/flows/activate-voucher/completion")
    assert phone.vouchers()[0]["status"] == "active"


def a_child(world: World, channel: str) -> None:
    """A guardian names a child: first wrongly, then while the core breaks."""
    mother, son = helper(world, channel, name="舒晚晴", sex="female"), child(world, name="舒一诺", sex="male")
    mother.walk_until("relative", mother.post("/flows/activate-relative").ok(), {})
    step, named = "/flows/activate-relative/steps/relative", {"id_number": son["id_number"], "relation": "son"}
    mother.put(step, {**named, "name": "李代桃"}).refused()
    mother.put(step, {**named, "name": son["name"], "id_number": son["id_number"][:-1] + "Y"}).problem(422, "invalid_answers")
    breaking(world, "core", "/citizen/flows", lambda: mother.put(step, {**named, "name": son["name"]}))
    mother.walk_until(None, mother.put(step, {**named, "name": son["name"]}).ok(), named)
    breaking(world, "core", "/citizen/kinships", lambda: mother.post("/flows/activate-relative/completion"))
    mother.post("/flows/activate-relative/completion")
    assert listed(mother) == [("son", "active")]
    voucher = shown(mother, son)["id"]
    breaking(world, "core", "/citizen/vouchers/*/codes", lambda: mother.post(f"/vouchers/{voucher}/codes"))
    mother.delete(f"/vouchers/{voucher}")


def a_grandmother(world: World, channel: str) -> None:
    """Her own face into the helper's phone: first not hers, then a card that is not hers, then hers; a till reads her code."""
    grandson, old = helper(world, channel, name="舒知远"), grandmother(world, name="卫兰芝")
    check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
    grandson.look_into_camera(check["id"], who=grandson.person)
    step = "/flows/activate-relative/steps/check"
    grandson.put(step, proof(grandson, real_person=check["id"]))
    grandson.put(step, proof(grandson, bank_card=_WRONG_CARD)).problem(422, "invalid_answers")
    check = asked(grandson.post("/flows/activate-relative").ok())["real_person"]["check"]
    grandson.look_into_camera(check["id"], who=old)
    prove(grandson, real_person=check["id"])
    code = grandson.show_code(shown(grandson, old)["id"])["code"]
    till = world.institution(CITY, "pharmacy")
    read(world, till, code).ok()
    read(world, till, code).problem(409, "voucher_code_used")
    by_card = grandmother(world, name="卫素琴")
    grandson.help(by_card, "maternal_grandmother", bank_card=BANK_CARD)
    grandson.post(f"/vouchers/{new_id()}/codes")
    Phone(world, old, channel).arrive().get("/vouchers").ok()


def the_platforms_own_word(world: World) -> None:
    """With a contract the phone brings back a word of the platform's, for somebody else at first."""
    grandson, old = helper(world, name="舒知行"), grandmother(world, name="卫若兰")
    path = f"/phones/{grandson.person['id_number']}/medical-authorisations"
    for whom in ({}, {"relative": old["id_number"]}):
        check = asked(at_the_proof(grandson, old, "grandmother"))["real_person"]["check"]
        grandson.look_into_camera(check["id"], who=old)
        brought = world.play("POST", path, whom).ok()["auth_code"]
        grandson.put(
            "/flows/activate-relative/steps/check", proof(grandson, real_person={"check_id": check["id"], "brought": brought})
        )
    grandson.post("/flows/activate-relative/completion").ok()


def on_her_own_phone(world: World) -> None:
    """Asked on one phone, agreed to on the other."""
    grandson, old = helper(world, name="舒知秋"), grandmother(world, name="卫采薇")
    grandson.help(old, "grandmother", on_own_phone=True)
    hers = Phone(world, old, "alipay").arrive()
    screen = hers.post("/flows/activate-voucher").ok()
    hers.walk_on(screen, {"member": [option["value"] for option in asked(screen)["member"]["options"]]})


def a_slip_for_the_counter(world: World, counter: Counter) -> None:
    grandson, old = helper(world, name="舒知夏"), grandmother(world, name="卫安平")
    slip = grandson.help(old, "grandmother", at_counter=True)["slip"]
    counter.decide_slip(slip, "approve").ok()


def a_relatives_code(world: World) -> None:
    """Where the city wants a look first, and where that look breaks."""
    mother, sons = careful_mother(world)
    mother.post(f"/vouchers/{sons['id']}/codes").problem(403, "step_up_required")
    breaking(world, "wechat", "cityservice/face/identify/queryverifyinfo", lambda: mother.post("/flows/verify-identity"))
    mother.step_up("show_relative_code")
    mother.show_code(sons["id"])


def a_code_far_away(world: World) -> None:
    """Issued here, read there: nothing is paid before a look."""
    phone = helper(world, name="舒天阔", balance_fen=100_000)
    far = world.institution(ELSEWHERE, "pharmacy", id=f"P{ELSEWHERE}{new_id()[-5:]}".upper())
    read(world, far, phone.show_code(region=CITY)["code"]).problem(409, "step_up_required")
    phone.step_up("use_code_far_away")
    read(world, far, phone.show_code(region=CITY)["code"]).ok()


def the_platform_tells(world: World, channel: str) -> None:
    """Every push that this platform knows, delivered twice, also while the register breaks; then a code that served before."""
    phone = Phone(world, employee(world, name="舒若谷"), channel).arrive()
    for kind in ("user_information_modified", "subscription_refused", "subscription_changed"):
        pushed(phone, kind)
    breaking(world, "core", "/app/pushes", lambda: pushed(phone, "authorisation_revoked"))
    pushed(phone, "authorisation_revoked").ok()
    code = phone.login_code()
    for _ in range(2):
        phone.call("POST", "/sessions", {"channel": channel, "code": code})


def pushed(phone: Phone, kind: str) -> Answer:
    """What happens in the person's own platform, told twice."""
    order = {"channel": phone.channel, "kind": kind, "deliveries": 2}
    return phone.world.play("POST", f"/phones/{phone.person['id_number']}/channel-events", order)


def the_official_account(world: World) -> None:
    """A page without a camera: signed in, and sent on."""
    page = Phone(world, employee(world, name="舒望舒"), "wechat_official").sign_in()
    page.post("/flows/verify-identity").problem(422, "check_not_possible")
    page.call("POST", "/sessions", {"channel": "wechat_official", "code": new_id()})


def read(world: World, till: Json, code: str) -> Answer:
    """A till reads a code for ten yuan."""
    bill = {"credential": {"kind": "voucher", "value": code}, "med_type": PHARMACY_VISIT, "amount_fen": 1_000}
    return world.till(till, "settlements", bill)
