"""Alipay as the sandbox plays it, over HTTP: in either mode all goes well, and every known refusal has its reaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from bff.channels import alipay_codes as codes
from bff.channels.alipay_certify import STATES
from bff.channels.alipay_messages import RETRY, STOP
from bff.channels.base import ChannelEvent, ChannelUser, CheckResult, Delivery, Message, NamedPerson
from bff.errors import BffError, CallbackRefused, ChannelSignatureBad, CheckNotPossible, PhoneCodeInvalid
from tests.channels.alipay_platform import KeyPair
from tests.channels.alipay_refusals import (
    ANYWHERE,
    AT_CHECK_BEGIN,
    AT_CHECK_END,
    AT_LOGIN,
    AT_PHONE,
    CHECK_STATES,
    MESSAGES,
    Refusal,
    State,
    rows_below,
)
from tests.channels.alipay_sandbox import AlipayWorld, alipay_world
from tests.channels.scripted_server import Reply, Request, ScriptedServer

NOTICE = Message("payment", {"place": "城北药店", "at": "2026-11-22 09:30"}, "pages/records/index")
LOGIN = "alipay.system.oauth.token"
INITIALIZE, QUERY = "alipay.user.certify.open.initialize", "alipay.user.certify.open.query"
AUTHORISATION = "alipay.commerce.medical.authinfo.auth.query"
CARD = "alipay.commerce.medical.card.auth.query"
RELATIVES = "alipay.commerce.medical.fm.bindlist.query"
DETECT = "alipay.security.risk.content.detect"
SEND = "alipay.open.app.mini.templatemessage.send"
CALLS: dict[str, Callable[[AlipayWorld, ChannelUser], object]] = {
    LOGIN: lambda world, _: world.channel.identify(world.code()),
    INITIALIZE: lambda world, user: world.channel.begin_check(user, world.person()),
    AUTHORISATION: lambda world, user: world.channel.begin_activation(user, world.person()),
    RELATIVES: lambda world, user: world.channel.kinship_list(user),
    DETECT: lambda world, user: world.channel.is_text_allowed(user, "药店多收了钱"),
}
PLAYED: list[tuple[str, Refusal]] = [
    *product(CALLS, ANYWHERE),
    *product([LOGIN], AT_LOGIN),
    *product([INITIALIZE], AT_CHECK_BEGIN),
]


def test_every_code_that_we_know_stands_in_a_table() -> None:
    headings = ("Every call", "Signing in", "The phone number", "A check begins", "A check ends", "A message")
    rows = [row for heading in headings for row in rows_below(heading)]
    written = {word for code, sub_code, _ in rows for word in (code, sub_code)}
    known = {*codes.EVERYWHERE, *codes.LOGIN, *codes.PHONE, *codes.CHECK_BEGIN, *codes.CHECK_END, *STATES, *STOP, *RETRY}

    assert len(rows) > 80
    assert known <= written


@pytest.mark.parametrize(("method", "refusal"), PLAYED)
def test_every_refusal_of_a_method_has_its_reaction(world: AlipayWorld, user: ChannelUser, method: str, refusal: Refusal) -> None:
    code, sub_code, error = refusal
    world.refuses(method, code, sub_code)

    with pytest.raises(BffError) as raised:
        CALLS[method](world, user)

    assert type(raised.value) is error
    (fault,) = world.plays("GET", "/faults")
    assert fault["struck"] == 1, "nothing is sent again by itself"


@pytest.mark.parametrize("refusal", [*ANYWHERE, *AT_CHECK_END])
def test_every_refusal_to_tell_the_end_has_its_reaction(world: AlipayWorld, user: ChannelUser, refusal: Refusal) -> None:
    code, sub_code, error = refusal
    check = world.channel.begin_check(user, world.person())
    world.refuses(QUERY, code, sub_code)

    with pytest.raises(BffError) as raised:
        world.channel.finish_check(user, check)

    assert type(raised.value) is error


@pytest.mark.parametrize("state", CHECK_STATES)
def test_every_state_of_a_check_is_told_as_one(world: AlipayWorld, user: ChannelUser, state: State) -> None:
    code, sub_code, result = state
    check = world.channel.begin_check(user, world.person())
    world.refuses(QUERY, code, sub_code)

    assert world.channel.finish_check(user, check) is result


@pytest.mark.parametrize("refusal", AT_PHONE)
def test_every_refusal_to_give_the_phone_has_its_reaction(world: AlipayWorld, user: ChannelUser, refusal: Refusal) -> None:
    code, sub_code, error = refusal
    world.refuses("my.getPhoneNumber", code, sub_code)

    with pytest.raises(BffError) as raised:
        world.channel.phone_number(user, world.phone_code())

    assert type(raised.value) is error


@pytest.mark.parametrize("refusal", MESSAGES)
def test_every_refusal_of_a_message_says_what_to_do_next(
    world: AlipayWorld, user: ChannelUser, refusal: tuple[str, str, Delivery]
) -> None:
    code, sub_code, delivery = refusal
    world.refuses(SEND, code, sub_code)

    assert world.channel.send(user, NOTICE) is delivery


@pytest.mark.parametrize("method", CALLS)
def test_a_bad_signature_is_told_by_name_whatever_was_asked(world: AlipayWorld, user: ChannelUser, method: str) -> None:
    fault = {"upstream": "alipay", "endpoint": method, "kind": "error", "code": "bad_signature"}
    world.plays("POST", "/faults", fault)

    with pytest.raises(ChannelSignatureBad):
        CALLS[method](world, user)


def test_somebody_signs_in_gives_a_phone_and_activates_in_either_mode(world: AlipayWorld) -> None:
    user = world.signed_in()
    check = world.channel.begin_activation(user, world.person())

    assert world.channel.phone_number(user, world.phone_code()) == world.people[0]["phone"]
    assert world.channel.finish_activation(user, check) is CheckResult.PENDING
    world.looks(0, check.id)
    assert world.channel.finish_activation(user, check) is CheckResult.PASSED


def test_a_phone_that_alipay_gave_to_another_app_is_none_here(world: AlipayWorld, user: ChannelUser) -> None:
    """Alipay signs for each app with that app's own key."""
    other_app = KeyPair.new()
    sent = world.phone_code()
    response = sent["response"]

    with pytest.raises(PhoneCodeInvalid):
        world.channel.phone_number(user, {**sent, "sign": other_app.sign(f'"{response}"')})


