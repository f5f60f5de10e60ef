"""The difference between *nothing was done* and *it may have been done*, against a core that misbehaves for real."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import orjson
import pytest

from bff.core_client.afterwards import AfterwardsClient
from bff.core_client.client import CoreClient, Verified
from bff.core_client.facts import Verdict
from bff.core_client.notices import NoticeRegister
from bff.core_client.register import RegisterClient
from bff.errors import (
    BffError,
    CoreUnavailable,
    IdentityConflict,
    InProgress,
    InvalidAnswers,
    InvalidCursor,
    KeyReused,
    KeySpent,
    MalformedBody,
    NotFound,
    OutcomeUnknown,
    RegionNotServed,
    RuleRefusal,
    TextChanged,
    TooManyRequests,
    TooManyTries,
)
from groundwork.reading import Reading, Unreadable
from tests.bff.core_client.conftest import impatient
from tests.bff.core_client.misbehaving import (
    Act,
    MisbehavingServer,
    answers,
    breaks_off,
    drips,
    floods,
    hangs,
    hangs_up,
    says,
)

BY = Verified("wechat", "face", datetime(2026, 3, 2, tzinfo=UTC))
DONE = {"outcome": "done", "id": "r1"}
REASON: dict[str, object] = {
    "rule": "member_already_bound",
    "text": "已被绑定。",
    "facts": {},
    "source": "LY-20",
    "effective_from": None,
    "owner": "member",
    "next_step": "请先解除。",
    "cashier_code": "ABC123",
}
ACCOUNT = {
    "status": "opened",
    "opened_at": None,
    "balance_fen": 3,
    "prior_year_fen": 1,
    "current_year_fen": 2,
    "shareable_fen": 3,
}
RECORD: dict[str, object] = {
    "at": "2026-03-02T10:00:00+08:00",
    "member": {"relation": "self", "name_masked": "*芳", "person": "self"},
    "institution": {"id": "P1", "name": "百姓药店", "kind": "pharmacy", "region": "990000"},
    "med_type": "41",
    "purpose": {"kind": "pharmacy", "label": "药店"},
    **dict.fromkeys(("bill_fen", "fund_fen", "own_fen", "payer_fen", "cash_fen", "balance_after_fen"), 1),
    "payers": [],
    "status": "settled",
}

NO_ANSWERS: dict[str, Act] = {
    "hangs up": hangs_up,
    "hangs": hangs,
    "breaks off": breaks_off,
    "drips": drips,
    "floods": floods,
    "garbage": says(200, b"<html>busy</html>", "text/html"),
    "a list": answers(200, []),
    "another shape": answers(200, {"hello": "there"}),
    "an empty answer": says(200, b""),
    "a redirect": answers(302, {}),
    "a success nobody knows": answers(206, {**ACCOUNT, **DONE}),
    "an unknown 500": answers(500, {"code": "internal"}),
    "a page instead of a 502": says(502, b"<html>bad gateway</html>", "text/html"),
    "a 503 of somebody in between": answers(503, {"code": "overloaded"}),
    "an unknown conflict": answers(409, {"code": "something_new"}),
    "a refusal without reasons": answers(422, {"code": "refused"}),
}


def write(client: CoreClient) -> object:
    return client.end_relation("p1", "r1", None, BY, "k" * 64)


def read(client: CoreClient) -> object:
    return client.account("p1")


@pytest.mark.parametrize("act", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_a_write_without_a_clear_answer_may_have_been_done(client: CoreClient, core: MisbehavingServer, act: Act) -> None:
    core.plays(act)

    with pytest.raises(OutcomeUnknown):
        write(client)


@pytest.mark.parametrize("act", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_a_read_without_a_clear_answer_has_done_nothing(client: CoreClient, core: MisbehavingServer, act: Act) -> None:
    core.plays(act)

    with pytest.raises(CoreUnavailable):
        read(client)


@pytest.mark.parametrize("ask", [write, read])
def test_where_nobody_listens_nothing_was_done(ask: Callable[[CoreClient], object]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = CoreClient(impatient(f"http://127.0.0.1:{unused.getsockname()[1]}"))

        with pytest.raises(CoreUnavailable):
            ask(client)


@pytest.mark.parametrize("ask", [write, read])
def test_a_core_that_says_try_again_has_done_nothing(
    client: CoreClient, core: MisbehavingServer, ask: Callable[[CoreClient], object]
) -> None:
    core.plays(answers(503, {"code": "try_again"}))

    with pytest.raises(CoreUnavailable):
        ask(client)
    assert len(core.received) == 2


def test_a_lost_answer_is_asked_for_again_under_the_same_key(client: CoreClient, core: MisbehavingServer) -> None:
    core.plays(hangs_up, answers(200, DONE))

    assert client.end_relation("p1", "r1", "搬家", BY, "k" * 64).outcome == "done"
    first, again = core.received
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"] == "k" * 64
    assert first.body == again.body


def test_a_write_that_may_have_been_done_stays_so_when_the_next_try_never_arrives(core: MisbehavingServer) -> None:
    """The first try was read by the core; that the second one was told to try again proves nothing about the first."""
    client = CoreClient(impatient(core.url))
    core.plays(hangs_up, answers(503, {"code": "try_again"}))

    with pytest.raises(OutcomeUnknown):
        write(client)


def test_a_call_ends_before_its_deadline_retries_included(client: CoreClient, core: MisbehavingServer) -> None:
    core.plays(drips)
    began_s = time.monotonic()

    with pytest.raises(OutcomeUnknown):
        write(client)
    assert time.monotonic() - began_s < 2.2


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "not_found", NotFound),
        (404, "region_not_served", RegionNotServed),
        (409, "key_reused", KeyReused),
        (409, "key_spent", KeySpent),
        (409, "in_progress", InProgress),
        (409, "text_changed", TextChanged),
        (409, "identity_conflict", IdentityConflict),
        (429, "too_many_requests", TooManyRequests),
        (429, "too_many_tries", TooManyTries),
        (400, "malformed", MalformedBody),
        (401, "bad_credential", CoreUnavailable),
    ],
)
def test_what_the_core_refuses_by_name_keeps_its_meaning_and_is_not_asked_twice(
    client: CoreClient, core: MisbehavingServer, status: int, code: str, error: type[BffError]
) -> None:
    core.plays(answers(status, {"code": code}, "application/problem+json"))

    with pytest.raises(error):
        write(client)
    assert len(core.received) == (2 if error is CoreUnavailable else 1)


def test_a_refusal_brings_every_reason(client: CoreClient, core: MisbehavingServer) -> None:
    core.plays(answers(422, {"code": "refused", "reasons": [REASON, {**REASON, "rule": "role_conflict"}]}))

    with pytest.raises(RuleRefusal) as refused:
        write(client)
    assert [reason.rule for reason in refused.value.extra["reasons"]] == ["member_already_bound", "role_conflict"]


def test_faulty_fields_keep_their_names(client: CoreClient, core: MisbehavingServer) -> None:
    core.plays(answers(422, {"code": "invalid", "fields": {"name": {"code": "c", "text": "t", "remedy": "r"}}}))

    with pytest.raises(InvalidAnswers) as invalid:
        write(client)
    assert invalid.value.extra["fields"]["name"].remedy == "r"


def test_a_cursor_that_the_core_does_not_know_is_the_clients_fault(core: MisbehavingServer) -> None:
    client = AfterwardsClient(impatient(core.url))
    core.plays(answers(400, {"code": "malformed"}))

    with pytest.raises(InvalidCursor):
        client.records("p1", cursor="made-up", limit=20)


def test_an_inbox_refuses_a_made_up_cursor_by_name(core: MisbehavingServer) -> None:
    core.plays(answers(400, {"code": "malformed"}))

    with pytest.raises(InvalidCursor):
        NoticeRegister(impatient(core.url)).inbox("i1", "made-up", 20)


@pytest.mark.parametrize("written", ["", "x", "-1", "1.0", "１２"])
def test_an_event_without_a_number_of_its_own_stops_the_feed(core: MisbehavingServer, written: str) -> None:
    """Passed over it would be lost; told under another's number it would hide that one."""
    event = {"id": written, "at": "2026-03-02T10:00:00+08:00", "kind": "payment_settled", "person_id": "p1", "data": {}}
    core.plays(answers(200, {"items": [{**event, "id": "12"}, event], "next_after": 13}))

    with pytest.raises(CoreUnavailable):
        NoticeRegister(impatient(core.url)).events(0, 50)


