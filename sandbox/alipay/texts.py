"""The look at what people write (alipay.security.risk.content.detect): one word of ours stands for all that Alipay would find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_id
from sandbox.alipay.errors import error_of

# A player writes this to be found.
_FOUND = "违规内容"


def detect(_parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
    """What Alipay thinks of a text; raises `AlipayError`."""
    text = content.get("content")
    if not isinstance(text, str) or not text:
        raise error_of("isv.invalid-parameter")
    found = [_FOUND] if _FOUND in text else []
    return {
        "code": "10000",
        "msg": "Success",
        "action": "REJECTED" if found else "PASSED",
        "keywords": found,
        "unique_id": new_id(),
    }
