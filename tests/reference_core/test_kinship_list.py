"""The list of relatives whose voucher one shows: who comes in, who speaks for whom, how many there may be, and how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from groundwork.chance import new_id
from groundwork.clock import CHINA
from reference_core.parts import Core
from tests.reference_core.callers import Callers, World, new_person
from tests.reference_core.helpers import GUARDIAN, OWN, Kin

XIAN = "610100"
CARD = "6222020200012345678"
SLOTS = 5
_AS_DIGITS = str.maketrans("abcdef", "012345")


@pytest.fixture
def kin(world: World) -> Kin:
    return Kin(world)


def test_a_guardian_activates_a_childs_voucher_and_shows_it(world: World, kin: Kin) -> None:
    """LY-13, LY-15, XA-22, NH-16: the child's own code, on the guardian's phone."""
    mother, child = world.employee(), kin.child()

    told = kin.add_child(mother, child).ok()

    assert (told["status"], told["outcome"], told["relation"]) == ("active", "done", "daughter")
    (listed,) = kin.relatives(mother)
    assert (listed["id"], listed["status"]) == (told["id"], "active")
    assert kin.own(child)["status"] == "active"
    code = kin.code(mother, told["id"]).ok()
    assert (code["relation"], code["name_masked"]) == ("daughter", listed["name_masked"])
    assert "骗取医保基金" in code["warning"]


def test_the_guardians_yes_is_kept_as_the_guardians(world: World, kin: Kin, callers: Callers) -> None:
    mother, child = world.employee(), kin.child()
    kin.add_child(mother, child).ok()

    (signed,) = callers.citizen("GET", "/pledges", person=mother["person_id"]).ok()["items"]

    assert (signed["purpose"], signed["text_hash"]) == ("activate-relative-guardian", GUARDIAN)
    assert callers.citizen("GET", "/pledges", person=child["person_id"]).ok()["items"] == []


def test_without_the_guardians_yes_or_with_one_to_another_text_nothing_is_done(world: World, kin: Kin) -> None:
    mother, child = world.employee(), kin.child()

    assert set(kin.add(mother, child).problem(422, "invalid_answers")["fields"]) == {"agree"}
    kin.add(mother, child, guardian_agree=OWN).problem(409, "text_changed")
    assert kin.own(child)["status"] == "not_activated"


def test_a_child_is_spoken_for_by_a_grown_up_of_the_family(world: World, kin: Kin) -> None:
    """GD-47."""
    brother = world.employee(born="2010-01-01")

    assert kin.add_child(brother, kin.child(), "younger_sister").refused() == {"guardian_must_act"}
    assert kin.add_child(world.employee(), kin.child(), "mother").refused() == {"guardian_must_act"}


def test_a_grandmother_without_a_phone_looks_into_her_helpers(world: World, kin: Kin, callers: Callers) -> None:
    """XA-18, XA-22."""
    helper, grandmother = world.employee(), kin.grandmother()

    kin.add_elder(helper, grandmother).ok()

    assert kin.own(grandmother)["status"] == "active"
    (signed,) = callers.citizen("GET", "/pledges", person=grandmother["person_id"]).ok()["items"]
    assert signed["purpose"] == "activate-relative"


def test_the_helpers_own_look_proves_nothing_of_the_relative(world: World, kin: Kin) -> None:
    helper, grandmother = world.employee(), kin.grandmother()

    told = kin.add_elder(helper, grandmother, verified_by=kin.look("self"))

    assert told.refused() == {"face_check_required"}
    assert kin.own(grandmother)["status"] == "not_activated"


def test_a_look_that_was_used_activates_nobody_else(world: World, kin: Kin) -> None:
    """T8."""
    helper, look = world.employee(), kin.look("relative")
    kin.add_elder(helper, kin.grandmother(), verified_by=look).ok()

    told = kin.add_elder(helper, kin.grandmother(), verified_by=look).problem(422, "invalid_answers")

    assert told["fields"]["real_person"]["code"] == "check_used"


def test_where_the_face_fails_her_bank_card_does(world: World, kin: Kin) -> None:
    """LY-14, Y-20."""
    helper, grandmother = world.employee(), kin.grandmother(bank_cards=[CARD])

    wrong = kin.add(helper, grandmother, "grandmother", agree=OWN, bank_card="6222020200099999999")
    kin.add(helper, grandmother, "grandmother", agree=OWN, bank_card=CARD).ok()

    assert wrong.refused() == {"bank_card_differs"}


def test_her_own_yes_is_asked_and_one_way_only(world: World, kin: Kin) -> None:
    helper, grandmother = world.employee(), kin.grandmother()

    silent = kin.add_elder(helper, grandmother, agree=None).problem(422, "invalid_answers")
    both = kin.add_elder(helper, grandmother, at_counter=True).problem(422, "invalid_answers")

    assert set(silent["fields"]) == {"agree"}
    assert both["fields"]["real_person"]["code"] == "choose_one_way"


def test_a_slip_is_finished_at_a_counter(world: World, kin: Kin, callers: Callers) -> None:
    """Y-20: a failed face never ends a journey."""
    helper, grandmother = world.employee(), kin.grandmother()
    told = kin.add(helper, grandmother, "grandmother", at_counter=True).ok()
    assert (told["outcome"], told["status"], len(told["slip"])) == ("under_review", "not_activated", 10)
    (slip,) = [one for one in callers.counter("/kinships").ok()["items"] if one["slip"] == told["slip"]]
    assert kin.code(helper, told["id"]).refused() == {"kinship_waits"}

    approval = {"decision": "approve", "operator": "窗口3"}
    callers.counter(f"/kinships/{slip['id']}", approval).ok()

    assert kin.relatives(helper)[0]["status"] == kin.own(grandmother)["status"] == "active"
    kin.code(helper, told["id"]).ok()
    assert callers.counter(f"/kinships/{slip['id']}", {"decision": "approve", "operator": "窗口3"}).refused() == {
        "review_not_open"
    }


def test_a_slip_that_was_turned_down_frees_the_place(world: World, kin: Kin, callers: Callers) -> None:
    helper, grandmother = world.employee(), kin.grandmother()
    told = kin.add(helper, grandmother, "grandmother", at_counter=True).ok()

    callers.counter(f"/kinships/{told['kinship_id']}", {"decision": "reject", "operator": "窗口3"}).ok()

    assert kin.relatives(helper) == []
    assert kin.own(grandmother)["status"] == "not_activated"


def test_a_relative_says_yes_on_their_own_phone(world: World, kin: Kin) -> None:
    helper, father = world.employee(), world.employee(voucher=False)
    told = kin.add(helper, father, "father", on_own_phone=True).ok()
    assert told["outcome"] == "awaiting_acceptance"
    assert kin.relatives(helper)[0]["waits"] == "awaiting_acceptance"
    (asking,) = kin.vouchers(father)["helpers"]

    kin.activate(father, verified_by=kin.look(), member=[asking["kinship_id"]]).ok()

    assert kin.code(helper, told["id"]).ok()["relation"] == "father"
    assert kin.vouchers(father)["helpers"][0]["status"] == "active"


def test_who_activates_their_own_voucher_has_not_said_yes_to_anybody(world: World, kin: Kin) -> None:
    helper, father = world.employee(), world.employee(voucher=False)
    told = kin.add(helper, father, "father", on_own_phone=True).ok()

    kin.activate(father, verified_by=kin.look()).ok()

    assert kin.code(helper, told["id"]).refused() == {"kinship_waits"}
    # While the relative has not agreed, how their voucher stands is nobody's business.
    assert kin.relatives(helper)[0]["status"] == "not_activated"


def test_a_request_that_nobody_answers_gives_the_place_back(world: World, kin: Kin) -> None:
    helper, father = world.employee(), world.employee(voucher=False)
    kin.add(helper, father, "father", on_own_phone=True).ok()
    assert kin.add(helper, father, "father", on_own_phone=True).refused() == {"kinship_exists"}

    world.later(days=7, minutes=1)

    assert kin.relatives(helper) == []
    kin.add(helper, father, "father", on_own_phone=True).ok()


def test_the_sixth_is_refused_with_the_remedy_and_a_place_given_back_is_a_place(world: World, kin: Kin) -> None:
    """LY-48, XA-20, Y-22."""
    mother = world.employee()
    listed = [kin.add_child(mother, kin.child()).ok()["id"] for _ in range(SLOTS)]
    world.later(days=1, minutes=1)

    told = kin.add_child(mother, kin.child())

    assert told.refused() == {"proxy_limit_exceeded"}
    assert "移除" in told.body["reasons"][0]["next_step"]
    kin.end(mother, listed[0]).ok()
    kin.add_child(mother, kin.child()).ok()


def test_a_child_may_stand_in_both_parents_lists(world: World, kin: Kin) -> None:
    """Y-22: not exclusive."""
    mother, father, child = world.employee(), world.employee(), kin.child()

    kin.add_child(mother, child).ok()
    kin.add_child(father, child).ok()

    assert len(kin.vouchers(child)["helpers"]) == 2


def test_the_same_key_adds_once_and_repeats_its_answer(world: World, kin: Kin) -> None:
    mother, child, key = world.employee(), kin.child(), new_id()
    first = kin.add_child(mother, child, key=key).ok()

    assert kin.add_child(mother, child, key=key).ok() == first
    assert kin.add_child(mother, child).refused() == {"kinship_exists"}
    assert kin.add_child(mother, kin.child(), key=key).problem(409, "key_reused")


def test_a_stranger_and_a_wrong_name_look_as_they_do_when_a_member_is_named(world: World, kin: Kin) -> None:
    """T7: byte for byte what add-member answers."""
    mother, child = world.employee(), kin.child()
    world.open_account(mother).ok()
    unknown = {**child, "name": "江无人", "id_number": new_person(sex="female")["id_number"]}

    wrong = kin.add_child(mother, {**child, "name": "江无人"})
    stranger = kin.add_child(mother, unknown)
    shared = world.bind(mother, unknown, "daughter")

    assert wrong.refused() == {"member_not_found"}
    assert (wrong.status, wrong.body) == (stranger.status, stranger.body) == (shared.status, shared.body)
    assert wrong.headers["Content-Length"] == stranger.headers["Content-Length"] == shared.headers["Content-Length"]


def test_naming_strangers_here_counts_like_naming_them_there(world: World, kin: Kin) -> None:
    mother = world.employee()
    for _ in range(3):
        kin.add_child(mother, {**new_person(sex="female"), "name": "江无人"}).refused()
    for _ in range(2):
        world.bind(mother, {**new_person(), "name": "江无人"})

    kin.add_child(mother, kin.child()).problem(429, "too_many_tries")


def test_oneself_and_the_dead_do_not_come_into_the_list(world: World, kin: Kin) -> None:
    me, grandmother = world.employee(), kin.grandmother()
    world.change(grandmother, died_on="2026-01-01")

    assert kin.add_elder(me, me, "father").refused() == {"relative_is_self"}
    assert kin.add_elder(me, grandmother).refused() == {"person_died"}


def test_death_ends_showing(world: World, kin: Kin, core: Core) -> None:
    mother, child = world.employee(), kin.child()
    voucher = kin.add_child(mother, child).ok()["id"]

    world.change(child, died_on=core.now().date().isoformat())

    assert kin.code(mother, voucher).refused() == {"person_died"}
    assert kin.relatives(mother)[0]["check_due"]["rule"] == "person_died"


def test_at_sixteen_the_child_must_be_seen_and_at_eighteen_must_agree(world: World, kin: Kin) -> None:
    """LY-14; on the very birthday, in China's time."""
    mother, child = world.employee(), kin.child(born="2012-06-01")
    world.move_to(datetime(2028, 5, 31, 12, 0, tzinfo=CHINA))
    voucher = kin.add_child(mother, child).ok()["id"]
    kin.code(mother, voucher).ok()

    world.move_to(datetime(2028, 6, 1, 0, 1, tzinfo=CHINA))
    assert kin.code(mother, voucher).refused() == {"voucher_check_due"}
    assert kin.add_child(mother, child).refused() == {"face_check_required"}
    assert kin.add_child(mother, child, verified_by=kin.look("relative")).ok()["id"] == voucher
    kin.code(mother, voucher).ok()

    world.move_to(datetime(2030, 6, 1, 0, 1, tzinfo=CHINA))
    assert kin.code(mother, voucher).refused() == {"kinship_needs_own_consent"}
    kin.add_elder(mother, child, "daughter").ok()
    kin.code(mother, voucher).ok()
    assert len(kin.relatives(mother)) == 1


