"""Whose face Alipay checks, by which certificate, on whose phone, and what the 医保 platform adds to it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bff.channel_settings import AlipayMedicalSettings
from bff.channels.alipay import Alipay
from bff.channels.base import ChannelUser, CheckResult, KinshipEntry, NamedPerson, Subject
from bff.errors import BffError, ChannelUnavailable, CheckNotPossible, LoginCodeInvalid
from groundwork.clock import Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import AlipayPlatform
from tests.channels.our_apps import alipay_config

AUTHORISATION = "alipay.commerce.medical.authinfo.auth.query"
CARD = "alipay.commerce.medical.card.auth.query"
RELATIVES = "alipay.commerce.medical.fm.bindlist.query"
HELPER = NamedPerson("程一舟", "371399198503020011")
PAGE = "alipays://platformapi/startapp?appId=77700284&page=pages%2Fauth%2Findex%3Ffrom%3Dus"


@pytest.mark.parametrize(
    ("certificate", "called"),
    [
        (("01", "371399198503020019"), "IDENTITY_CARD"),
        (("04", "H12345678"), "HOME_VISIT_PERMIT_HK_MC"),
        (("05", "M12345678"), "HOME_VISIT_PERMIT_HK_MC"),
        (("06", "12345678"), "HOME_VISIT_PERMIT_TAIWAN"),
        (("07", "911399198503020019"), "PERMANENT_RESIDENCE_FOREIGNER"),
        (("17", "810000198503020019"), "RESIDENCE_PERMIT_HK_MC"),
        (("17", "820000198503020019"), "RESIDENCE_PERMIT_HK_MC"),
        (("17", "830000198503020019"), "RESIDENCE_PERMIT_TAIWAN"),
    ],
)
def test_a_certificate_is_checked_under_alipays_name_for_it(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, certificate: tuple[str, str], called: str
) -> None:
    cert_type, number = certificate
    person = NamedPerson("陈静", number, cert_type)

    assert alipay.can_check(person)
    alipay.begin_check(alipay_user, person)
    assert identity(alipay_server)["cert_type"] == called


@pytest.mark.parametrize(("cert_type", "number"), [("02", "x"), ("08", "P1234567"), ("16", "E1234567"), ("90", "1"), ("99", "1")])
def test_a_certificate_that_alipay_does_not_check_is_said_so_before_it_is_asked(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, cert_type: str, number: str
) -> None:
    person = NamedPerson("陈静", number, cert_type)

    assert not alipay.can_check(person)
    for begin in (alipay.begin_check, alipay.begin_activation):
        with pytest.raises(CheckNotPossible):
            begin(alipay_user, person)
    assert alipay_server.seen == []


def test_a_permit_is_checked_unless_its_number_is_nobodys(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    """Whether a camera may be offered is asked before the number is known."""
    assert alipay.can_check(NamedPerson("", "", "17"))
    with pytest.raises(CheckNotPossible):
        alipay.begin_check(alipay_user, NamedPerson("陈静", "371399198503020019", "17"))
    assert alipay_server.seen == []


def test_one_activates_as_the_accounts_owner(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    alipay.begin_activation(alipay_user, person)

    assert identity(alipay_server)["identity_type"] == "CERT_INFO"


def test_a_relative_is_checked_as_somebody_else_on_the_helpers_phone(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    alipay.begin_activation(alipay_user, person, HELPER)

    told = identity(alipay_server)
    assert (told["identity_type"], told["cert_no"], told["open_id"]) == ("AGENT_CERT_INFO", person.id_number, platform.OPEN_ID)
    assert HELPER.id_number not in alipay_server.seen[0].body.decode()


def test_nobody_is_their_own_helper(alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser) -> None:
    with pytest.raises(CheckNotPossible):
        alipay.begin_activation(alipay_user, HELPER, HELPER)

    assert alipay_server.seen == []


def test_without_a_contract_the_check_alone_decides_and_the_medical_platform_is_not_asked(
    alipay: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    check = alipay.begin_activation(alipay_user, person, HELPER)

    assert alipay.finish_activation(alipay_user, check) is CheckResult.PASSED
    assert alipay.kinship_list(alipay_user) == ()
    assert not alipay.activates
    assert {request.query["method"] for request in alipay_server.seen} == {platform.INITIALIZE, platform.QUERY}


def test_with_a_contract_the_medical_platform_vouches_too(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    check = medical.begin_activation(alipay_user, person)

    assert medical.activates
    assert check.authorise_at is None
    assert medical.finish_activation(alipay_user, check) is CheckResult.PASSED
    first, second = contents(alipay_server, AUTHORISATION)
    assert first["req_biz_no"] == second["req_biz_no"]
    assert first["ol_biz_type_code"] == "04107"
    assert (first["org_code"], first["org_app_id"], first["org_chnl_crtf_code"]) == ("org", "app", "canary-channel")
    assert "extend_params" not in first


def test_a_relative_is_named_to_the_medical_platform_once_and_not_kept(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    relative = NamedPerson("陈静", "H12345678", "04")
    check = medical.begin_activation(alipay_user, relative, HELPER)
    medical.finish_activation(alipay_user, check)

    first, second = contents(alipay_server, AUTHORISATION)
    assert first["extend_params"] == {"patient_name": "陈静", "patient_cert_no": "H12345678", "patient_cert_type": "08"}
    assert "extend_params" not in second
    assert "H12345678" not in repr(check)
    assert "陈静" not in repr(check)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (PAGE, {"app_id": "77700284", "path": "pages/auth/index?from=us"}),
        ("alipays://platformapi/startapp?appId=77700284", {"url": "alipays://platformapi/startapp?appId=77700284"}),
        ("https://auth.example.org/x?page=1&appId=2", {"url": "https://auth.example.org/x?page=1&appId=2"}),
        ("", None),
        (None, None),
    ],
)
def test_who_has_not_authorised_is_shown_where(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, address: object, page: object
) -> None:
    says_authorised(alipay_server, "0", address)

    assert medical.begin_activation(alipay_user, HELPER).authorise_at == page


def test_an_activation_waits_for_the_authorisation(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    says_authorised(alipay_server, "0")
    check = medical.begin_activation(alipay_user, person)

    assert medical.finish_activation(alipay_user, check) is CheckResult.PENDING
    assert medical.finish_activation(alipay_user, check, brought="whatever the phone says") is CheckResult.PENDING
    says_authorised(alipay_server, "1")
    assert medical.finish_activation(alipay_user, check) is CheckResult.PASSED


@pytest.mark.parametrize("granted", ["0", "2", "", 1, True, ["1"], None])
def test_only_the_text_one_is_an_authorisation(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson, granted: object
) -> None:
    check = medical.begin_activation(alipay_user, person)
    says_authorised(alipay_server, granted)

    assert medical.finish_activation(alipay_user, check) is CheckResult.PENDING


@pytest.mark.parametrize("card", ["", None, 7])
def test_without_a_card_on_the_platform_nothing_is_active_yet(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson, card: object
) -> None:
    check = medical.begin_activation(alipay_user, person)
    alipay_server.says(CARD, {"code": "10000", "medical_card_id": card})

    assert medical.finish_activation(alipay_user, check) is CheckResult.PENDING


@pytest.mark.parametrize("passed", ["F", "t", ["T"], True])
def test_a_face_that_did_not_pass_is_not_saved_by_an_authorisation(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson, passed: object
) -> None:
    check = medical.begin_activation(alipay_user, person, HELPER)
    alipay_server.says(platform.QUERY, {"code": "10000", "passed": passed})

    assert medical.finish_activation(alipay_user, check) is CheckResult.NOT_PASSED


def test_a_plain_check_is_no_activation_where_the_medical_platform_is_asked(
    medical: Alipay, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    check = medical.begin_check(alipay_user, person)

    assert medical.finish_activation(alipay_user, check) is CheckResult.PENDING


def test_an_activation_belongs_to_the_account_that_began_it(
    medical: Alipay, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    check = medical.begin_activation(alipay_user, person)
    others = (
        ChannelUser("alipay", platform.APP_ID, (Subject("open_id", "another"),)),
        ChannelUser("alipay", platform.APP_ID, (Subject("union_id", "u"),)),
        replace(alipay_user, channel="wechat"),
    )

    assert {medical.finish_activation(other, check) for other in others} == {CheckResult.EXPIRED}


@pytest.mark.parametrize(
    "refusal",
    [
        ("20000", "isp.unknow-error", ChannelUnavailable),
        ("40003", "isv.invalid-auth-relations", LoginCodeInvalid),
        ("40004", "SOMETHING_NEW", ChannelUnavailable),
    ],
)
@pytest.mark.parametrize("method", [AUTHORISATION, CARD])
def test_a_refusal_of_the_medical_platform_is_told_as_such(
    medical: Alipay,
    alipay_server: AlipayPlatform,
    alipay_user: ChannelUser,
    method: str,
    refusal: tuple[str, str, type[BffError]],
) -> None:
    code, sub_code, error = refusal
    check = medical.begin_activation(alipay_user, HELPER)
    alipay_server.refuses(method, code, sub_code)

    with pytest.raises(error):
        medical.finish_activation(alipay_user, check)


def test_an_authorisation_without_data_means_try_again(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, person: NamedPerson
) -> None:
    alipay_server.says(AUTHORISATION, {"code": "10000"})

    with pytest.raises(ChannelUnavailable):
        medical.begin_activation(alipay_user, person)


def test_the_relatives_on_a_phone_are_told_in_our_words(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser
) -> None:
    told = [
        ("03", "01", "371399198503020011"), ("06", "08", "H12345678"), ("07", "08", "m12345678"), ("08", "19", "12345678"),
        ("99", "20", "810000198503020019"), (None, "21", "830000198503020019"), ("07", "22", "911399198503020019"),
        ("07", "77", "X"),
    ]  # fmt: skip
    alipay_server.says(RELATIVES, {"code": "10000", "bind_list": [relative(*one) for one in told]})

    listed = medical.kinship_list(alipay_user)

    assert [(one.relation, one.cert_type) for one in listed] == [
        ("other", "01"), ("parent", "04"), ("child", "05"), ("spouse", "06"),
        ("other", "17"), ("other", "17"), ("child", "07"), ("child", "99"),
    ]  # fmt: skip
    assert listed[0] == KinshipEntry("林月华", "371399198503020011", "01", "other")


@pytest.mark.parametrize("told", [None, {}, "x", [None], [{}], [{"user_real_name": "", "cert_no": "1"}], [{"cert_no": 1}]])
def test_a_list_that_cannot_be_read_shows_nobody(
    medical: Alipay, alipay_server: AlipayPlatform, alipay_user: ChannelUser, told: object
) -> None:
    alipay_server.says(RELATIVES, {"code": "10000", "bind_list": told})

    assert medical.kinship_list(alipay_user) == ()


def test_an_older_id_goes_by_the_name_that_each_method_has_for_it(
    medical: Alipay, alipay_server: AlipayPlatform, person: NamedPerson
) -> None:
    user = ChannelUser("alipay", platform.APP_ID, (Subject("user_id", "2088"), Subject("union_id", "u")))
    medical.begin_activation(user, person)
    medical.kinship_list(user)

    assert contents(alipay_server, AUTHORISATION)[0]["alipay_user_id"] == "2088"
    assert contents(alipay_server, RELATIVES) == [{"user_id": "2088"}]


def relative(relation: str | None, cert_type: str, number: str) -> dict[str, Any]:
    """One entry of a bind list."""
    return {"user_real_name": "林月华", "cert_type": cert_type, "cert_no": number, "relation_type": relation}


def contents(server: AlipayPlatform, method: str) -> list[Any]:
    """What was asked of a method."""
    return [json.loads(asked.form["biz_content"]) for asked in server.seen if asked.query["method"] == method]


def identity(server: AlipayPlatform) -> Any:
    return contents(server, platform.INITIALIZE)[0]["identity_param"]


def says_authorised(server: AlipayPlatform, granted: object, address: object = PAGE) -> None:
    """How the authorisation stands from now on."""
    server.says(AUTHORISATION, {"code": "10000", "data": {"auth_stas": granted, "auth_url": address}})


@pytest.fixture
def medical(alipay_server: AlipayPlatform) -> Alipay:
    """Our mini-program with a contract for the 医保 methods, and a platform that knows everybody."""
    says_authorised(alipay_server, "1")
    alipay_server.says(CARD, {"code": "10000", "medical_card_id": "card-1"})
    alipay_server.says(RELATIVES, {"code": "10000", "bind_list": []})
    contract = AlipayMedicalSettings("org", "app", "canary-channel", "371300", "https://example.org/back")
    return Alipay(replace(alipay_config(alipay_server), medical=contract), Clock())
