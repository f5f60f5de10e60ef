"""Signing in: `my.getAuthCode` hands a code to the phone, `alipay.system.oauth.token` redeems it once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_secret
from groundwork.clock import Clock
from sandbox.alipay.errors import error_of
from sandbox.one_time_codes import CodeUnknown, CodeUsed, OneTimeCodes
from sandbox.subjects import Subjects

CODE_LIFE_S = 300
_YEAR_S = 365 * 24 * 3600


class Login:
    """The auth codes of one app; the open_id is always told, the other ids only where the app may have them."""

    def __init__(self, clock: Clock, subjects: Subjects, more_kinds: tuple[str, ...]) -> None:
        self._clock = clock
        self._subjects = subjects
        self._kinds = ("open_id", *more_kinds)
        self._codes: OneTimeCodes[str] = OneTimeCodes(clock, CODE_LIFE_S)

    def code(self, id_number: str) -> str:
        """What `my.getAuthCode` gives."""
        return self._codes.issue(id_number)

    def token(self, parameters: Mapping[str, str], _content: object) -> dict[str, Any]:
        """`alipay.system.oauth.token`; a good answer carries no `code`, as in the field."""
        if parameters.get("grant_type") != "authorization_code":
            raise error_of("isv.grant-type-invalid")
        try:
            id_number = self._codes.redeem(parameters.get("code", ""))
        except (CodeUnknown, CodeUsed):
            raise error_of("isv.code-invalid") from None
        told = {"access_token": f"authbse{new_secret(192)}", "refresh_token": f"authbse{new_secret(192)}"}
        names = {kind: self._subjects.name(kind, id_number) for kind in self._kinds}
        start = self._clock.now().strftime("%Y-%m-%d %H:%M:%S")
        return {**told, **names, "auth_start": start, "expires_in": _YEAR_S, "re_expires_in": _YEAR_S}