def test_every_record_is_read_to_the_last_page(core: MisbehavingServer) -> None:
    pages = [{"items": [{**RECORD, "id": one}], "next_cursor": cursor} for one, cursor in (("a", "c1"), ("b", "c2"), ("c", None))]
    core.plays(*(answers(200, page) for page in pages))

    found = [one.id for one in AfterwardsClient(impatient(core.url)).every_record("p1", person="self", month=None)]

    assert found == ["a", "b", "c"]
    asked = [parse_qs(one.line.split()[1].partition("?")[2]) for one in core.received]
    assert [one.get("cursor") for one in asked] == [None, ["c1"], ["c2"]]
    assert all(one["person"] == ["self"] and "month" not in one for one in asked)


def test_a_connection_is_kept_for_the_next_call_and_replaced_after_a_broken_one(
    client: CoreClient, core: MisbehavingServer
) -> None:
    core.plays(answers(200, ACCOUNT), hangs_up, answers(200, ACCOUNT))

    for _ in range(12):
        assert client.account("p1").balance_fen == 3


def test_connections_that_were_given_up_on_leave_their_place_in_the_pool(core: MisbehavingServer) -> None:
    client = CoreClient(impatient(core.url, tries=1))
    core.plays(floods)
    for _ in range(6):
        with pytest.raises(CoreUnavailable):
            client.account("p1")
    core.plays(answers(200, ACCOUNT))

    assert client.account("p1").balance_fen == 3