@pytest.mark.parametrize(("region", "days", "way"), [("371300", 0, "face"), (XIAN, 0, "guardian"), (XIAN, 1, "face")])
def test_on_the_birthday_itself_the_city_decides(world: World, kin: Kin, region: str, days: int, way: str) -> None:
    """X-18: sixteen is old enough in one city and not in the other."""
    mother, child = world.employee(region=region), kin.child(born="2012-06-01", region=region)
    world.move_to(datetime(2028, 6, 1, 0, 1, tzinfo=CHINA) + timedelta(days=days))

    told = kin.add_child(mother, child)

    assert (told.status == 201) is (way == "guardian")


def test_no_bank_card_where_the_city_takes_the_face_only(world: World, kin: Kin) -> None:
    """XA-18."""
    helper, grandmother = world.employee(region=XIAN), kin.grandmother(region=XIAN, bank_cards=[CARD])

    told = kin.add(helper, grandmother, "grandmother", agree=OWN, bank_card=CARD)

    assert told.refused() == {"bank_card_differs"}


def test_a_relative_leaves_a_list_from_either_side(world: World, kin: Kin, callers: Callers) -> None:
    helper, grandmother, stranger = world.employee(), kin.grandmother(), world.employee()
    told = kin.add_elder(helper, grandmother).ok()

    kin.end(stranger, told["id"]).problem(404, "not_found")
    kin.end(helper, kin.own(helper)["id"]).problem(404, "not_found")
    mine = f"/voucher-helpers/{told['kinship_id']}/end"
    callers.citizen("POST", mine, {}, person=stranger["person_id"]).problem(404, "not_found")
    callers.citizen("POST", mine, {}, person=grandmother["person_id"]).ok()

    assert kin.relatives(helper) == []
    kin.code(helper, told["id"]).problem(404, "not_found")
    assert kin.own(grandmother)["status"] == "active"
    assert [one["reason"] for one in kin.told(helper, "kinship_ended")] == ["ended_by_relative"]


