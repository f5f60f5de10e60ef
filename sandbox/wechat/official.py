"""The official account: its web sign-in gives codes to phones, and its backend redeems them (sns/oauth2/access_token)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_secret
from groundwork.clock import Clock
from sandbox.one_time_codes import CodeUnknown, CodeUsed, OneTimeCodes
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError

CODE_LIFE_S = 300


class OfficialAccount:
    """The account's side for phones and for its backend."""

    def __init__(self, clock: Clock, subjects: Subjects, gives_union_id: bool) -> None:
        self._subjects = subjects
        self._gives_union_id = gives_union_id
        self._codes: OneTimeCodes[str] = OneTimeCodes(clock, CODE_LIFE_S)

    def login_code(self, id_number: str) -> str:
        """What the page's address carries after the sign-in."""
        return self._codes.issue(id_number)

    def exchange(self, code: str) -> Mapping[str, Any]:
        """The answer to a good request; unlike code2Session it has no errcode where all is well."""
        try:
            id_number = self._codes.redeem(code)
        except CodeUsed:
            raise WechatError(40163) from None
        except CodeUnknown:
            raise WechatError(40029) from None
        tokens = {"access_token": new_secret(), "expires_in": 7200, "refresh_token": new_secret(), "scope": "snsapi_base"}
        told = {**tokens, "openid": self._subjects.name("open_id", id_number)}
        if self._gives_union_id:
            told["unionid"] = self._subjects.name("union_id", id_number)
        return told