def test_each_call_says_for_whom_with_which_key_and_sends_nothing_personal_in_its_address(
    client: CoreClient, core: MisbehavingServer
) -> None:
    core.plays(answers(200, DONE))
    client.bind_member("p1", {"name": "林月华", "id_number": "371399195711200021"}, BY, "k" * 64)

    sent = core.received[0]
    assert sent.line == "POST /core/citizen/relations HTTP/1.1"
    assert sent.headers["x-person"] == "p1"
    assert sent.headers["authorization"] == "Bearer " + "c" * 32
    assert orjson.loads(sent.body)["verified_by"] == {"channel": "wechat", "method": "face", "at": "2026-03-02T00:00:00+00:00"}


def test_the_register_is_asked_with_its_own_key(core: MisbehavingServer) -> None:
    core.plays(answers(200, {"identity_id": "i1", "person_id": None, "agreed": []}))

    assert RegisterClient(impatient(core.url)).identify("wechat", "wx", [("open_id", "o1")]).person_id is None
    assert core.received[0].headers["authorization"] == "Bearer " + "a" * 32


@pytest.mark.parametrize("name", ["../people", "a/b", "x?y=1", "%2e%2e", "字"])
def test_an_id_cannot_leave_its_place_in_the_address(core: MisbehavingServer, name: str) -> None:
    core.plays(answers(404, {"code": "not_found"}))

    with pytest.raises(NotFound):
        AfterwardsClient(impatient(core.url)).record("p1", name)
    path = core.received[0].line.split(" ")[1]
    assert path.startswith("/core/citizen/records/")
    assert path.count("/") == 4
    assert "?" not in path


def test_an_outcome_that_the_core_does_not_remember_is_none(client: CoreClient, core: MisbehavingServer) -> None:
    core.plays(answers(404, {"code": "not_found"}))
    assert client.outcome("p1", "k") is None
    core.plays(answers(200, {"status": 201, "body": DONE}))
    remembered = client.outcome("p1", "k")
    assert remembered is not None
    assert remembered.done is not None
    core.plays(answers(200, {"status": 422, "body": {"code": "refused", "reasons": [REASON]}}))
    refused = client.outcome("p1", "k")
    assert refused is not None
    assert [reason.rule for reason in refused.reasons] == ["member_already_bound"]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "splendid"},
        {"balance_fen": "3"},
        {"balance_fen": 3.0},
        {"balance_fen": True},
        {"balance_fen": 4},
        {"opened_at": "yesterday"},
        {"opened_at": "2026-03-02T09:30:00"},
        {"shareable_fen": None},
    ],
)
def test_an_answer_of_the_core_is_checked_as_strictly_as_a_strangers(
    client: CoreClient, core: MisbehavingServer, change: dict[str, object]
) -> None:
    core.plays(answers(200, {**ACCOUNT, **change}))

    with pytest.raises(CoreUnavailable):
        client.account("p1")


def test_what_the_core_adds_to_its_answers_later_does_no_harm(client: CoreClient, core: MisbehavingServer) -> None:
    core.plays(answers(200, {**ACCOUNT, "new_member": {"x": 1}}))

    assert client.account("p1").status == "opened"


def test_a_form_is_handed_on_as_it_was_printed(core: MisbehavingServer, client: CoreClient) -> None:
    core.plays(says(200, b"%PDF-1.7 printed", "application/pdf"))

    assert client.form("p1", "add-member", {"member": {}}) == b"%PDF-1.7 printed"
    assert core.received[-1].line.startswith("POST /core/citizen/forms/add-member ")


@pytest.mark.parametrize("said", [b"<html>sorry</html>", b"", b"{}"])
def test_what_is_no_form_is_no_answer(core: MisbehavingServer, client: CoreClient, said: bytes) -> None:
    core.plays(says(200, said, "application/pdf"))

    with pytest.raises(CoreUnavailable):
        client.form("p1", "add-member", {})


def test_why_there_is_no_form_is_told_like_any_refusal(core: MisbehavingServer, client: CoreClient) -> None:
    core.plays(answers(422, {"code": "refused", "reasons": [REASON]}))

    with pytest.raises(RuleRefusal) as refused:
        client.form("p1", "add-member", {})
    assert [reason.rule for reason in refused.value.extra["reasons"]] == ["member_already_bound"]


@pytest.mark.parametrize("reasons", [[], [REASON]], ids=["closed without a reason", "open with one"])
def test_a_verdict_that_contradicts_its_reasons_is_no_answer(
    client: CoreClient, core: MisbehavingServer, reasons: list[dict[str, object]]
) -> None:
    """A door that is closed says why, and an open one has nothing in the way."""
    told = {"allowed": bool(reasons), "reasons": reasons}
    with pytest.raises(Unreadable, match="allowed"):
        Verdict.read(Reading.of(told))

    core.plays(answers(200, {"items": [{"name": "x", "title": "x", "can_start": bool(reasons), "reasons": reasons}]}))
    with pytest.raises(CoreUnavailable):
        client.flows("p1")
