"""Activating vouchers in WeChat: the named person's own look, for one purpose, and the 医保 gateway's word if asked."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from bff.channel_settings import MedicalSettings
from bff.channels.base import ChannelUser, Check, CheckResult, KinshipEntry, NamedPerson
from bff.channels.wechat import WeChat
from bff.errors import ChannelUnavailable, CheckNotPossible
from groundwork.clock import Clock
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.our_apps import wechat_config
from tests.channels.played_wechat import PlayedWeChat
from tests.channels.wechat_platform import WeChatPlatform

HELPER, RELATIVE, STRANGER = 0, 1, 2


def begin(played: PlayedWeChat, person: int, helper: int | None = None) -> Check:
    holder = person if helper is None else helper
    named = None if helper is None else played.named(helper)
    return played.wechat.begin_activation(played.user(holder), played.named(person), named)


def look(played: PlayedWeChat, who: int, check: Check, passes: bool = True) -> None:
    played.on_phone("real-person", who, check_id=check.id, passes=passes)


def finish(played: PlayedWeChat, holder: int, check: Check, brought: str | None = None) -> CheckResult:
    return played.wechat.finish_activation(played.user(holder), check, brought)


def test_ones_own_voucher_is_activated_by_ones_own_look(played: PlayedWeChat) -> None:
    check = begin(played, HELPER)

    before = finish(played, HELPER, check)
    look(played, HELPER, check)

    assert played.wechat.activates
    assert (before, finish(played, HELPER, check)) == (CheckResult.PENDING, CheckResult.PASSED)


def test_on_a_helpers_phone_the_relative_looks(played: PlayedWeChat) -> None:
    check = begin(played, RELATIVE, helper=HELPER)
    look(played, RELATIVE, check)

    assert finish(played, HELPER, check) is CheckResult.PASSED


@pytest.mark.parametrize(("who", "passes"), [(HELPER, True), (STRANGER, True), (RELATIVE, False)])
def test_nobody_else_passes_in_the_relatives_place(played: PlayedWeChat, who: int, passes: bool) -> None:
    check = begin(played, RELATIVE, helper=HELPER)
    look(played, who, check, passes)

    assert finish(played, HELPER, check) is CheckResult.NOT_PASSED


def test_another_phone_cannot_finish_what_the_helpers_phone_began(played: PlayedWeChat) -> None:
    check = begin(played, RELATIVE, helper=HELPER)
    look(played, RELATIVE, check)

    assert finish(played, STRANGER, check) is CheckResult.EXPIRED


def test_a_look_for_one_purpose_is_none_for_another(played: PlayedWeChat) -> None:
    channel, user = played.wechat, played.user(HELPER)
    plain, activation = channel.begin_check(user, played.named(HELPER)), begin(played, HELPER)
    for check in (plain, activation):
        look(played, HELPER, check)

    assert channel.finish_activation(user, plain) is CheckResult.EXPIRED
    assert channel.finish_check(user, activation) is CheckResult.EXPIRED
    assert channel.finish_check(user, plain) is channel.finish_activation(user, activation) is CheckResult.PASSED


@pytest.mark.parametrize("cert_type", ["02", "04", "06", "99"])
def test_a_certificate_that_wechats_face_does_not_know_is_said_so(played: PlayedWeChat, cert_type: str) -> None:
    """There is the bank card then, or the counter; nothing is asked of WeChat, which would cost money."""
    foreigner = NamedPerson("林月华", "H1234567890", cert_type)
    user = played.user()
    played.fault("getverifyid", 45011)

    assert not played.wechat.can_check(foreigner)
    with pytest.raises(CheckNotPossible):
        played.wechat.begin_activation(user, foreigner, played.named())


def test_with_a_contract_the_phone_is_shown_where_to_authorise(played: PlayedWeChat) -> None:
    relative = played.named(RELATIVE)
    family = hashlib.md5(f"{relative.name}{relative.id_number[-4:]}".upper().encode(), usedforsecurity=False).hexdigest()

    own, of_relative = begin(played, HELPER), begin(played, RELATIVE, helper=HELPER)

    assert own.authorise_at == {"app_id": "wxmedical", "path": "auth/index?openType=getAuthCode"}
    assert of_relative.authorise_at == {"app_id": "wxmedical", "path": f"auth/index?openType=getAuthCode&familyId={family}"}


@pytest.mark.parametrize(("person", "helper"), [(HELPER, None), (RELATIVE, HELPER)])
def test_what_the_phone_brings_back_must_name_the_same_person(played: PlayedWeChat, person: int, helper: int | None) -> None:
    check = begin(played, person, helper)
    look(played, person, check)
    holder = person if helper is None else helper
    order = {} if helper is None else {"relative": played.named(person).id_number}
    brought = played.on_phone("medical-authorisations", holder, **order)["auth_code"]

    assert finish(played, holder, check, brought) is CheckResult.PASSED
    assert finish(played, holder, check, brought) is CheckResult.NOT_PASSED, "an authorisation works once"


@pytest.mark.parametrize(("phone", "relative"), [(HELPER, None), (HELPER, STRANGER), (STRANGER, RELATIVE)])
def test_an_authorisation_for_or_by_somebody_else_is_none(played: PlayedWeChat, phone: int, relative: int | None) -> None:
    check = begin(played, RELATIVE, helper=HELPER)
    look(played, RELATIVE, check)
    order = {} if relative is None else {"relative": played.named(relative).id_number}
    brought = played.on_phone("medical-authorisations", phone, **order)["auth_code"]

    assert finish(played, HELPER, check, brought) is CheckResult.NOT_PASSED


def test_an_authorisation_does_not_stand_in_for_the_look(played: PlayedWeChat) -> None:
    check = begin(played, HELPER)
    brought = played.on_phone("medical-authorisations", HELPER)["auth_code"]

    assert finish(played, HELPER, check, brought) is CheckResult.PENDING


@pytest.mark.parametrize("kind", ["refuse", "garbage", "drop_reply"])
def test_a_gateway_that_is_out_of_order_means_try_again(played: PlayedWeChat, kind: str) -> None:
    check = begin(played, HELPER)
    look(played, HELPER, check)
    user = played.user(HELPER)
    played.plays("POST", "/faults", upstream="wechat", endpoint="mipuserquery/*", kind=kind)

    with pytest.raises(ChannelUnavailable):
        played.wechat.finish_activation(user, check, "a-code")
    with pytest.raises(ChannelUnavailable):
        played.wechat.kinship_list(user)


def test_a_refusing_gateway_leaves_the_other_ways(played: PlayedWeChat) -> None:
    check = begin(played, HELPER)
    look(played, HELPER, check)
    user = played.user(HELPER)
    played.fault("mipuserquery/*", 50001)

    assert played.wechat.finish_activation(user, check, "a-code") is CheckResult.NOT_PASSED
    with pytest.raises(ChannelUnavailable):
        played.wechat.kinship_list(user)


def test_the_relatives_on_a_phone_are_told_as_the_platform_knows_them(played: PlayedWeChat) -> None:
    child, other = played.named(RELATIVE), played.named(STRANGER)
    told = [{"id_number": child.id_number, "relation": "child"}, {"id_number": other.id_number, "relation": "other"}]
    played.plays("PUT", f"/phones/{played.named(HELPER).id_number}/kinships", channel="wechat", relatives=told)

    assert played.wechat.kinship_list(played.user(HELPER)) == (
        KinshipEntry(child.name, child.id_number, "01", "child"),
        KinshipEntry(other.name, other.id_number, "01", "other"),
    )
    assert played.wechat.kinship_list(played.user(STRANGER)) == ()


@pytest.mark.parametrize(
    ("numbers", "result"),
    [
        ({"pay_auth_no": "AUTH1"}, CheckResult.PASSED),
        ({"family_pay_auth_no": "AUTH1"}, CheckResult.NOT_PASSED),
        ({"pay_auth_no": "AUTH1", "family_pay_auth_no": "AUTH2"}, CheckResult.NOT_PASSED),
        ({"pay_auth_no": ""}, CheckResult.NOT_PASSED),
        ({}, CheckResult.NOT_PASSED),
    ],
)
def test_an_authorisation_is_for_ones_own_voucher_or_a_relatives_and_never_for_both(
    wechat_server: WeChatPlatform, wechat_user: ChannelUser, person: NamedPerson, numbers: dict[str, str], result: CheckResult
) -> None:
    contract = MedicalSettings(wechat_server.address, "20007806", "a-secret", "wxmedical", "auth/index")
    channel = WeChat(replace(wechat_config(wechat_server), medical=contract), Clock(), MemoryTokens())
    named = {"code": 0, "user_name": person.name, "user_card_no": person.id_number}
    wechat_server.says("/mipuserquery/userQuery/20007806", {**named, **numbers})

    check = channel.begin_activation(wechat_user, person)

    assert channel.finish_activation(wechat_user, check, "a-code") is result


WHOLE = {"user_name": "林月华", "user_card_no": "371399198503020019", "relation": "child"}


@pytest.mark.parametrize(
    "told",
    [
        None,
        "林月华",
        ["林月华"],
        {"user_name": "林月华"},
        {**WHOLE, "user_name": ""},
        {**WHOLE, "user_card_no": 371399198503020019},
        {**WHOLE, "user_card_type": None},
    ],
)
def test_a_list_with_an_entry_that_cannot_be_read_is_no_list(
    wechat_server: WeChatPlatform, wechat_user: ChannelUser, told: object
) -> None:
    """Half a list would look like relatives who are gone."""
    contract = MedicalSettings(wechat_server.address, "20007806", "a-secret", "wxmedical", "auth/index")
    channel = WeChat(replace(wechat_config(wechat_server), medical=contract), Clock(), MemoryTokens())
    wechat_server.says("/mipuserquery/familyQuery/20007806", {"code": 0, "family_list": [WHOLE]})
    assert [entry.relation for entry in channel.kinship_list(wechat_user)] == ["child"]

    wechat_server.says("/mipuserquery/familyQuery/20007806", {"code": 0, "family_list": [WHOLE, told]})

    with pytest.raises(ChannelUnavailable):
        channel.kinship_list(wechat_user)


def test_without_a_contract_there_is_the_look_alone(played: PlayedWeChat) -> None:
    channel = WeChat(replace(played.config, medical=None), Clock(), MemoryTokens())
    user = played.user(HELPER)
    check = channel.begin_activation(user, played.named(HELPER))
    look(played, HELPER, check)

    assert check.authorise_at is None
    assert channel.finish_activation(user, check, "whatever the phone says") is CheckResult.PASSED
    assert channel.kinship_list(user) == ()
