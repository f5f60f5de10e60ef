"""The look at what people write (msg_sec_check, second edition): two words of ours stand for all that WeChat would find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_id
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError

_LONGEST = 2500
_SCENES = (1, 2, 3, 4)
# A player writes these to be found.
_WORDS = {"违规内容": "risky", "可疑内容": "review"}


class Texts:
    """The texts of one mini-program's people."""

    def __init__(self, subjects: Subjects) -> None:
        self._subjects = subjects

    def check(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What WeChat thinks of a text; raises `WechatError`."""
        content = asked.get("content")
        if not isinstance(content, str) or not content or len(content) > _LONGEST or asked.get("version") != 2:
            raise WechatError(44002)
        if asked.get("scene") not in _SCENES:
            raise WechatError(40129)
        if self._subjects.owner("open_id", asked.get("openid")) is None:
            raise WechatError(40003)
        suggest = next((found for word, found in _WORDS.items() if word in content), "pass")
        result = {"suggest": suggest, "label": 100 if suggest == "pass" else 20001}
        return {"errcode": 0, "errmsg": "ok", "result": result, "trace_id": new_id()}
