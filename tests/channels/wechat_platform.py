"""WeChat's server as far as a test needs it; `says` makes one path answer something else."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

from tests.channels.scripted_server import Reply, Request, ScriptedServer

APP_ID = "wx5f00c0ffee00c0de"
APP_KEY = "canary-app-secret-6b1f0d"
OPEN_ID = "oCanaryOpenId000000000000000"
SESSION_KEY = "Y2FuYXJ5LXNlc3Npb24ta2V5"
PHONE = "19900001234"

LOGIN = "/sns/jscode2session"
TOKENS = "/cgi-bin/stable_token"
PHONE_NUMBER = "/wxa/business/getuserphonenumber"
VERIFY_ID = "/cityservice/face/identify/getverifyid"
VERIFY_INFO = "/cityservice/face/identify/queryverifyinfo"


class WeChatPlatform(ScriptedServer):
    """Login codes work once, tokens until they are revoked; everything else answers well."""

    def __init__(self) -> None:
        super().__init__()
        self.good_tokens: set[str] = set()
        self.token_life_s: Any = 7200
        self.token_takes_s = 0.0
        self.phone_info: dict[str, Any] = phone_info()
        self._numbers = itertools.count(1)
        self._said: dict[str, Reply] = {}
        self._used_codes: set[str] = set()

    def says(self, path: str, answer: dict[str, Any] | Reply) -> None:
        """From now on `path` answers this."""
        self._said[path] = answer if isinstance(answer, Reply) else Reply(json.dumps(answer).encode())

    def answer(self, request: Request) -> Reply:
        if request.path in self._said:
            return self._said[request.path]
        return Reply(json.dumps(self._well(request)).encode())

    def _well(self, request: Request) -> dict[str, Any]:
        if request.path == TOKENS:
            return self._issue()
        if request.path == LOGIN:
            return self._log_in(request.query["js_code"])
        if request.query.get("access_token") not in self.good_tokens:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        answers: dict[str, dict[str, Any]] = {
            PHONE_NUMBER: {"phone_info": self.phone_info},
            VERIFY_ID: {"verify_id": "verify-1", "expires_in": 3600},
            VERIFY_INFO: {"verify_ret": 10000},
        }
        return {"errcode": 0, "errmsg": "ok", **answers.get(request.path, {})}

    def _issue(self) -> dict[str, Any]:
        time.sleep(self.token_takes_s)
        with self.state:
            token = f"canary-access-token-{next(self._numbers)}"
            self.good_tokens.add(token)
        return {"access_token": token, "expires_in": self.token_life_s}

    def _log_in(self, code: str) -> dict[str, Any]:
        with self.state:
            if code in self._used_codes:
                return {"errcode": 40163, "errmsg": "code been used"}
            self._used_codes.add(code)
        return {"openid": OPEN_ID, "session_key": SESSION_KEY}


def phone_info(**changed: Any) -> dict[str, Any]:
    """What WeChat tells of a phone, made for our app just now unless changed."""
    watermark = {"appid": APP_ID, "timestamp": int(time.time())}
    return {"phoneNumber": PHONE, "purePhoneNumber": PHONE, "countryCode": "86", "watermark": watermark, **changed}
