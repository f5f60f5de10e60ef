"""Carries what a platform pushes to the BFF, and tells the player what the BFF answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import urllib3

from sandbox.problems import Problem

_PATIENCE_S = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """What the BFF said to one push."""

    status: int
    reply: str


class Callbacks:
    """The way from the platforms to one BFF."""

    def __init__(self, bff_url: str) -> None:
        self._bff_url = bff_url
        self._http = urllib3.PoolManager(retries=False, timeout=_PATIENCE_S)

    def deliver(self, path: str, query: Mapping[str, str], content_type: str, body: bytes) -> Answered:
        """Push once; raises `Problem` where no BFF answers."""
        if not self._bff_url:
            raise Problem(409, "no_bff", "不知道 BFF 在哪里", "请在启动前设好 SANDBOX_BFF_URL。")
        address = f"{self._bff_url}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            reply = self._http.request("POST", address, body=body, headers={"Content-Type": content_type})
        except urllib3.exceptions.HTTPError:
            raise Problem(504, "bff_silent", "BFF 没有回应", "请确认 BFF 正在运行，再试一次。", retry=True) from None
        return Answered(reply.status, reply.data.decode("utf-8", "replace"))