def test_what_alipay_gives_of_a_phone_says_neither_whose_it_is_nor_when_it_was_made(world: AlipayWorld) -> None:
    """So no backend can tell an owner from somebody who copied it; the first to bring it is taken for its owner."""
    first, again = world.phone_code(), world.phone_code()

    assert first == again
    assert world.channel.phone_number(world.signed_in(1), first) == world.people[0]["phone"]


def test_a_relative_passes_on_the_helpers_phone_and_the_helper_does_not(world: AlipayWorld, user: ChannelUser) -> None:
    helper, relative = world.person(0), world.person(1)
    passed, failed = (world.channel.begin_activation(user, relative, helper) for _ in range(2))
    world.looks(1, passed.id)
    world.looks(0, failed.id)

    assert world.channel.finish_activation(user, passed) is CheckResult.PASSED
    assert world.channel.finish_activation(user, failed) is CheckResult.NOT_PASSED


def test_a_relative_cannot_be_passed_off_as_the_accounts_owner(world: AlipayWorld, user: ChannelUser) -> None:
    check = world.channel.begin_activation(user, world.person(1))
    world.looks(1, check.id)

    assert world.channel.finish_activation(user, check) is CheckResult.NOT_PASSED


def test_a_holder_of_a_home_visit_permit_is_checked(world: AlipayWorld, user: ChannelUser) -> None:
    check = world.channel.begin_activation(user, NamedPerson("陈静", "H12345678", "04"), world.person())

    assert world.channel.finish_activation(user, check) is CheckResult.PENDING
    with pytest.raises(CheckNotPossible):
        world.channel.begin_activation(user, NamedPerson("陈静", "E1234567", "16"), world.person())


@pytest.mark.parametrize(("method", "code"), [(AUTHORISATION, "NOT_AUTHORISED"), (CARD, "NO_CARD")])
def test_what_the_medical_platform_lacks_is_awaited(world: AlipayWorld, user: ChannelUser, method: str, code: str) -> None:
    world.plays("POST", "/faults", {"upstream": "alipay", "endpoint": method, "kind": "error", "code": code})
    check = world.channel.begin_activation(user, world.person())
    world.looks(0, check.id)

    assert (check.authorise_at is not None) is (method == AUTHORISATION)
    assert world.channel.finish_activation(user, check) is CheckResult.PENDING
    world.answers()
    assert world.channel.finish_activation(user, check) is CheckResult.PASSED


