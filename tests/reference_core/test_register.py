"""The app register: whose identities these are, what was agreed to, what platforms push, and what is kept of one citizen."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest

from groundwork.chance import new_id
from reference_core.parts import Core
from tests.reference_core.callers import Callers, Json, World

CHANNELS = (("wechat", "wx1"), ("wechat", "wx2"), ("alipay", "2021"), ("wechat_official", "wx3"))
NOBODYS = "00000000-0000-7000-8000-000000000000"
KINDS = ("open_id", "user_id", "union_id")
GENERAL = {
    "purpose": "general",
    "title": "一般",
    "text": "第一条\n第二条",
    "text_hash": "a" * 64,
    "version": "1",
    "channel": "wechat",
}
SENSITIVE = {**GENERAL, "purpose": "sensitive", "title": "敏感", "text_hash": "b" * 64}


def sign_in(callers: Callers, *subjects: str, channel: str = "wechat", app_id: str = "wx1", kind: str = "open_id") -> Json:
    named = [{"kind": kind, "subject": subject} for subject in subjects]
    return callers.register("/identities", {"channel": channel, "app_id": app_id, "subjects": named}).ok()


def attach(callers: Callers, identity: Json, person: str) -> Json:
    return callers.register(f"/identities/{identity['identity_id']}/person", {"person_id": person}).ok()


def agree(callers: Callers, identity: Json, *consents: Json) -> None:
    callers.register(f"/identities/{identity['identity_id']}/consents", {"consents": list(consents)}).ok()


def read(callers: Callers, identity: Json, what: str) -> Json:
    bearer = callers.core.settings.keys.app[0]
    return callers.call("GET", f"/app/identities/{identity['identity_id']}/{what}", bearer=bearer).ok()


def withdraw(callers: Callers, identity: Json, consent_id: str) -> Any:
    return callers.register(f"/identities/{identity['identity_id']}/consents/{consent_id}/withdrawal", {})


def push(callers: Callers, subject: str, push_id: str, kind: str = "authorisation_revoked", **place: str) -> Json:
    told = {"channel": "wechat", "app_id": "wx1", **place}
    event = {"kind": kind, "subject": {"kind": "open_id", "subject": subject}}
    return callers.register("/pushes", {**told, "push_id": push_id, "events": [event]}).ok()


def events_of(callers: Callers, person: Json, kind: str) -> list[Json]:
    after: list[Json] = callers.events()["items"]
    return [one for one in after if one["person_id"] == person["person_id"] and one["kind"] == kind]


def test_the_same_string_in_another_channel_app_or_kind_is_somebody_else(callers: Callers) -> None:
    """An open_id of one platform can be spelled like a user_id of the other."""
    spelled = f"2088{new_id()}"
    places = [(channel, app_id, kind) for channel, app_id in CHANNELS for kind in KINDS]

    identities = [sign_in(callers, spelled, channel=channel, app_id=app_id, kind=kind) for channel, app_id, kind in places]

    assert len({one["identity_id"] for one in identities}) == len(places)
    people = [new_id() for _ in places]
    for identity, person in zip(identities, people, strict=True):
        attach(callers, identity, person)
    for (channel, app_id, kind), person in zip(places, people, strict=True):
        assert sign_in(callers, spelled, channel=channel, app_id=app_id, kind=kind)["person_id"] == person


def test_one_citizen_may_come_through_both_channels(callers: Callers, world: World) -> None:
    person = world.resident()["person_id"]
    wechat, alipay = sign_in(callers, new_id()), sign_in(callers, new_id(), channel="alipay", app_id="2021")

    assert attach(callers, wechat, person)["person_id"] == attach(callers, alipay, person)["person_id"] == person


def test_a_second_identity_of_the_same_channel_is_told_to_its_citizen_once(callers: Callers, world: World) -> None:
    person = world.resident()
    attach(callers, sign_in(callers, new_id()), person["person_id"])
    assert events_of(callers, person, "identity_added") == []
    attach(callers, sign_in(callers, new_id(), channel="alipay", app_id="2021"), person["person_id"])
    assert events_of(callers, person, "identity_added") == []
    second, key = sign_in(callers, new_id()), new_id()

    for _ in range(2):
        body = {"person_id": person["person_id"]}
        callers.register(f"/identities/{second['identity_id']}/person", body, key).ok()

    assert [one["data"] for one in events_of(callers, person, "identity_added")] == [{"channel": "wechat"}]


def test_an_account_that_comes_to_another_app_by_its_union_id_is_told_to_its_citizen_once(callers: Callers, world: World) -> None:
    person, union = world.resident(), {"kind": "union_id", "subject": new_id()}
    in_app = {"channel": "wechat", "app_id": "wx1", "union_with": ["wechat_official"]}
    on_page = {"channel": "wechat_official", "app_id": "wx3", "union_with": ["wechat"]}

    def comes(place: Json, open_id: str) -> Json:
        return callers.register("/identities", {**place, "subjects": [{"kind": "open_id", "subject": open_id}, union]}).ok()

    attach(callers, comes(in_app, new_id()), person["person_id"])
    assert events_of(callers, person, "identity_added") == []
    page_id = new_id()

    pages = [comes(on_page, page_id) for _ in range(2)]

    assert [page["person_id"] for page in pages] == [person["person_id"]] * 2
    assert [one["data"] for one in events_of(callers, person, "identity_added")] == [{"channel": "wechat_official"}]


def test_until_when_a_guardian_speaks_is_known_at_each_sign_in_and_told_on_request(callers: Callers) -> None:
    subject, until = new_id(), "2030-05-06"
    identity = sign_in(callers, subject)
    body = {"person_id": new_id(), "guarded_until": until}

    attached = callers.register(f"/identities/{identity['identity_id']}/person", body).ok()

    assert attached["guarded_until"] == sign_in(callers, subject)["guarded_until"] == until
    assert [one["guarded_until"] for one in read(callers, identity, "export")["identities"]] == [until]


def test_what_was_agreed_before_a_citizen_was_known_is_theirs_afterwards(callers: Callers) -> None:
    identity, person = sign_in(callers, new_id()), new_id()
    agree(callers, identity, GENERAL)
    agree(callers, identity, SENSITIVE)

    told = attach(callers, identity, person)

    assert told["agreed"] == ["a" * 64, "b" * 64]
    items = read(callers, identity, "consents")["items"]
    assert [(one["purpose"], one["title"], one["text"], one["withdrawn_at"]) for one in items] == [
        ("sensitive", "敏感", ["第一条", "第二条"], None),
        ("general", "一般", ["第一条", "第二条"], None),
    ]


def test_agreeing_twice_to_the_same_text_is_one_consent(callers: Callers) -> None:
    identity = sign_in(callers, new_id())
    agree(callers, identity, GENERAL)
    agree(callers, identity, GENERAL)

    assert len(read(callers, identity, "consents")["items"]) == 1


def test_a_withdrawn_consent_ends_on_every_channel_and_stays_in_the_ledger(callers: Callers, core: Core) -> None:
    person = new_id()
    wechat, alipay = sign_in(callers, new_id()), sign_in(callers, new_id(), channel="alipay", app_id="2021")
    for identity, channel in ((wechat, "wechat"), (alipay, "alipay")):
        attach(callers, identity, person)
        agree(callers, identity, {**GENERAL, "channel": channel}, {**SENSITIVE, "channel": channel})
    given = next(one for one in read(callers, wechat, "consents")["items"] if one["purpose"] == "sensitive")

    told = withdraw(callers, wechat, given["id"]).ok()

    assert told == {"purpose": "sensitive", "person_id": person, "for_person": None, "text_hashes": ["b" * 64]}
    items = read(callers, alipay, "consents")["items"]
    assert {(one["purpose"], one["channel"]): one["withdrawn_at"] is None for one in items} == {
        ("general", "wechat"): True,
        ("general", "alipay"): True,
        ("sensitive", "wechat"): False,
        ("sensitive", "alipay"): False,
    }
    again = withdraw(callers, alipay, given["id"]).ok()
    assert again == told
    assert read(callers, wechat, "consents")["items"] == items


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("person", {"person_id": NOBODYS}),
        ("consents", {"consents": [GENERAL]}),
        (f"consents/{NOBODYS}/withdrawal", {}),
        ("deletion", {}),
    ],
)
def test_nothing_is_written_for_an_identity_that_never_signed_in(callers: Callers, act: str, body: Json) -> None:
    callers.register(f"/identities/{new_id()}/{act}", body).problem(404, "not_found")


@pytest.mark.parametrize("what", ["consents", "export"])
def test_nothing_is_told_of_an_identity_that_never_signed_in(callers: Callers, what: str) -> None:
    bearer = callers.core.settings.keys.app[0]

    callers.call("GET", f"/app/identities/{new_id()}/{what}", bearer=bearer).problem(404, "not_found")


def test_nobody_withdraws_a_strangers_consent(callers: Callers) -> None:
    mine, theirs = sign_in(callers, new_id()), sign_in(callers, new_id())
    agree(callers, theirs, GENERAL)
    consent = read(callers, theirs, "consents")["items"][0]

    withdraw(callers, mine, consent["id"]).problem(404, "not_found")

    assert read(callers, theirs, "consents")["items"][0]["withdrawn_at"] is None


def test_a_guardians_consent_names_the_child_and_does_not_speak_for_the_guardian(callers: Callers) -> None:
    identity, child = sign_in(callers, new_id()), new_id()
    attach(callers, identity, new_id())

    agree(callers, identity, {**SENSITIVE, "for_person": child})

    assert [one["for_person"] for one in read(callers, identity, "consents")["items"]] == [child]
    assert attach(callers, identity, read_person(callers, identity))["agreed"] == []


def read_person(callers: Callers, identity: Json) -> str:
    row = callers.core.db.one(
        "SELECT h.person_id::text AS id FROM app.holders h JOIN app.identities i ON i.holder_id = h.id WHERE i.id = %s",
        [identity["identity_id"]],
    )
    assert row is not None
    return str(row["id"])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE app.consents SET text = 'etwas anderes' WHERE purpose = 'general'",
        "UPDATE app.consents SET agreed_at = now() WHERE purpose = 'general'",
        "UPDATE app.consents SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL",
        "DELETE FROM app.consents WHERE purpose = 'general'",
    ],
)
def test_nobody_rewrites_the_ledger(callers: Callers, core: Core, change: str) -> None:
    """Not even the owner of the tables, by mistake."""
    identity = sign_in(callers, new_id())
    agree(callers, identity, GENERAL)
    withdraw(callers, identity, read(callers, identity, "consents")["items"][0]["id"]).ok()

    with pytest.raises(psycopg.errors.RestrictViolation), core.db.transaction() as tx:
        tx.execute(change.encode())


def test_a_revoked_authorisation_makes_the_next_sign_in_unverified_until_it_is_proven_anew(callers: Callers) -> None:
    subject, person = new_id(), new_id()
    identity = sign_in(callers, subject)
    agree(callers, identity, GENERAL)
    attach(callers, identity, person)

    told = push(callers, subject, new_id())

    assert told["fresh"]
    assert told["revoked"] == [{"identity_id": identity["identity_id"], "person_id": person}]
    anew = {"identity_id": identity["identity_id"], "person_id": None, "agreed": [], "guarded_until": None}
    assert sign_in(callers, subject) == anew
    callers.register(f"/identities/{identity['identity_id']}/person", {"person_id": new_id()}).problem(409, "identity_conflict")
    attach(callers, identity, person)
    assert sign_in(callers, subject)["person_id"] == person


def test_a_push_delivered_again_changes_nothing_but_says_the_same(callers: Callers, world: World) -> None:
    """The platform delivers for a day or more; meanwhile the person may have proven themselves anew."""
    subject, push_id = new_id(), new_id()
    identity, person = sign_in(callers, subject), new_id()
    attach(callers, identity, person)
    first = push(callers, subject, push_id)
    attach(callers, identity, person)

    for hours in (1, 25):
        world.later(hours=hours)
        assert push(callers, subject, push_id) == {**first, "fresh": False}

    assert sign_in(callers, subject)["person_id"] == person


def test_pushes_are_remembered_for_a_bounded_time(callers: Callers, core: Core, world: World) -> None:
    before = count(core, "app.pushes")
    push(callers, new_id(), new_id())
    assert count(core, "app.pushes") == before + 1

    world.later(days=8)
    push(callers, new_id(), new_id())

    assert count(core, "app.pushes") == 1


def count(core: Core, table: str) -> int:
    row = core.db.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608  # a name of this file
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize("place", [{"channel": "alipay"}, {"app_id": "wx2"}])
def test_a_push_of_another_app_or_channel_concerns_nobody_here(callers: Callers, place: dict[str, str]) -> None:
    subject, person = new_id(), new_id()
    attach(callers, sign_in(callers, subject), person)

    assert push(callers, subject, new_id(), **place)["revoked"] == []
    assert sign_in(callers, subject)["person_id"] == person


def test_an_event_that_ends_nothing_is_taken_and_has_no_effect(callers: Callers) -> None:
    subject, person = new_id(), new_id()
    attach(callers, sign_in(callers, subject), person)

    told = push(callers, subject, new_id(), kind="user_information_modified")

    assert (told["fresh"], told["revoked"]) == (True, [])
    assert sign_in(callers, subject)["person_id"] == person


def test_an_export_tells_every_identity_and_consent_and_nobody_elses(callers: Callers) -> None:
    person, subjects = new_id(), [new_id(), new_id()]
    wechat, alipay = sign_in(callers, subjects[0]), sign_in(callers, subjects[1], channel="alipay", app_id="2021")
    for identity in (wechat, alipay):
        attach(callers, identity, person)
    agree(callers, wechat, GENERAL, {**SENSITIVE, "for_person": new_id()})
    attach(callers, sign_in(callers, new_id()), new_id())

    told = read(callers, alipay, "export")

    assert [(one["channel"], one["subject"]) for one in told["identities"]] == [
        ("wechat", subjects[0]),
        ("alipay", subjects[1]),
    ]
    assert {(one["purpose"], one["for_relative"]) for one in told["consents"]} == {("general", False), ("sensitive", True)}


def test_a_deletion_forgets_every_identity_and_keeps_ended_consents_as_evidence(callers: Callers, core: Core) -> None:
    person, subjects = new_id(), [new_id(), new_id()]
    wechat, alipay = sign_in(callers, subjects[0]), sign_in(callers, subjects[1], channel="alipay", app_id="2021")
    for identity in (wechat, alipay):
        attach(callers, identity, person)
        agree(callers, identity, GENERAL)
    key = new_id()

    told = [callers.register(f"/identities/{wechat['identity_id']}/deletion", {}, key).ok() for _ in range(2)]

    assert told[0] == told[1] == {"identities": 2, "consents": 1}
    rows = core.db.rows("SELECT identity_id, withdrawn_at FROM app.consents WHERE person_id = %s", [person])
    assert all(row["identity_id"] is None and row["withdrawn_at"] for row in rows)
    assert len(rows) == 1
    found = core.db.rows("SELECT FROM app.identities WHERE subject = ANY (%s)", [subjects])
    assert found == []
    assert sign_in(callers, subjects[0])["person_id"] is None


def test_a_deletion_also_forgets_who_never_said_who_they_are(callers: Callers, core: Core) -> None:
    subject, other = new_id(), sign_in(callers, new_id())
    stranger = sign_in(callers, subject)
    for identity in (stranger, other):
        agree(callers, identity, GENERAL)

    told = callers.register(f"/identities/{stranger['identity_id']}/deletion", {}).ok()

    assert told == {"identities": 1, "consents": 1}
    assert core.db.rows("SELECT FROM app.identities WHERE subject = %s", [subject]) == []
    assert [one["withdrawn_at"] for one in read(callers, other, "consents")["items"]] == [None]


def test_a_consent_is_given_now_by_the_cores_clock(callers: Callers, core: Core, world: World) -> None:
    world.later(days=400)
    identity = sign_in(callers, new_id())
    agree(callers, identity, GENERAL)

    agreed_at = read(callers, identity, "consents")["items"][0]["agreed_at"]

    assert agreed_at[:10] == core.now().date().isoformat()


def test_ids_of_one_sign_in_that_name_two_citizens_stop_it_in_any_order(callers: Callers) -> None:
    subjects = [new_id(), new_id()]
    for subject in subjects:
        attach(callers, sign_in(callers, subject), new_id())

    for order in itertools.permutations(subjects):
        named = [{"kind": "open_id", "subject": subject} for subject in order]
        body = {"channel": "wechat", "app_id": "wx1", "subjects": named}
        callers.register("/identities", body).problem(409, "identity_conflict")
