"""What WeChat's error codes mean to us, and what the person or the operator is to do about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bff.channels.base import Delivery
from bff.channels.upstream import alarm
from bff.channels.wechat_client import TOKEN_REFUSED, WeChatRefusal
from bff.errors import (
    BffError,
    ChannelLimited,
    ChannelMisconfigured,
    ChannelUnavailable,
    CheckNotPossible,
    LoginBlocked,
    LoginCodeInvalid,
    PhoneCodeInvalid,
)

# A person's union id is the same in every app of one owner, the mini-program and the official account among them.
ONE_UNION = ("wechat", "wechat_official")

Meanings = Mapping[int, type[BffError]]

# WeChat answers 200 and puts the truth into errcode. What stands in no table means "try again later".
EVERYWHERE: Meanings = {
    -1: ChannelUnavailable,  # WeChat is busy
    40003: LoginCodeInvalid,  # it does not know this openid any more: sign in again
    40013: ChannelMisconfigured,  # no such app id
    40066: ChannelMisconfigured,  # no such call
    40125: ChannelMisconfigured,  # wrong app secret
    40164: ChannelMisconfigured,  # our address is not on the app's list
    40243: ChannelMisconfigured,  # app secret frozen
    41002: ChannelMisconfigured,  # app id missing
    41004: ChannelMisconfigured,  # app secret missing
    41008: ChannelMisconfigured,  # code missing
    45009: ChannelMisconfigured,  # the day's quota is spent: waiting a minute will not help
    45011: ChannelLimited,  # too many calls this minute
    47001: ChannelMisconfigured,  # we sent what is not JSON
    48001: ChannelMisconfigured,  # the app has no right to this call
    # A token that was fetched for this very call is refused as well.
    **dict.fromkeys(TOKEN_REFUSED, ChannelMisconfigured),
}
LOGIN: Meanings = {
    40029: LoginCodeInvalid,  # no such code, or another app's
    40163: LoginCodeInvalid,  # used already
    40226: LoginBlocked,  # WeChat thinks this person a risk
}
PHONE: Meanings = {
    40003: PhoneCodeInvalid,  # somebody else's code
    40029: PhoneCodeInvalid,
    40163: PhoneCodeInvalid,
}
CHECK_BEGIN: Meanings = {
    **dict.fromkeys((84010, 84011, 84012, 84013, 84016, 84019), ChannelMisconfigured),  # we asked wrongly
    84006: CheckNotPossible,  # no name or number
    84014: CheckNotPossible,  # a name that its records cannot hold
    84015: CheckNotPossible,  # a number that is none
}
# WeChat does not know the check, or not any more, or not as this person's.
CHECK_GONE = frozenset({84001, 84017, 84018, 84020, 84022})
CHECK_END: Meanings = dict.fromkeys((84010, 84016, 84021), ChannelMisconfigured)
LINK: Meanings = {
    40097: ChannelMisconfigured,  # an argument is wrong
    40165: ChannelMisconfigured,  # no such page in this edition
    40212: ChannelMisconfigured,  # a query that no link may have
    44990: ChannelLimited,  # too many links at once
    85079: ChannelMisconfigured,  # no edition is released
    85401: ChannelMisconfigured,  # a life that no link may have
    85402: ChannelMisconfigured,  # no such edition
}
TEXT: Meanings = {
    40129: ChannelMisconfigured,  # no such scene
    43104: ChannelMisconfigured,  # an openid of another app
    44002: ChannelMisconfigured,  # nothing was asked
    61010: LoginCodeInvalid,  # this person was not seen for two hours: sign in again
}
# A message that was not taken: the person's doing is for good, ours needs mending, and the rest passes.
SENDING: Mapping[int, Delivery] = {
    -1: Delivery.RETRY,
    40003: Delivery.STOP,  # WeChat does not know this person any more
    43101: Delivery.STOP,  # they do not want it, or not any more
    45009: Delivery.RETRY,  # the day's quota is spent; tomorrow has another
    45011: Delivery.RETRY,
    **dict.fromkeys((40037, 41030, 47003), Delivery.ALERT),  # template, page or value that WeChat does not take
}

LIMITED_RETRY_S = 60


def ask(channel: str, meanings: Meanings, call: Callable[..., dict[str, Any]], *asked: Any) -> dict[str, Any]:
    """Make a call and turn WeChat's code for what went wrong into our error."""
    try:
        return call(*asked)
    except WeChatRefusal as refusal:
        errcode = refusal.errcode
    raise meaning(channel, meanings, errcode)


def meaning(channel: str, meanings: Meanings, errcode: int) -> BffError:
    """Our error for WeChat's code; where somebody must mend something, they hear of it."""
    error = meanings.get(errcode) or EVERYWHERE.get(errcode, ChannelUnavailable)
    if error is ChannelMisconfigured:
        alarm("channel_misconfigured", channel, errcode=errcode)
    return error(retry_after_s=LIMITED_RETRY_S) if error is ChannelLimited else error()


def delivery(channel: str, errcode: int) -> Delivery:
    """What to do about a message that WeChat did not take."""
    known = SENDING.get(errcode)
    if known is None:
        known = Delivery.ALERT if EVERYWHERE.get(errcode) is ChannelMisconfigured else Delivery.RETRY
    if known is Delivery.ALERT:
        alarm("message_not_taken", channel, errcode=errcode)
    return known


def text_of(answer: Mapping[str, Any], name: str) -> str:
    """A text that WeChat must have given."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise ChannelUnavailable
    return value
