"""The inbox in the register: each event once, one push at most, and only what its owner allowed."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from groundwork.chance import new_id
from groundwork.clock import write_offset
from reference_core.parts import Core
from tests.reference_core.callers import Callers, Json

_EVENTS = itertools.count(1)
CHANNELS = ["wechat", "alipay"]


@pytest.fixture(autouse=True)
def _nothing_waits(callers: Callers) -> None:
    """Other tests share the database: their pushes are not to be claimed here."""
    with callers.core.register.connection() as tx:
        tx.execute("DELETE FROM app.notices")


def somebody(callers: Callers, channel: str = "wechat") -> Json:
    """A citizen with one channel: `person_id` and `identity_id`."""
    named = [{"kind": "open_id", "subject": new_id()}]
    identity = callers.register("/identities", {"channel": channel, "app_id": "app", "subjects": named}).ok()
    return callers.register(f"/identities/{identity['identity_id']}/person", {"person_id": new_id()}).ok()


def event(callers: Callers, person: Json, **facts: object) -> Json:
    now = callers.core.now()
    told = {"event_id": next(_EVENTS), "person_id": person["person_id"], "kind": "payment", "template": "payment"}
    return {**told, "at": now.isoformat(), "data": {"paid_fen": 5}, **facts}


def enter(callers: Callers, *notices: Json, forgotten: tuple[Json, ...] = ()) -> int:
    return int(callers.register("/notices", {"notices": list(notices), "forgotten": list(forgotten)}).ok()["entered"])


def inbox(callers: Callers, person: Json, query: str = "") -> Json:
    bearer = callers.core.settings.keys.app[0]
    return callers.call("GET", f"/app/identities/{person['identity_id']}/notices{query}", bearer=bearer).ok()


def statuses(callers: Callers, person: Json) -> list[str]:
    return [item["delivery"]["status"] for item in inbox(callers, person)["items"]]


def claim(callers: Callers, word: str | None = None) -> Json | None:
    """The next push that is due."""
    told = callers.register("/notices/claims", {"claim": word or new_id(), "channels": CHANNELS}).ok()
    found: Json | None = told["push"]
    return found


def settle(callers: Callers, push: Json, word: str, outcome: str) -> bool:
    return bool(callers.register(f"/notices/{push['id']}/delivery", {"claim": word, "outcome": outcome}).ok()["settled"])


def push_once(callers: Callers, outcome: str) -> Json:
    word = new_id()
    push = claim(callers, word)
    assert push is not None
    assert settle(callers, push, word, outcome)
    return push


def allow(callers: Callers, person: Json, **changes: object) -> Json:
    return callers.register(f"/identities/{person['identity_id']}/notice-preferences", dict(changes)).ok()


def later(core: Core, **span: float) -> None:
    assert core.settings.clock_file is not None
    write_offset(core.settings.clock_file, core.clock.offset() + timedelta(**span))


def test_a_page_of_events_that_comes_twice_is_in_the_inbox_once(callers: Callers) -> None:
    person = somebody(callers)
    page = [event(callers, person), event(callers, person)]

    assert [enter(callers, *page), enter(callers, *page)] == [2, 0]

    assert len(inbox(callers, person)["items"]) == 2


def test_the_newest_notice_stands_first_and_pages_follow_one_another(callers: Callers) -> None:
    person = somebody(callers)
    told = [event(callers, person) for _ in range(5)]
    enter(callers, *told)

    first = inbox(callers, person, "?limit=3")
    rest = inbox(callers, person, f"?limit=3&cursor={first['next_cursor']}")

    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [3, 2, None]
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 5


def test_a_push_is_claimed_once_and_the_same_claim_is_told_the_same(callers: Callers) -> None:
    person = somebody(callers)
    enter(callers, event(callers, person))
    word = new_id()

    push, again, other = claim(callers, word), claim(callers, word), claim(callers)

    assert push == again
    assert push is not None
    assert push["channel"] == "wechat"
    assert other is None
    settle(callers, push, word, "sent")
    assert statuses(callers, person) == ["sent"]


def test_a_push_whose_worker_was_lost_counts_as_not_delivered_and_is_never_begun_again(callers: Callers, core: Core) -> None:
    person = somebody(callers)
    enter(callers, event(callers, person))
    claim(callers)
    assert statuses(callers, person) == ["pending"]

    later(core, minutes=2)

    assert statuses(callers, person) == ["not_delivered"]
    assert claim(callers) is None


def test_what_happened_long_ago_reaches_the_inbox_and_no_phone(callers: Callers, core: Core) -> None:
    person = somebody(callers)
    old = (core.now() - timedelta(minutes=16)).isoformat()

    enter(callers, event(callers, person, at=old))

    assert statuses(callers, person) == ["not_delivered"]
    assert claim(callers) is None


def test_a_person_without_a_channel_has_the_notice_all_the_same(callers: Callers) -> None:
    person = {"person_id": new_id()}
    enter(callers, event(callers, person))

    assert claim(callers) is None

    named = [{"kind": "open_id", "subject": new_id()}]
    identity = callers.register("/identities", {"channel": "wechat", "app_id": "app", "subjects": named}).ok()
    callers.register(f"/identities/{identity['identity_id']}/person", {"person_id": person["person_id"]}).ok()
    assert statuses(callers, identity) == ["not_allowed"]


def test_a_kind_or_a_channel_that_was_switched_off_is_not_pushed(callers: Callers) -> None:
    for changes in ({"kinds": {"payment": False}}, {"channels": {"wechat": False}}):
        person = somebody(callers)
        allow(callers, person, **changes)
        enter(callers, event(callers, person))

        assert claim(callers) is None

        assert statuses(callers, person) == ["not_allowed"]


def test_quiet_hours_put_the_push_off_and_not_the_inbox(callers: Callers, core: Core) -> None:
    person = somebody(callers)
    now = core.now()
    hours = {"from": f"{now:%H:%M}", "to": f"{now + timedelta(hours=2):%H:%M}"}
    allow(callers, person, quiet_hours=hours)
    enter(callers, event(callers, person))

    assert claim(callers) is None
    assert statuses(callers, person) == ["pending"]

    later(core, hours=2, minutes=1)
    assert push_once(callers, "sent")["kind"] == "payment"


def test_after_a_stop_nothing_of_that_template_is_sent_before_a_new_yes(callers: Callers) -> None:
    person = somebody(callers)
    enter(callers, event(callers, person))
    push_once(callers, "stop")
    enter(callers, event(callers, person), event(callers, person, template="notice"))

    assert push_once(callers, "sent")["template"] == "notice"
    assert claim(callers) is None
    assert statuses(callers, person) == ["sent", "not_allowed", "not_allowed"]

    allow(callers, person, channels={"wechat": True})
    enter(callers, event(callers, person))
    assert push_once(callers, "sent")["template"] == "payment"


def test_what_a_channel_puts_off_comes_again_later_but_not_for_ever(callers: Callers, core: Core) -> None:
    person = somebody(callers)
    enter(callers, event(callers, person))
    push_once(callers, "retry")
    assert claim(callers) is None

    later(core, seconds=10)
    push_once(callers, "retry")
    later(core, minutes=14, seconds=45)
    push_once(callers, "retry")

    assert statuses(callers, person) == ["not_delivered"]


def test_a_hundred_that_need_no_push_hold_the_next_one_up_for_one_turn_only(callers: Callers) -> None:
    """Nobody of the hundred has a channel; were the worker told that there is nothing more, it would rest."""
    person = somebody(callers)
    for _ in range(2):
        enter(callers, *(event(callers, {"person_id": new_id()}) for _ in range(50)))
    enter(callers, event(callers, person))

    first = callers.register("/notices/claims", {"claim": new_id(), "channels": CHANNELS}).ok()

    assert (first["push"], first["more"]) == (None, True)
    assert push_once(callers, "sent")["kind"] == "payment"


def test_a_second_word_about_a_push_changes_nothing(callers: Callers) -> None:
    person = somebody(callers)
    enter(callers, event(callers, person))
    word = new_id()
    push = claim(callers, word)
    assert push is not None

    assert [settle(callers, push, word, "sent"), settle(callers, push, word, "alert")] == [True, False]

    assert statuses(callers, person) == ["sent"]


def test_preferences_change_in_part_and_keep_the_rest(callers: Callers) -> None:
    person = somebody(callers)
    allow(callers, person, kinds={"payment": False}, quiet_hours={"from": "22:00", "to": "07:00"})

    told = allow(callers, person, kinds={"refund": False})

    assert told == {
        "kinds": {"payment": False, "refund": False},
        "channels": {},
        "quiet_hours": {"from": "22:00", "to": "07:00"},
    }
    assert allow(callers, person, quiet_hours=None)["quiet_hours"] is None


def test_reading_the_feed_anew_does_not_bring_back_what_was_deleted(callers: Callers) -> None:
    person = somebody(callers)
    first, last = event(callers, person), next(_EVENTS)

    enter(callers, first, forgotten=({"person_id": person["person_id"], "event_id": last},))

    assert inbox(callers, person)["items"] == []


def test_an_inbox_has_a_citizen_and_a_page_of_it_a_place_that_we_gave(callers: Callers) -> None:
    bearer = callers.core.settings.keys.app[0]
    named = [{"kind": "open_id", "subject": new_id()}]
    stranger = callers.register("/identities", {"channel": "wechat", "app_id": "app", "subjects": named}).ok()

    for nobody in (stranger["identity_id"], new_id()):
        callers.call("GET", f"/app/identities/{nobody}/notices", bearer=bearer).problem(404, "not_found")
    for cursor in ("x", "-1", "9" * 19):
        path = f"/app/identities/{somebody(callers)['identity_id']}/notices?cursor={cursor}"
        assert list(callers.call("GET", path, bearer=bearer).problem(400, "malformed")["fields"]) == ["cursor"]


def test_somebody_elses_notice_cannot_be_read(callers: Callers) -> None:
    mine, theirs = somebody(callers), somebody(callers)
    enter(callers, event(callers, theirs))
    notice = inbox(callers, theirs)["items"][0]

    callers.register(f"/identities/{mine['identity_id']}/notices/{notice['id']}/read", {}).problem(404, "not_found")

    assert inbox(callers, theirs)["items"][0]["read"] is False
    callers.register(f"/identities/{theirs['identity_id']}/notices/{notice['id']}/read", {}).ok()
    assert inbox(callers, theirs)["items"][0]["read"] is True
