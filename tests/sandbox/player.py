"""What tests ask of a running sandbox: a player's calls, and a backend's calls to WeChat and Alipay, over real HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from groundwork.clock import CHINA
from sandbox.settings import Settings

Json = Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, what was said, and the headers."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def body(self) -> Json:
        return json.loads(self.text)

    def ok(self) -> Json:
        assert 200 <= self.status < 300, (self.status, self.text)
        return self.body


class Player:
    """One sandbox as its players and its backends see it."""

    def __init__(self, url: str, settings: Settings) -> None:
        self.url = url
        self.settings = settings
        self._http = urllib3.PoolManager(retries=False, timeout=20)

    def close(self) -> None:
        self._http.clear()

    def call(self, method: str, path: str, body: Json = None, **headers: str) -> Answer:
        """One call with a JSON body, or none; a broken reply raises."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {} if body is None else {"Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        reply = self._http.request(method, self.url + path, body=data, headers=sent)
        return Answer(reply.status, reply.data.decode("utf-8", "replace"), reply.headers)

    def someone(self, name: str = "程一舟") -> Json:
        """A demo person by name."""
        return next(person for person in self.call("GET", "/people").ok() if person["name"] == name)

    def login_code(self, person: Json, channel: str) -> str:
        return str(self.call("POST", f"/phones/{person['id_number']}/codes", {"channel": channel}).ok()["code"])

    def phone_code(self, person: Json, channel: str) -> Json:
        return self.call("POST", f"/phones/{person['id_number']}/phone-codes", {"channel": channel}).ok()["channel_code"]

    def look(self, person: Json, check_id: str, passes: bool = True) -> Answer:
        return self.call("POST", f"/phones/{person['id_number']}/real-person", {"check_id": check_id, "passes": passes})

    def fault(self, **fault: Any) -> None:
        self.call("POST", "/faults", fault).ok()

    # A backend in front of WeChat.

    def wechat_login(self, code: str | None, **other: str | None) -> Json:
        asked = {"appid": self.settings.wechat_app_id, "secret": self.settings.wechat_app_secret, "js_code": code, **other}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return self.call("GET", f"/wechat/sns/jscode2session?{query}").ok()

    def wechat_token(self, **other: Any) -> Json:
        asked = {"grant_type": "client_credential", "appid": self.settings.wechat_app_id}
        secret = {"secret": self.settings.wechat_app_secret}
        return self.call("POST", "/wechat/cgi-bin/stable_token", {**asked, **secret, **other}).ok()

    def wechat(self, path: str, body: Json, token: str | None = None) -> Json:
        """A call that needs a token; a good one is fetched if none is given."""
        good = self.wechat_token()["access_token"] if token is None else token
        return self.call("POST", f"/wechat/{path}?{urlencode({'access_token': good})}", body).ok()

    def wechat_openid(self, person: Json) -> str:
        return str(self.wechat_login(self.login_code(person, "wechat"))["openid"])


class AlipayBackend:
    """A backend that signs what it sends to the gateway and reads what comes back without believing it."""

    def __init__(self, player: Player, app_private: Path, gateway_public: Path) -> None:
        private = serialization.load_pem_private_key(app_private.read_bytes(), password=None)
        public = serialization.load_pem_public_key(gateway_public.read_bytes())
        assert isinstance(private, rsa.RSAPrivateKey)
        assert isinstance(public, rsa.RSAPublicKey)
        self._private, self._public = private, public
        self._player = player

    def parameters(self, called: str, content: Json = None, /, **other: str | None) -> dict[str, str]:
        """A signed request; a parameter of `None` is left out before signing."""
        now = datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        common = {"app_id": self._player.settings.alipay_app_id, "method": called, "format": "JSON", "charset": "utf-8"}
        asked: dict[str, str | None] = {**common, "sign_type": "RSA2", "timestamp": now, "version": "1.0", **other}
        if content is not None:
            asked["biz_content"] = json.dumps(content, ensure_ascii=False)
        kept = {name: value for name, value in asked.items() if value is not None}
        text = "&".join(f"{name}={value}" for name, value in sorted(kept.items()))
        signature = self._private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {**kept, "sign": base64.b64encode(signature).decode()}

    def send(self, parameters: Mapping[str, str], method: str = "POST") -> Answer:
        query = f"?{urlencode(parameters)}" if method == "GET" else ""
        body = urlencode(parameters) if method == "POST" else None
        reply = urllib3.request(
            method,
            f"{self._player.url}/alipay/gateway.do{query}",
            body=body,
            headers={"Content-Type": "application/x-www-form-urlencoded"} if body else {},
            retries=False,
        )
        return Answer(reply.status, reply.data.decode(), reply.headers)

    def ask(self, called: str, content: Json = None, /, **other: str | None) -> tuple[str, Json]:
        """The name of the node and the node, whose signature is good."""
        return self.opened(self.send(self.parameters(called, content, **other)).text)

    def opened(self, text: str) -> tuple[str, Json]:
        """Reads an answer as signed text: the node is what stands between its name and what follows it."""
        answer = json.loads(text)
        name, follows, *_ = answer
        signed = text[len(f'{{"{name}":') : text.rindex(f',"{follows}":')]
        self.verify(signed, answer["sign"])
        return name, answer[name]

    def verify(self, text: str, signature: str) -> None:
        """Raises `InvalidSignature`."""
        self._public.verify(base64.b64decode(signature), text.encode(), padding.PKCS1v15(), hashes.SHA256())
