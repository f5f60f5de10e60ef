"""The flow desk over a real Redis and a core that says what each test needs: texts that change, outcomes remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bff.api.context import Parts
from bff.api.flows.desk import FlowDesk
from bff.api.flows.effects import carry_out
from bff.app import join
from bff.errors import (
    ChannelUnavailable,
    Fault,
    FlowNotStarted,
    IdentityRequired,
    InvalidAnswers,
    NotFound,
    OutcomeUnknown,
    RuleRefusal,
    StepOutOfOrder,
    TextChanged,
)
from bff.flows.flow import CloseAccount
from bff.settings import read_settings
from dev.private_world import free_ports
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from groundwork.chance import new_id
from groundwork.clock import write_offset
from tests.bff.api.conftest import somebody
from tests.bff.core_client.misbehaving import Act, MisbehavingServer, answers, hangs_up

OLD_TEXT, NEW_TEXT = "a" * 64, "b" * 64
KEY = "the-key-of-this-completion"
OPENED = answers(201, {"status": "opened", "outcome": "done"})
REASON: dict[str, object] = {
    "rule": "payer_status_not_normal",
    "text": "停保。",
    "facts": {},
    "source": "LY-07",
    "effective_from": None,
    "owner": "agency",
    "next_step": "请咨询。",
    "cashier_code": "ABC123",
}


def plan(text_hash: str = OLD_TEXT, **changes: object) -> Act:
    agree = {"name": "agree", "kind": "consent", "label": "同意", "required": True, "text": ["一"], "text_hash": text_hash}
    told = {
        "flow": "open-account",
        "title": "开通",
        "verdict": {"allowed": True, "reasons": []},
        "steps": [{"step": "pledge", "title": "承诺", "text": [], "fields": [agree], **changes}],
        "done_text": "好了",
        "next": [],
    }
    return answers(200, told)


@pytest.fixture
def core() -> Iterator[MisbehavingServer]:
    server = MisbehavingServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def told_bff(redis_server: RunningServer, server_folder: Path) -> dict[str, str]:
    urls = Urls(redis_server.url, "postgresql://nobody@127.0.0.1:1/none")
    return world_environment(server_folder / "desk", Ports(*free_ports(3)), urls)["bff"]


@pytest.fixture
def parts(told_bff: dict[str, str], core: MisbehavingServer) -> Parts:
    return join(read_settings({**told_bff, "CORE_URL": core.url, "BFF_CORE_TRIES": "1"}))


@pytest.fixture
def desk(parts: Parts) -> Callable[[], FlowDesk]:
    """A new desk for each request of the same person."""
    session = somebody(new_id())
    return lambda: FlowDesk(parts, session, "open-account")


def agreed(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    core.plays(plan())
    desk().start({})
    assert desk().answer("pledge", {"agree": OLD_TEXT})["step"] is None


def test_a_text_that_changed_before_the_end_has_to_be_read_again(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    agreed(desk, core)
    core.plays(plan(NEW_TEXT))

    with pytest.raises(TextChanged) as changed:
        desk().complete(KEY)

    assert changed.value.extra["screen"]["step"] == "pledge"
    assert changed.value.extra["screen"]["fields"][0]["text_hash"] == NEW_TEXT
    assert not [one for one in core.received if one.line.startswith("POST /core/citizen/account")]


def test_a_text_that_changed_in_the_last_moment_is_told_by_the_core_and_opens_its_step(
    desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    agreed(desk, core)
    core.plays(plan(), answers(409, {"code": "text_changed"}), plan(NEW_TEXT))

    with pytest.raises(TextChanged) as changed:
        desk().complete(KEY)
    assert changed.value.extra["screen"]["step"] == "pledge"
    assert desk().look()["step"] == "pledge"


def test_a_completion_whose_answers_are_gone_asks_the_core_what_came_of_it(
    desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    agreed(desk, core)
    core.plays(plan(), OPENED)
    desk().complete(KEY)
    sent = core.received[-1].headers["idempotency-key"]
    core.plays(answers(200, {"status": 201, "body": {"outcome": "done"}}), plan())

    told, _ = desk().complete(KEY)

    assert told["outcome"] == "done"
    assert f"GET /core/citizen/outcomes/{sent} HTTP/1.1" in [one.line for one in core.received]


def test_a_refusal_that_the_core_remembers_is_told_again(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    core.plays(answers(200, {"status": 422, "body": {"code": "refused", "reasons": [REASON]}}))

    with pytest.raises(RuleRefusal) as refused:
        desk().complete(KEY)
    assert [reason.rule for reason in refused.value.extra["reasons"]] == ["payer_status_not_normal"]


def test_a_completion_that_the_core_never_saw_was_not_begun(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    core.plays(answers(404, {"code": "not_found"}))

    with pytest.raises(FlowNotStarted) as missing:
        desk().complete(KEY)
    assert missing.value.extra["screen"]["flow"] == "open-account"


def test_an_end_that_may_have_been_reached_keeps_the_answers_for_the_same_key(
    desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    agreed(desk, core)
    core.plays(plan(), hangs_up)
    with pytest.raises(OutcomeUnknown) as unknown:
        desk().complete(KEY)
    assert unknown.value.extra["screen"]["actions"][0]["name"] == "complete"
    lost = core.received[-1].headers["idempotency-key"]
    core.plays(plan(), OPENED)

    assert desk().complete(KEY)[0]["outcome"] == "done"
    assert core.received[-1].headers["idempotency-key"] == lost


def test_answers_that_no_longer_hold_stop_the_end_with_every_reason(
    desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    agreed(desk, core)
    core.plays(plan(refusal={"allowed": False, "reasons": [REASON]}), answers(404, {"code": "not_found"}))

    with pytest.raises(RuleRefusal) as refused:
        desk().complete(KEY)
    assert refused.value.extra["screen"]["step"] == "pledge"


def test_what_is_refused_because_this_very_key_has_done_it_is_done(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    """The reply was lost, and the plan of the day no longer lets anybody do it a second time."""
    agreed(desk, core)
    core.plays(
        plan(refusal={"allowed": False, "reasons": [REASON]}),
        answers(200, {"status": 201, "body": {"outcome": "done"}}),
        plan(refusal={"allowed": False, "reasons": [REASON]}),
    )

    told, _ = desk().complete(KEY)

    assert told["outcome"] == "done"
    with pytest.raises(FlowNotStarted):
        desk().look()


def test_a_refused_answer_is_not_kept(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    core.plays(plan())
    desk().start({})
    core.plays(plan(), plan(refusal={"allowed": False, "reasons": [REASON]}))
    with pytest.raises(RuleRefusal):
        desk().answer("pledge", {"agree": OLD_TEXT})
    core.plays(plan())

    assert desk().look()["step"] == "pledge"
    with pytest.raises(StepOutOfOrder):
        desk().complete(KEY)


def test_a_city_that_asks_what_we_cannot_carry_out_is_as_good_as_silent(
    desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    core.plays(plan(fields=[{"name": "x", "kind": "hologram", "label": "x", "required": True}]))

    with pytest.raises(Exception, match="core_unavailable"):
        desk().start({})


def test_a_citys_flow_is_closed_to_whom_nobody_knows(parts: Parts) -> None:
    with pytest.raises(IdentityRequired):
        FlowDesk(parts, somebody(None), "open-account")
    with pytest.raises(NotFound):
        FlowDesk(parts, somebody(None), "no-such-flow")


WRONG = {"code": "too_late", "text": "太晚了。", "remedy": "请重新回答。"}


def test_an_answer_that_the_plan_finds_faulty_is_told_at_its_field(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    core.plays(plan())
    desk().start({})
    core.plays(plan(), plan(faults={"agree": WRONG}))

    with pytest.raises(InvalidAnswers) as faulty:
        desk().answer("pledge", {"agree": OLD_TEXT})

    assert faulty.value.extra["fields"] == {"agree": Fault(**WRONG)}
    assert faulty.value.extra["screen"]["fields"][0]["error"] == WRONG


def test_a_step_that_the_city_drops_once_it_is_answered_is_passed(desk: Callable[[], FlowDesk], core: MisbehavingServer) -> None:
    core.plays(plan())
    desk().start({})
    core.plays(plan(), plan(step="another"))

    assert desk().answer("pledge", {"agree": OLD_TEXT})["step"] == "another"


def test_a_fault_at_the_end_that_no_step_asks_about_is_told_and_opens_none(
    desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    agreed(desk, core)
    core.plays(plan(), answers(422, {"code": "invalid_answers", "fields": {"shoe_size": WRONG}}), plan())

    with pytest.raises(InvalidAnswers) as faulty:
        desk().complete(KEY)

    assert set(faulty.value.extra["fields"]) == {"shoe_size"}
    assert desk().look()["step"] is None


def test_a_flow_that_ran_out_begins_anew_when_it_is_started_again(
    parts: Parts, desk: Callable[[], FlowDesk], core: MisbehavingServer
) -> None:
    agreed(desk, core)
    clock_file = parts.settings.clock_file
    assert clock_file is not None
    write_offset(clock_file, timedelta(seconds=parts.settings.lifetimes.answers_s + 1))

    try:
        assert desk().start({})["step"] == "pledge"
    finally:
        clock_file.unlink()


def test_a_verification_whose_answers_are_gone_is_known_to_the_register(parts: Parts, core: MisbehavingServer) -> None:
    unknown = somebody(None)
    core.plays(answers(200, {"identity_id": "i1", "person_id": None, "agreed": []}))
    with pytest.raises(FlowNotStarted):
        FlowDesk(parts, unknown, "verify-identity").complete(KEY)
    core.plays(answers(200, {"identity_id": "i1", "person_id": "p1", "agreed": []}))

    told, first = FlowDesk(parts, unknown, "verify-identity").complete(KEY)
    again, second = FlowDesk(parts, somebody("p1"), "verify-identity").complete(KEY)

    assert told["outcome"] == again["outcome"] == "done"
    assert first.becomes is not None
    assert (first.becomes.person_id, second.becomes) == ("p1", None)


def test_what_only_a_known_person_may_do_is_done_for_nobody_else(parts: Parts, core: MisbehavingServer) -> None:
    unproven = replace(somebody("p1"), proof=None)

    for session in (somebody(None), unproven):
        with pytest.raises(IdentityRequired):
            carry_out(parts, session, CloseAccount(), "key")
    assert core.received == []


def test_a_channel_that_was_switched_off_since_is_unavailable(parts: Parts) -> None:
    with pytest.raises(ChannelUnavailable):
        parts.channel("pigeon")