def test_both_sides_are_told_and_no_event_carries_a_name_or_a_number(world: World, kin: Kin, callers: Callers) -> None:
    """T8: a notice to the insured at once."""
    helper, grandmother = world.employee(), kin.grandmother(bank_cards=[CARD])
    told = kin.add(helper, grandmother, "grandmother", agree=OWN, bank_card=CARD).ok()

    (activated,) = kin.told(grandmother, "voucher_activated_by_helper")

    assert activated == {"kinship_id": told["kinship_id"], "method": "bank_card", "was_active": False}
    assert [one["role"] for one in kin.told(helper, "kinship_added")] == ["helper"]
    said = str(callers.events())
    assert not [secret for one in (helper, grandmother) for secret in (one["name"], one["id_number"], CARD) if secret in said]


def test_a_relative_without_an_identity_card_is_added_by_another_certificate(world: World, kin: Kin) -> None:
    """XA-16, XA-17: the number is enough, the card need not be at hand; standards §2.5 and §2.9."""
    helper = world.employee()
    born = {"cert_type": "04", "id_number": f"H{new_id().replace('-', '')[-8:].translate(_AS_DIGITS)}", "born": "1950-01-01"}
    aunt = world.person(**born, sex="female", insurances=[{"insutype": "390", "status": "normal"}])

    assert kin.add_elder(helper, aunt).problem(400, "malformed")["fields"].keys() == {"id_number"}
    assert kin.add_elder(helper, aunt, cert_type="05").problem(400, "malformed")["fields"].keys() == {"id_number"}
    kin.add_elder(helper, aunt, cert_type="04").ok()

    assert [one["status"] for one in kin.relatives(helper)] == ["active"]
