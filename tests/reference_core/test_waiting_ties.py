"""Ties that wait: reviewed by an agency, accepted by the member or a guardian, and only then good for money."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from groundwork.chance import new_id
from groundwork.clock import CHINA
from reference_core.parts import Core
from tests.reference_core.callers import Callers, Json, World
from tests.reference_core.capital import DISTRICT, Capital
from tests.reference_core.helpers import GUARDIANS_YES


def test_a_tie_waits_for_the_agency_then_for_the_member_then_pays(capital: Capital) -> None:
    """GD-25, GD-27, BJ-08."""
    son, mother = capital.payer(), capital.member()

    bound = capital.bind(son, mother).ok()
    before = capital.pays(mother, 1_000)
    approved = capital.decide(bound).ok()
    between = capital.pays(mother, 1_000)
    accepted = capital.accept(mother, bound).ok()
    after = capital.pays(mother, 1_000)

    assert (bound["status"], bound["outcome"], bound["effective_from"]) == ("under_review", "under_review", None)
    assert (approved["status"], approved["outcome"]) == ("awaiting_acceptance", "awaiting_acceptance")
    assert (accepted["status"], accepted["outcome"]) == ("active", "done")
    whys = [[reason["facts"].get("why") for reason in told["reasons"]] for told in (before, between)]
    assert whys == [["under_review"], ["awaiting_acceptance"]]
    assert [told["payers"][0]["paid_fen"] if told["payers"] else 0 for told in (before, between, after)] == [0, 0, 1_000]
    kinds = ["relation_bound", "relation_reviewed", "relation_accepted", "payment_settled"]
    assert capital.kinds(son) == ["account_opened", *kinds]


def test_a_review_says_when_it_is_due_and_being_late_approves_nothing(capital: Capital, world: World) -> None:
    """Y-19, vector 7 for this city."""
    world.move_to(datetime(2024, 3, 1, 17, tzinfo=CHINA))
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()
    world.move_to(datetime(2024, 3, 9, 9, tzinfo=CHINA))

    assert bound["review"] == {"due_from": "2024-03-06", "due_by": "2024-03-08", "assumed": False, "late": False}
    (waiting,) = capital.callers.counter("/reviews?region=110000").ok()["items"]
    assert (waiting["relation_id"], waiting["late"], waiting["relation"]) == (bound["id"], True, "mother")
    assert capital.listed(son)[0]["status"] == "under_review"
    assert capital.listed(son)[0]["review"]["late"]
    capital.decide(bound).ok()


def test_a_clerk_sees_masked_people_and_the_photos_that_were_sent(capital: Capital, callers: Callers, core: Core) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()

    waiting = next(one for one in callers.counter("/reviews").ok()["items"] if one["relation_id"] == bound["id"])

    assert son["name"] not in str(waiting)
    assert mother["id_number"] not in str(waiting)
    assert len(waiting["uploads"]) == 2
    photo = callers.app.test_client().get(
        f"/counter/uploads/{waiting['uploads'][0]}", headers={"Authorization": f"Bearer {core.settings.keys.counter[0]}"}
    )
    assert (photo.status_code, photo.content_type) == (200, "image/jpeg")
    assert photo.data.startswith(b"\xff\xd8\xff")
    assert callers.counter("/reviews?region=130000").ok()["items"] == []
    callers.counter(f"/uploads/{new_id()}").problem(404, "not_found")


def test_a_rejected_tie_is_history_and_is_decided_once(capital: Capital, core: Core) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()

    rejected = capital.decide(bound, "reject").ok()

    assert rejected["status"] == "ended"
    assert capital.decide(bound).refused() == {"review_not_open"}
    kept = core.db.one("SELECT end_reason, reviewed_by FROM core.relations WHERE id = %s", [bound["id"]])
    assert kept == {"end_reason": "review_rejected", "reviewed_by": "clerk-7"}
    assert capital.kinds(mother)[-2:] == ["relation_reviewed", "relation_ended"]


def test_a_no_stays_in_the_payers_list_with_what_to_mend_until_the_payer_asks_again(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()

    capital.decide(bound, "reject", because=["documents_unclear", "kinship_not_proven"]).ok()

    (told,) = capital.listed(son)
    assert (told["id"], told["status"]) == (bound["id"], "ended")
    assert [reason["rule"] for reason in told["reasons"]] == ["kinship_not_proven", "documents_unclear"]
    assert capital.listed(mother, "/payers") == []
    again = capital.bind(son, mother).ok()
    assert [(tie["id"], tie["reasons"]) for tie in capital.listed(son)] == [(again["id"], [])]


def test_a_no_without_a_word_still_says_where_to_ask_and_goes_from_the_list_after_a_month(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    capital.decide(capital.bind(son, mother).ok(), "reject").ok()

    ((reason,),) = [tie["reasons"] for tie in capital.listed(son)]

    assert (reason["rule"], reason["owner"]) == ("application_not_approved", "agency")
    capital.world.later(days=31)
    assert capital.listed(son) == []


@pytest.mark.parametrize(
    "said", [{"decision": "reject", "because": ["payer_balance_zero"]}, {"decision": "approve", "because": ["documents_unclear"]}]
)
def test_a_clerk_gives_reasons_of_a_review_and_only_for_a_no(capital: Capital, said: Json) -> None:
    bound = capital.bind(capital.payer(), capital.member()).ok()

    capital.callers.counter(f"/reviews/{bound['id']}", {"operator": "clerk-7", **said}).problem(400, "malformed")


def test_the_counter_answers_one_key_once(capital: Capital, callers: Callers) -> None:
    bound, key = capital.bind(capital.payer(), capital.member()).ok(), new_id()
    body = {"decision": "approve", "operator": "clerk-7"}

    first, again = (callers.counter(f"/reviews/{bound['id']}", body, key) for _ in range(2))

    assert first.ok() == again.ok()
    callers.counter(f"/reviews/{new_id()}", body).problem(404, "not_found")


def test_nobody_accepts_what_is_still_under_review_or_was_answered(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()

    assert capital.accept(mother, bound).refused() == {"still_under_review"}
    capital.decide(bound).ok()
    capital.accept(mother, bound).ok()
    assert capital.accept(mother, bound).refused() == {"not_awaiting_acceptance"}


def test_a_grown_member_accepts_alone_and_a_stranger_finds_nothing(capital: Capital) -> None:
    son, mother, stranger = capital.payer(), capital.member(), capital.payer()
    bound = capital.bind(son, mother).ok()
    capital.decide(bound).ok()

    assert capital.accept(son, bound).refused() == {"only_member_may_accept"}
    capital.accept(stranger, bound).problem(404, "not_found")


def test_declining_ends_the_tie(capital: Capital, core: Core) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()
    capital.decide(bound).ok()

    assert capital.accept(mother, bound, accepted=False).ok()["status"] == "ended"
    kept = core.db.one("SELECT end_reason, accepted_at FROM core.relations WHERE id = %s", [bound["id"]])
    assert kept == {"end_reason": "declined", "accepted_at": None}


def test_a_parent_who_pays_accepts_for_a_child_and_the_child_does_not(capital: Capital, core: Core) -> None:
    """Y-18: the guardian accepts, also when the guardian is the payer, and it is kept so."""
    father, child = capital.payer(), capital.member(born="2018-06-01")
    bound = capital.bind(father, child, "daughter", agree=GUARDIANS_YES).ok()
    capital.decide(bound).ok()

    assert capital.accept(child, bound).refused() == {"guardian_must_accept"}
    assert {flow["name"]: flow["can_start"] for flow in capital.listed(father, "/flows")}["accept-relation"]
    assert capital.accept(father, bound).ok()["status"] == "active"
    kept = core.db.one("SELECT accepted_by::text AS by FROM core.relations WHERE id = %s", [bound["id"]])
    assert kept == {"by": father["person_id"]}


def test_a_guardian_who_does_not_pay_accepts_at_the_counter(world: World, callers: Callers, core: Core) -> None:
    """Y-18: nobody's phone can do it, so a clerk writes it down; where the pack offers such relatives at all."""
    capital = Capital(world)
    wife, child = capital.payer(), capital.member(born="2012-11-01")
    bound = capital.bind(wife, child, "spouse").ok()
    said = {"accepted": True, "operator": "clerk-7"}
    path = f"/relations/{bound['id']}/acceptance"
    assert callers.counter(path, said).refused() == {"still_under_review"}
    capital.decide(bound).ok()

    assert capital.accept(wife, bound).refused() == {"guardian_must_accept"}
    assert callers.counter(path, said).ok()["status"] == "active"
    kept = core.db.one(
        "SELECT accepted_by, accepted_verified_by ->> 'operator' AS by FROM core.relations WHERE id = %s", [bound["id"]]
    )
    assert kept == {"accepted_by": None, "by": "clerk-7"}


