"""Alipay's notifications, shown to be Alipay's over the raw form: which app, which message, once each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import unquote_to_bytes

from bff.channels.base import ChannelEvent, Push, Subject

# What Alipay awaits; anything else makes it send the same again for a day.
_TAKEN = b"success"
_CHARSETS = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_.]{0,63}")
_INNER_NAME = re.compile(rb"&([^&=]*)=")
_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")
# Alipay gives up sending after a day; whoever remembers ids for longer than this sees each notification once.
NOTIFICATION_LIFE = timedelta(days=3)
_AUTHORISATION_CANCELLED = "alipay.open.auth.userauth.cancelled"

Voucher = Callable[[bytes, Any], bool]
Form = Mapping[bytes, bytes]


class NotANotification(Exception):
    """Not Alipay's, not for this app, or not of these days."""


def read_notification(body: bytes, app_id: str, vouch_for: Voucher, now: datetime) -> Push:
    """What a verified notification says; raises `NotANotification`."""
    form = _read_form(body)
    _refuse_unsigned(form, vouch_for)
    told = _decode(form)
    if told.get("app_id") != app_id or not _ID.fullmatch(told.get("notify_id", "")):
        raise NotANotification
    _refuse_old(told, now)
    return Push(told["notify_id"], _events(told, app_id), _TAKEN, "text/plain; charset=utf-8")


def _read_form(body: bytes) -> Form:
    """The fields as bytes, since the signature covers bytes and not characters."""
    form: dict[bytes, bytes] = {}
    for part in body.split(b"&"):
        name, given, value = part.partition(b"=")
        name, value = (unquote_to_bytes(text.replace(b"+", b" ")) for text in (name, value))
        if not given or name in form or not _NAME.fullmatch(name):
            raise NotANotification
        form[name] = value
    return form


def _refuse_unsigned(form: Form, vouch_for: Voucher) -> None:
    """Version 1 leaves `sign_type` out of what is signed, version 2 does not. Which algorithm it is, is ours to say."""
    if form.get(b"sign_type") != b"RSA2":
        raise NotANotification
    try:
        signature = form.get(b"sign", b"").decode("ascii")
    except UnicodeDecodeError:
        signature = ""
    whole = sorted(name for name in form if name != b"sign")
    for names in ([name for name in whole if name != b"sign_type"], whole):
        if vouch_for(b"&".join(name + b"=" + form[name] for name in names), signature):
            return _refuse_two_readings(form, names)
    raise NotANotification


def _refuse_two_readings(form: Form, names: list[bytes]) -> None:
    """Refuse what other fields would sign alike: `a=1&b=2` is one field or two, and somebody may have moved the border."""
    for name, after in pairwise([*names, b"\xff"]):
        if any(name < inner < after for inner in _INNER_NAME.findall(form[name])):
            raise NotANotification


def _decode(form: Form) -> dict[str, str]:
    charset = _CHARSETS.get(form.get(b"charset", b"utf-8").decode("latin-1").lower())
    if charset is None:
        raise NotANotification
    try:
        return {name.decode("ascii"): value.decode(charset) for name, value in form.items()}
    except UnicodeDecodeError:
        pass
    raise NotANotification


def _refuse_old(told: Mapping[str, str], now: datetime) -> None:
    """Messages carry milliseconds; version 1's payment notices carry none and are told apart by their id alone."""
    written = told.get("utc_timestamp")
    if written is None:
        return
    if not re.fullmatch("[0-9]{1,14}", written):
        raise NotANotification
    if abs(now - datetime.fromtimestamp(int(written) / 1000, UTC)) > NOTIFICATION_LIFE:
        raise NotANotification


def _events(told: Mapping[str, str], app_id: str) -> tuple[ChannelEvent, ...]:
    method = told.get("msg_method") or told.get("notify_type") or ""
    if method != _AUTHORISATION_CANCELLED:
        return (ChannelEvent("other", None, {"method": method}),)
    content = _content(told)
    if content.get("app_id", app_id) != app_id:
        raise NotANotification
    subjects = [Subject(kind, content[kind]) for kind in ("open_id", "user_id") if isinstance(content.get(kind), str)]
    if not subjects:
        raise NotANotification
    return tuple(ChannelEvent("authorisation_revoked", subject) for subject in subjects)


def _content(told: Mapping[str, str]) -> dict[str, Any]:
    try:
        content = json.loads(told.get("biz_content", ""))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise NotANotification
    return content
