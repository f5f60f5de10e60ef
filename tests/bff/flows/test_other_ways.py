"""Where a look into the camera fails or cannot be taken: what else proves a person, and where a fault is then told."""

from __future__ import annotations

from dataclasses import replace

from bff.flows.catalogue import CAMERA_ELSEWHERE
from bff.flows.faults import FAULTS
from bff.flows.other_ways import face_not_passed, telling_elsewhere, without_camera
from bff.flows.plan import Field, Option, Plan, Step
from tests.bff.flows.plans import FAULT, REASON

LOOK = Field("real_person", "real_person", "请家人看镜头", required=False, about="relative")
CARD = Field("bank_card", "text", "银行卡号", required=False)
COUNTER = Field("at_counter", "confirm", "到窗口办理", required=False)
PROOF = Step("proof", "怎样核验", (LOOK, CARD, COUNTER))


def test_a_face_that_fails_names_every_other_way() -> None:
    told = face_not_passed(PROOF)

    assert told.code == "face_not_passed"
    assert "银行卡" in told.remedy
    assert "窗口" in told.remedy
    assert "手机上确认" not in told.remedy


def test_where_there_is_no_other_way_the_remedy_is_the_plain_one() -> None:
    assert face_not_passed(Step("proof", "核验", (LOOK,))) == FAULTS["face_not_passed"]


def test_a_channel_that_cannot_look_draws_no_camera_and_tells_its_fault_elsewhere() -> None:
    step = without_camera(replace(PROOF, faults={"real_person": FAULT}))

    assert step.fields == (CARD, COUNTER)
    assert step.faults == {"bank_card": FAULT}


def test_a_fault_of_the_field_itself_is_not_covered_up() -> None:
    of_the_card = replace(FAULT, code="bank_card_unknown")

    step = without_camera(replace(PROOF, faults={"real_person": FAULT, "bank_card": of_the_card}))

    assert step.faults == {"bank_card": of_the_card}


def test_an_offer_that_cannot_be_accepted_here_can_still_be_declined_and_says_so_first() -> None:
    answer = Field("accepted", "choice", "您的答复", options=(Option("accept", "接受"), Option("decline", "不接受")))
    offer = Step("offer", "您愿意接受吗", (answer,), text=("有家人想帮您。",), speech="有家人想帮您。")

    told = telling_elsewhere(Plan("accept-relation", "接受", (offer, PROOF)), CAMERA_ELSEWHERE)

    assert told.reasons == ()
    assert told.steps[1:] == (PROOF,)
    for said in (told.steps[0].text[-1], told.steps[0].speech):
        assert CAMERA_ELSEWHERE.text in said
        assert CAMERA_ELSEWHERE.next_step in said


def test_what_has_no_end_without_a_camera_cannot_be_begun_for_every_reason_at_once() -> None:
    told = telling_elsewhere(Plan("add-member", "添加", (PROOF,), reasons=(REASON,)), CAMERA_ELSEWHERE)

    assert told.reasons == (REASON, CAMERA_ELSEWHERE)
