"""What a channel answers that cannot do what it is asked: an error of ours, or an empty answer, and never a guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bff.channels.bare import BareChannel
from bff.channels.base import ChannelUser, Check, CheckResult, Delivery, Message, NamedPerson, Subject
from bff.errors import BffError, CallbackRefused, ChannelMisconfigured, CheckNotPossible, PhoneCodeInvalid
from groundwork.clock import Clock

USER = ChannelUser("elsewhere", "an-app", (Subject("open_id", "somebody"),))
PERSON = NamedPerson("林月华", "371399198503020019")
CHECK = Check("a-check", "elsewhere", Clock().now())


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda bare: bare.phone_number(USER, "code"), PhoneCodeInvalid),
        (lambda bare: bare.begin_check(USER, PERSON), CheckNotPossible),
        (lambda bare: bare.begin_activation(USER, PERSON), CheckNotPossible),
        (lambda bare: bare.make_link("pages/home", "id"), ChannelMisconfigured),
        (lambda bare: bare.read_push({}, {}, b"{}"), CallbackRefused),
    ],
)
def test_what_is_not_offered_is_refused_by_name(ask: Callable[[BareChannel], object], error: type[BffError]) -> None:
    with pytest.raises(BffError) as raised:
        ask(BareChannel())

    assert type(raised.value) is error


def test_what_nobody_vouches_for_is_not_believed() -> None:
    bare = BareChannel()

    assert not bare.activates
    assert not bare.can_check(PERSON)
    assert not bare.is_text_allowed(USER, "您好")
    assert bare.finish_check(USER, CHECK) is bare.finish_activation(USER, CHECK, "brought") is CheckResult.EXPIRED
    assert bare.kinship_list(USER) == ()
    assert bare.send(USER, Message("payment", {}, "pages/home")) is Delivery.STOP


def test_whoever_is_named_does_not_show_in_a_log() -> None:
    assert PERSON.name not in repr(PERSON)
    assert PERSON.id_number not in repr(PERSON)
