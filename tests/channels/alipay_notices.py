"""Notifications as Alipay sends them: a form, signed in either version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote_plus

from groundwork.clock import Clock
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import KeyPair

CANCELLED = "alipay.open.auth.userauth.cancelled"


def cancelled(changes: Mapping[str, str] | None = None, *, at: datetime | None = None) -> dict[str, str]:
    """Somebody took back the authorisation, in the fields of a real one."""
    sent_ms = int((at or Clock().now()).timestamp() * 1000)
    content = {"cancel_time": sent_ms - 5000, "user_id": "2088000000000001", "app_id": platform.APP_ID}
    told = {
        "version": "1.1",
        "msg_method": CANCELLED,
        "utc_timestamp": str(sent_ms),
        "sign_type": "RSA2",
        "notify_id": "2026112200262115922056303136304483",
        "charset": "UTF-8",
        "biz_content": json.dumps(content, separators=(",", ":")),
        "app_id": platform.APP_ID,
    }
    return {**told, **(changes or {})}


def signed_text(fields: Mapping[str, str], version: int) -> str:
    """What is signed: version 1 leaves `sign_type` out."""
    left_out = {"sign", "sign_type"} if version == 1 else {"sign"}
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in left_out)


def sign(fields: Mapping[str, str], keys: KeyPair, version: int = 2, charset: str = "utf-8") -> dict[str, str]:
    """The fields with their signature."""
    return {**fields, "sign": keys.sign(signed_text(fields, version).encode(charset))}


def body(fields: Mapping[str, str], charset: str = "utf-8") -> bytes:
    """The form as it travels."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value, encoding=charset)}" for name, value in fields.items()).encode()
