"""What keeps helpers honest: caps per person, device and address, an alert on farms, a cooling time, a look before showing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from reference_core.app import build_app
from reference_core.parts import Core
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import Callers, Json, World
from tests.reference_core.helpers import GUARDIAN, Kin

STRICT = "990300"
_STRICT_CITY = """
code: "990300"
name: 严城
inherits: "371300"
versions:
  - version: yc-1
    effective_from: {value: 2024-01-01, assumed: 试验用}
    parameters:
      real_person_on: {value: [show_relative_code], assumed: 试验用}
      voucher_cooling_days: {value: 7, assumed: 试验用}
"""


@pytest.fixture
def kin(world: World) -> Kin:
    return Kin(world)


@pytest.fixture(scope="module")
def strict_settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same core with one more city, which asks for more."""
    folder: Path = tmp_path_factory.mktemp("packs")
    (folder / f"{STRICT}.yaml").write_text(_STRICT_CITY, encoding="utf-8")
    return replace(settings, packs_path=(folder,))


@pytest.fixture
def strict(strict_settings: Settings) -> Iterator[Kin]:
    app = build_app(strict_settings)
    core: Core = app.extensions[PARTS]
    yield Kin(World(Callers(app, core)))
    Path(str(strict_settings.clock_file)).unlink(missing_ok=True)
    core.close()


def test_one_helper_activates_only_so_many_a_day(world: World, kin: Kin) -> None:
    """T8."""
    helper = world.employee()
    for _ in range(5):
        kin.end(helper, kin.add_child(helper, kin.child()).ok()["id"]).ok()

    told = kin.add_child(helper, kin.child())

    told.problem(429, "too_many_activations")
    assert 0 < int(told.headers["Retry-After"]) <= 86_401
    world.later(days=1, minutes=1)
    kin.add_child(helper, kin.child()).ok()


