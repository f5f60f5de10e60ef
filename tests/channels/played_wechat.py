"""Our WeChat channels in front of the project's own sandbox, which plays WeChat and whoever holds a phone."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.serving import make_server

from bff.channel_settings import MedicalSettings, MessageTemplate, PushSettings
from bff.channels.base import ChannelUser, NamedPerson
from bff.channels.upstream import Upstream
from bff.channels.wechat import WeChat, WeChatConfig
from bff.channels.wechat_official import WeChatOfficial
from groundwork.chance import new_secret, random_bytes
from groundwork.clock import Clock
from sandbox.app import build_app
from sandbox.settings import Settings
from tests.channels.memory_tokens import MemoryTokens
from tests.channels.scripted_server import Reply, Request, ScriptedServer

APP_ID, OFFICIAL_ID, PARTNER_ID = "wx5f00c0ffee00c0de", "wx0ff1c1a10ff1c1a1", "20007806"
TEMPLATES = {"payment": MessageTemplate("t-payment", {"amount": "amount1", "place": "thing2", "at": "time3"})}


class Listener(ScriptedServer):
    """In the BFF's place: keeps what is pushed."""

    def answer(self, request: Request) -> Reply:
        return Reply(b"success")


@dataclass(frozen=True, slots=True)
class PlayedWeChat:
    """The sandbox and both our channels; `pushed` hears what WeChat tells the BFF."""

    url: str
    config: WeChatConfig
    wechat: WeChat
    official: WeChatOfficial
    people: list[dict[str, Any]]
    pushed: Listener

    def plays(self, method: str, path: str, **order: Any) -> Any:
        """Something that a player does to the sandbox."""
        answer = urllib3.request(method, f"{self.url}{path}", json=order, timeout=20, retries=False)
        assert answer.status < 300, answer.data.decode()
        return json.loads(answer.data)

    def fault(self, endpoint: str, code: int) -> None:
        """From now on WeChat answers calls of this endpoint so, and no other fault stands."""
        self.no_faults()
        self.plays("POST", "/faults", upstream="wechat", endpoint=endpoint, kind="error", code=code)

    def no_faults(self) -> None:
        self.plays("DELETE", "/faults")

    def on_phone(self, what: str, holder: int = 0, **order: Any) -> Any:
        """Something that happens on a person's phone."""
        return self.plays("POST", f"/phones/{self.people[holder]['id_number']}/{what}", **order)

    def messages(self, holder: int = 0) -> Any:
        """What WeChat delivered to a person's phone."""
        address = f"{self.url}/phones/{self.people[holder]['id_number']}/messages"
        return json.loads(urllib3.request("GET", address, timeout=20).data)

    def user(self, holder: int = 0) -> ChannelUser:
        """Somebody who just signed in to the mini-program."""
        return self.wechat.identify(self.on_phone("codes", holder, channel="wechat")["code"])

    def named(self, number: int = 0) -> NamedPerson:
        return NamedPerson(self.people[number]["name"], self.people[number]["id_number"])


@contextmanager
def played_wechat(folder: Path) -> Iterator[PlayedWeChat]:
    """A sandbox without a core, for as long as the caller wants it."""
    with Listener() as listener:
        settings = _settings(folder, listener.address)
        app = build_app(settings)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            people = json.loads(urllib3.request("GET", f"{url}/people", timeout=20).data)
            official = WeChatOfficial(OFFICIAL_ID, settings.wechat_official_app_secret, Upstream(f"{url}/wechat"))
            config = _config(url, settings)
            yield PlayedWeChat(url, config, WeChat(config, Clock(), MemoryTokens()), official, people, listener)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            app.extensions["settling"].stop()
            app.extensions["store"].close()


def _config(url: str, settings: Settings) -> WeChatConfig:
    secret = settings.wechat_medical_partner_secret
    return WeChatConfig(
        app_id=APP_ID,
        app_secret=settings.wechat_app_secret,
        upstream=Upstream(f"{url}/wechat", read_timeout_s=20),
        activates=True,
        program_state="developer",
        templates=TEMPLATES,
        push=PushSettings(settings.wechat_push_token, settings.wechat_push_aes_key),
        medical=MedicalSettings(f"{url}/wechat/medical", PARTNER_ID, secret, "wxmedical", "auth/index?openType=getAuthCode"),
    )


def _settings(folder: Path, bff_url: str) -> Settings:
    return Settings(
        core_url="http://127.0.0.1:9",
        core_registry_key=new_secret(),
        core_terminal_key=new_secret(),
        data_dir=folder,
        clock_file=folder / "clock.json",
        wechat_app_id=APP_ID,
        wechat_app_secret=new_secret(),
        alipay_app_id="2021000000000001",
        **_alipay_keys(folder),
        alipay_aes_key=random_bytes(16),
        wechat_gives_union_id=True,
        wechat_logins_per_minute=10_000,
        bff_url=bff_url,
        wechat_push_token=new_secret(96),
        wechat_push_aes_key=base64.b64encode(random_bytes(32)).decode().rstrip("="),
        wechat_medical_partner_id=PARTNER_ID,
        wechat_medical_partner_secret=new_secret(),
        wechat_official_app_id=OFFICIAL_ID,
        wechat_official_app_secret=new_secret(),
    )


def _alipay_keys(folder: Path) -> dict[str, Any]:
    """Alipay is not met here, but its side of the sandbox wants keys to start with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, public = folder / "gateway.pem", folder / "app.pub.pem"
    pem = serialization.Encoding.PEM
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return {"alipay_app_public_key_file": public, "alipay_gateway_private_key_file": private}