def test_the_relatives_on_a_phone_are_those_that_the_player_put_there(world: AlipayWorld, user: ChannelUser) -> None:
    path = f"/phones/{world.people[0]['id_number']}/kinships"
    told = [{"id_number": world.people[number]["id_number"], "relation": tie} for number, tie in ((1, "parent"), (2, "spouse"))]
    world.plays("PUT", path, {"channel": "alipay", "relatives": told})

    listed = world.channel.kinship_list(user)

    assert [(one.name, one.relation, one.cert_type) for one in listed] == [
        (world.people[1]["name"], "parent", "01"),
        (world.people[2]["name"], "spouse", "01"),
    ]


def test_a_text_is_looked_at(world: AlipayWorld, user: ChannelUser) -> None:
    assert world.channel.is_text_allowed(user, "药店多收了钱")
    assert not world.channel.is_text_allowed(user, "这里有违规内容")


def test_a_message_arrives_until_somebody_wants_no_more_and_again_when_they_do(world: AlipayWorld) -> None:
    holder = 3
    user, path = world.signed_in(holder), f"/phones/{world.people[holder]['id_number']}"

    assert world.channel.send(user, NOTICE) is Delivery.SENT
    (arrived,) = world.plays("GET", f"{path}/messages")
    assert arrived["data"] == {"keyword1": "城北药店", "keyword2": "2026-11-22 09:30"}
    for kind, delivery in (("subscription_refused", Delivery.STOP), ("subscription_changed", Delivery.SENT)):
        assert world.plays("POST", f"{path}/channel-events", {"channel": "alipay", "kind": kind}) == []
        assert world.channel.send(user, NOTICE) is delivery


def test_an_authorisation_taken_back_is_pushed_and_believed_and_comes_again_as_the_same(world: AlipayWorld, gate: Gate) -> None:
    """The push is what the sandbox really sends: signed in version 2, to the app's gateway."""
    path = f"/phones/{world.people[0]['id_number']}/channel-events"
    order = {"channel": "alipay", "kind": "authorisation_revoked", "deliveries": 3}

    answers = world.plays("POST", path, order)

    assert [answer["status"] for answer in answers] == [200] * 3
    pushes = [world.channel.read_push({}, request.headers, request.body) for request in gate.seen[-3:]]
    assert {request.path for request in gate.seen} == {"/api/v1/callbacks/alipay"}
    assert len({push.id for push in pushes}) == 1
    assert pushes[0].events == (ChannelEvent("authorisation_revoked", world.signed_in().subjects[0]),)


def test_a_push_for_another_app_is_refused(world: AlipayWorld, gate: Gate, app_keys: KeyPair, alipay_keys: KeyPair) -> None:
    path = f"/phones/{world.people[0]['id_number']}/channel-events"
    world.plays("POST", path, {"channel": "alipay", "kind": "authorisation_revoked"})
    sent = gate.seen[-1].body

    assert world.channel.read_push({}, {}, sent).id
    with pytest.raises(CallbackRefused):
        world.channel.read_push({}, {}, sent.replace(b"2021000000000001", b"2021000000000002"))


class Gate(ScriptedServer):
    """A BFF that takes every push."""

    def answer(self, request: Request) -> Reply:
        return Reply(b"success")


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as server:
        yield server


@pytest.fixture(scope="module", params=["key mode", "certificate mode"])
def standing(
    request: pytest.FixtureRequest, app_keys: KeyPair, alipay_keys: KeyPair, tmp_path_factory: pytest.TempPathFactory, gate: Gate
) -> Iterator[AlipayWorld]:
    """One world for all tests of a mode, since none leaves anything behind but people who signed in."""
    folder = tmp_path_factory.mktemp("alipay")
    certified = request.param == "certificate mode"
    with alipay_world(app_keys, alipay_keys, folder, certified=certified, bff_url=gate.address) as world:
        yield world


@pytest.fixture
def world(standing: AlipayWorld) -> AlipayWorld:
    """Nothing goes wrong yet."""
    standing.answers()
    return standing


@pytest.fixture
def user(world: AlipayWorld) -> ChannelUser:
    return world.signed_in()