@pytest.mark.parametrize(("header", "most"), [("X_Device", 10), ("X_Address", 50)])
def test_one_device_and_one_address_activate_only_so_many_a_day(world: World, kin: Kin, header: str, most: int) -> None:
    """T8: whoever the helpers are."""
    for _ in range(most // 5):
        helper = world.employee()
        for _ in range(5):
            kin.add_child(helper, kin.child(), **{header: header.lower().encode().hex()}).ok()

    kin.add_child(world.employee(), kin.child(), **{header: header.lower().encode().hex()}).problem(429, "too_many_activations")
    kin.add_child(world.employee(), kin.child()).ok()


def alerts(callers: Callers, kind: str) -> list[Json]:
    return [one for one in callers.counter("/alerts").ok()["items"] if one["kind"] == kind]


@pytest.mark.parametrize(("header", "kind"), [("X_Device", "device"), ("X_Address", "address")])
def test_a_farm_of_fifty_helpers_is_flagged_before_its_tenth_activation(
    world: World, kin: Kin, callers: Callers, header: str, kind: str
) -> None:
    """T8: fifty people on one device, or at one address with a device each."""
    helpers, flagged_at = [world.employee() for _ in range(50)], 0
    print_ = f"farm-{kind}".encode().hex()
    before = len(alerts(callers, kind))
    for counted, helper in enumerate(helpers, start=1):
        told = kin.add_child(helper, kin.child(), **{header: print_})
        if told.status == 429:
            break
        flagged_at = flagged_at or (counted if len(alerts(callers, kind)) > before else 0)

    assert 0 < flagged_at < 10


def test_who_was_activated_there_is_told_and_the_helpers_are_not(world: World, kin: Kin, callers: Callers) -> None:
    helpers, children = [world.employee() for _ in range(3)], [kin.child() for _ in range(3)]
    for helper, child in zip(helpers, children, strict=True):
        kin.add_child(helper, child, X_Device="c0ffee" * 6).ok()

    (flagged,) = kin.told(children[2], "activations_flagged")

    assert flagged["by"] == "device"
    assert flagged["alert_id"] in [one["id"] for one in alerts(callers, "device")]
    assert [kin.told(helper, "activations_flagged") for helper in helpers] == [[], [], []]


def test_a_couple_on_one_device_is_no_farm(world: World, kin: Kin, callers: Callers) -> None:
    before = len(alerts(callers, "device"))
    child = kin.child()
    for parent in (world.employee(), world.employee()):
        kin.add_child(parent, child, X_Device="beef" * 8).ok()

    assert len(alerts(callers, "device")) == before


def test_slots_are_never_exceeded_however_many_are_added_at_once(world: World, kin: Kin, core: Core) -> None:
    """Y-22: families of random size name everybody at the same moment, some twice, some in both parents' lists."""
    chance = random.Random(48)  # noqa: S311  # the same families in every run
    for _ in range(4):
        parents = [world.employee(), world.employee()]
        children = [kin.child() for _ in range(chance.randint(4, 7))]
        wishes = [(parent, child) for parent in parents for child in children for _ in range(chance.randint(1, 2))]
        chance.shuffle(wishes)
        start = Barrier(len(wishes))

        def wish(pair: tuple[Json, Json], start: Barrier = start) -> int:
            start.wait()
            return kin.add_child(*pair).status

        with ThreadPoolExecutor(len(wishes)) as pool:
            statuses = list(pool.map(wish, wishes))

        assert set(statuses) <= {201, 422, 429, 503}
        for parent in parents:
            listed = kin.relatives(parent)
            assert len(listed) == min(5, len({one["id"] for one in listed}))
            row = core.db.one(
                "SELECT count(*) AS standing FROM core.kinships WHERE helper_id = %s AND ended_at IS NULL", [parent["person_id"]]
            )
            assert row is not None
            assert row["standing"] == len(listed) <= 5


def test_of_a_hundred_tills_that_read_one_code_one_settles(world: World, kin: Kin, callers: Callers) -> None:
    """T9."""
    mother, child = world.employee(500), kin.child()
    voucher = kin.add_child(mother, child).ok()["id"]
    code = str(kin.code(mother, voucher).ok()["code"])
    tills, start = [world.institution() for _ in range(10)], Barrier(100)

    def read(number: int) -> tuple[int, str]:
        start.wait()
        told = callers.till(tills[number % 10], "/settlements", world.bill(child, 100, code=code))
        return told.status, str(told.body.get("code"))

    with ThreadPoolExecutor(100) as pool:
        told = list(pool.map(read, range(100)))

    assert [status for status, _ in told].count(200) == 1
    assert {code for status, code in told if status != 200} <= {"voucher_code_used", "try_again", "too_many_wrong_credentials"}


def test_money_waits_after_a_helper_activated_where_the_city_asks(strict: Kin) -> None:
    """T8: being bound begins so many days after; to the day."""
    world = strict.world
    helper, mother = world.employee(region=STRICT), strict.grandmother(region=STRICT)
    payer = world.employee(500, region=STRICT)
    world.open_account(payer).ok()
    strict.add_elder(helper, mother).ok()

    told = world.bind(payer, mother)
    assert told.refused() == {"voucher_cooling"}
    world.later(days=7)
    world.bind(payer, mother).ok()


def test_who_activated_their_own_voucher_waits_for_nothing(strict: Kin) -> None:
    world = strict.world
    payer, mother = world.employee(500, region=STRICT), strict.grandmother(region=STRICT)
    world.open_account(payer).ok()
    strict.activate(mother, verified_by=strict.look()).ok()

    world.bind(payer, mother).ok()


def test_a_relatives_code_takes_a_fresh_look_where_the_city_asks(strict: Kin) -> None:
    """The issue's step-up: of whoever holds the phone, once for each code, and not older than ten minutes."""
    world = strict.world
    mother, child = world.employee(region=STRICT), strict.child(region=STRICT)
    voucher = strict.add(mother, child, guardian_agree=GUARDIAN).ok()["id"]
    look = strict.look()

    told = strict.code(mother, voucher).problem(403, "step_up_required")
    assert told["purpose"] == "show_relative_code"
    strict.code(mother, voucher, verified_by=strict.look("relative")).problem(403, "step_up_required")
    strict.code(mother, voucher, verified_by=look).ok()
    strict.code(mother, voucher, verified_by=look).problem(422, "invalid_answers")
    strict.code(mother, strict.own(mother)["id"]).ok()
    old = strict.look()
    world.later(minutes=11)
    strict.code(mother, voucher, verified_by=old).problem(403, "step_up_required")
