"""Alipay's gateway: signed POST requests out, and nothing in that Alipay did not sign."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import urllib3

from bff.channels.alipay_certificates import AlipayCertifiedKeys
from bff.channels.alipay_keys import AlipayKeys
from bff.channels.signed_text import Member, read_members
from bff.channels.upstream import Upstream, alarm, logged_call, platform_now, scrub_http_logs
from bff.errors import ChannelSignatureBad, ChannelUnavailable
from groundwork.clock import Clock

# These go into the URL, as the gateway expects; whatever belongs to one person goes into the body.
_COMMON = frozenset(
    ["app_id", "method", "format", "charset", "sign_type", "sign", "timestamp", "version", "app_cert_sn", "alipay_root_cert_sn"]
)
_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
_SUCCESS = "10000"
_LONGEST_CODE = 64
# No connection came about, so Alipay cannot have heard of the call.
_NEVER_LEFT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


class AlipayRefusal(Exception):
    """Alipay refused: its two codes, and nothing else of the answer."""

    def __init__(self, code: str, sub_code: str) -> None:
        super().__init__(code, sub_code)
        self.code = code
        self.sub_code = sub_code


class AlipayGateway:
    """Asks Alipay; may be shared by threads."""

    def __init__(self, keys: AlipayKeys | AlipayCertifiedKeys, upstream: Upstream, clock: Clock) -> None:
        scrub_http_logs()
        self._keys = keys
        self._clock = clock
        self._address = upstream.address
        connect_s, read_s = upstream.timeouts_s
        # Neither retries nor redirects: login codes work once, and a body may hold an ID number.
        self._http = urllib3.PoolManager(
            maxsize=upstream.pool_size, retries=False, timeout=urllib3.Timeout(connect=connect_s, read=read_s)
        )

    def ask(self, method: str, biz_content: dict[str, Any] | None = None, **given: str) -> dict[str, Any]:
        """What Alipay answers; raises `AlipayRefusal`, `ChannelUnavailable` or `ChannelSignatureBad`."""
        with logged_call("alipay", method) as told:
            text = self._post(self._signed(method, biz_content, given), told)
            try:
                return self._read(text, method)
            except AlipayRefusal as refusal:
                told.update(code=refusal.code, sub_code=refusal.sub_code)
                raise

    def page_url(self, method: str, biz_content: dict[str, Any]) -> str:
        """The address of a page of Alipay's that the phone opens; signed, so that nobody can change it."""
        signed = self._keys.client_api(method, biz_content, format="JSON", timestamp=self._timestamp())
        return f"{self._address}?{signed}"

    def _signed(self, method: str, biz_content: dict[str, Any] | None, given: dict[str, str]) -> dict[str, str]:
        fields = self._keys.build_body(method, None, format="JSON", timestamp=self._timestamp(), **given)
        del fields["biz_content"]
        if biz_content is not None:
            fields["biz_content"] = json.dumps(biz_content, ensure_ascii=False, separators=(",", ":"))
        fields["sign"] = self._keys.sign("&".join(f"{name}={value}" for name, value in sorted(fields.items())))
        return dict(fields)

    def _timestamp(self) -> str:
        """The SDK would write the machine's own zone, which in a container is seldom China's."""
        return platform_now(self._clock).strftime("%Y-%m-%d %H:%M:%S")

    def _post(self, fields: dict[str, str], told: dict[str, Any]) -> str:
        address = f"{self._address}?{urlencode({name: fields[name] for name in fields if name in _COMMON})}"
        body = urlencode({name: fields[name] for name in fields if name not in _COMMON})
        never_left = False
        try:
            answer = self._http.request("POST", address, body=body, headers=_FORM)
            told["status"] = answer.status
            if answer.status == 200:
                return answer.data.decode("utf-8")
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as failure:
            told["error_type"] = type(failure).__name__
            never_left = isinstance(failure, _NEVER_LEFT)
        # Raised after the except block, so that no `__context__` keeps the request or the answer.
        raise ChannelUnavailable(never_left=never_left)

    def _read(self, text: str, method: str) -> dict[str, Any]:
        members = _members(text)
        node = members.get(method.replace(".", "_") + "_response")
        answer = node or members.get("error_response")
        if answer is None:
            raise ChannelUnavailable
        refusal = _refusal(answer.value, is_error=node is None)
        if "sign" in members and not self._is_signed(answer.text, members):
            raise _signature_bad(method)
        if refusal is not None:
            # Alipay leaves some refusals unsigned: one may believe a "no" from anybody, but a "yes" only from Alipay.
            raise refusal
        if "sign" not in members:
            raise _signature_bad(method)
        if not isinstance(answer.value, dict):
            raise ChannelUnavailable
        return answer.value

    def _is_signed(self, text: str, members: dict[str, Member]) -> bool:
        signature, expected = members["sign"].value, self._keys.alipay_cert_sn
        if expected is not None and "alipay_cert_sn" in members and members["alipay_cert_sn"].value != expected:
            # Alipay signs with a certificate that it made anew: whoever runs this must fetch it from the console.
            alarm("channel_misconfigured", "alipay", code="alipay_cert_sn")
            return False
        if self._keys.vouch_for(text, signature):
            return True
        # Alipay signs "/" and may then send it as "\/"; its own rule is to try once more with the other spelling.
        return "\\/" in text and self._keys.vouch_for(text.replace("\\/", "/"), signature)


def _members(text: str) -> dict[str, Member]:
    try:
        return read_members(text)
    except ValueError:
        pass
    raise ChannelUnavailable


def _refusal(value: Any, is_error: bool) -> AlipayRefusal | None:
    """What an answer refuses with. A good login answer has no code at all, so a code is not what makes an answer good."""
    code, sub_code = (_word(value, "code"), _word(value, "sub_code")) if isinstance(value, dict) else ("", "")
    if is_error or sub_code or code not in ("", _SUCCESS):
        return AlipayRefusal(code, sub_code)
    return None


def _word(value: dict[str, Any], name: str) -> str:
    written = str(value.get(name) or "")
    return written if len(written) <= _LONGEST_CODE and written.isascii() and written.isprintable() else "unreadable"


def _signature_bad(method: str) -> ChannelSignatureBad:
    alarm("channel_signature_bad", "alipay", endpoint=method)
    return ChannelSignatureBad()