def test_what_is_declined_at_the_counter_ends(capital: Capital, callers: Callers) -> None:
    bound = capital.bind(capital.payer(), capital.member()).ok()
    capital.decide(bound).ok()

    told = callers.counter(f"/relations/{bound['id']}/acceptance", {"accepted": False, "operator": "clerk-7"})

    assert told.ok()["status"] == "ended"


def test_accepting_asks_for_the_person_as_the_citys_screens_do(capital: Capital, world: World) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()
    capital.decide(bound).ok()
    old = {**world.proof(), "at": (world.callers.core.now() - timedelta(hours=2)).isoformat()}

    told = capital.act(mother, f"/relations/{bound['id']}/acceptance", {"accepted": True, "verified_by": old})

    assert list(told.problem(422, "invalid_answers")["fields"]) == ["real_person"]


def test_the_screens_of_acceptance_name_who_offers_and_need_no_choice_of_one(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()
    assert [r["rule"] for r in capital.flow(mother, "accept-relation").ok()["verdict"]["reasons"]] == ["nothing_to_accept"]
    capital.decide(bound).ok()

    planned = capital.flow(mother, "accept-relation", {"look": {"summary": True}}).ok()

    offer, look = planned["steps"][:2]
    member, answer = offer["fields"]
    (summary,) = look["fields"]
    assert planned["verdict"]["allowed"]
    assert "faults" not in {**offer, **look}
    assert (answer["name"], answer["value"]) == ("accepted", "accept")
    assert (member["name"], member["value"], len(member["options"])) == ("member", bound["id"], 1)
    assert member["options"][0]["label"].startswith("*")
    shown = {item["label"]: item["value"] for item in summary["items"]}
    assert shown["使用的家人是对方的"] == "母亲"
    assert (shown["用多少"], shown["用在哪里"]) == ("不设额度", "当地可以共济的都能用")
    assert shown["从什么时候开始"] == "接受后按当地规定开始"


def test_a_chosen_first_day_waits_even_after_everybody_agreed(capital: Capital, world: World) -> None:
    """GD-18."""
    son, mother = capital.payer(), capital.member()
    day = (world.callers.core.now() + timedelta(days=10)).date()

    tie = capital.family(son, mother, starts_on=day.isoformat())

    assert (tie["status"], tie["effective_from"]) == ("not_yet_effective", f"{day.isoformat()}T00:00:00+08:00")
    assert capital.pays(mother, 1_000)["payers"] == []
    world.later(days=11)
    assert capital.pays(mother, 1_000)["payers"][0]["paid_fen"] == 1_000


def test_a_city_and_its_districts_see_their_own_reviews(capital: Capital, callers: Callers) -> None:
    bound = capital.bind(capital.payer(), capital.member()).ok()

    def seen_in(region: str) -> bool:
        listed = callers.counter(f"/reviews?region={region}").ok()["items"]
        return any(one["relation_id"] == bound["id"] and one["region"] == DISTRICT for one in listed)

    assert [seen_in(region) for region in ("110000", DISTRICT, "110101", "130000")] == [True, True, False, False]
    callers.counter("/reviews?region=beijing").problem(400, "malformed")


def test_a_no_ends_the_tie_asks_for_no_camera_and_is_told_to_both(capital: Capital, world: World) -> None:
    son, mother = capital.payer(), capital.member()
    bound = capital.bind(son, mother).ok()
    capital.decide(bound).ok()
    signed_in = {**world.proof(), "method": "login"}

    told = capital.act(mother, f"/relations/{bound['id']}/acceptance", {"accepted": False, "verified_by": signed_in}).ok()

    assert (told["status"], told["outcome"]) == ("ended", "done")
    assert capital.kinds(son)[-1] == capital.kinds(mother)[-1] == "relation_ended"
    (shown,) = capital.listed(son)
    assert [reason["rule"] for reason in shown["reasons"]] == ["relation_declined"]


def test_a_no_is_the_last_screen_and_nothing_between_yes_and_no_is_an_answer(capital: Capital) -> None:
    son, mother = capital.payer(), capital.member()
    capital.decide(capital.bind(son, mother).ok()).ok()

    planned = capital.flow(mother, "accept-relation", {"offer": {"accepted": "decline"}}).ok()
    strange = capital.flow(mother, "accept-relation", {"offer": {"accepted": "perhaps"}}).ok()

    assert [step["step"] for step in planned["steps"]] == ["offer"]
    assert planned["complete_label"] == "确认不接受"
    assert strange["steps"][0]["faults"]["accepted"]["code"] == "not_offered"
    assert len(strange["steps"]) > 1
