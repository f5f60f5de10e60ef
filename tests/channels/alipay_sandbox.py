"""The project's own sandbox as Alipay, and our channel in front of it, in key mode or in certificate mode."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from werkzeug.serving import make_server

from bff.channel_settings import AlipayMedicalSettings, MessageTemplate
from bff.channels.alipay import Alipay
from bff.channels.alipay_config import AlipayConfig
from bff.channels.base import ChannelUser, NamedPerson
from bff.channels.upstream import Upstream
from groundwork.clock import Clock
from sandbox.app import build_app
from sandbox.settings import Settings
from tests.channels import alipay_platform as platform
from tests.channels.alipay_platform import KeyPair
from tests.channels.certified import Certified
from tests.channels.our_apps import AES_KEY, CONTENT_KEY

TEMPLATES = {"payment": MessageTemplate("T1", {"place": "keyword1", "at": "keyword2"})}
CONTRACT = AlipayMedicalSettings("org", "app", "canary-channel", "371300", "https://example.org/back")


@dataclass(frozen=True, slots=True)
class AlipayWorld:
    """The sandbox, whoever plays in it, and our channel."""

    url: str
    channel: Alipay
    people: list[dict[str, Any]]

    def plays(self, method: str, path: str, order: Any = None) -> Any:
        """Something that a player does."""
        answer = urllib3.request(method, f"{self.url}{path}", json=order, timeout=10, retries=False)
        assert answer.status < 300, answer.data.decode()
        return json.loads(answer.data)

    def refuses(self, endpoint: str, code: str, sub_code: str) -> None:
        """From now on Alipay refuses one method, and no other."""
        self.plays("DELETE", "/faults")
        fault = {"upstream": "alipay", "endpoint": endpoint, "kind": "error", "code": f"{code}/{sub_code}"}
        self.plays("POST", "/faults", fault)

    def answers(self) -> None:
        """From now on it answers again."""
        self.plays("DELETE", "/faults")

    def person(self, holder: int = 0) -> NamedPerson:
        return NamedPerson(self.people[holder]["name"], self.people[holder]["id_number"])

    def code(self, holder: int = 0) -> str:
        """What `my.getAuthCode` gives a person."""
        return str(self.plays("POST", f"/phones/{self.people[holder]['id_number']}/codes", {"channel": "alipay"})["code"])

    def phone_code(self, holder: int = 0) -> Any:
        """What `my.getPhoneNumber` gives a person."""
        path = f"/phones/{self.people[holder]['id_number']}/phone-codes"
        return self.plays("POST", path, {"channel": "alipay"})["channel_code"]

    def signed_in(self, holder: int = 0) -> ChannelUser:
        return self.channel.identify(self.code(holder))

    def looks(self, holder: int, check_id: str) -> None:
        """A person looks into the camera."""
        path = f"/phones/{self.people[holder]['id_number']}/real-person"
        self.plays("POST", path, {"check_id": check_id, "passes": True})


@contextmanager
def alipay_world(app: KeyPair, alipay: KeyPair, folder: Path, *, certified: bool, bff_url: str = "") -> Iterator[AlipayWorld]:
    """A sandbox whose core is not there: nothing here asks for one."""
    certificates = Certified.new(app, alipay)
    sandbox = build_app(_settings(app, alipay, certificates, folder, bff_url))
    server = make_server("127.0.0.1", 0, sandbox, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    config = AlipayConfig(
        platform.APP_ID, app.private_pem, "" if certified else alipay.public_pem, AES_KEY,
        Upstream(f"{url}/alipay/gateway.do", read_timeout_s=10),
        certificates=certificates.files(alipay=certificates.direct, roots=certificates.other_root) if certified else None,
        templates=TEMPLATES, medical=CONTRACT,
    )  # fmt: skip
    try:
        people = json.loads(urllib3.request("GET", f"{url}/people", timeout=10).data)
        yield AlipayWorld(url, Alipay(config, Clock()), people)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        sandbox.extensions["settling"].stop()
        sandbox.extensions["store"].close()


def _settings(app: KeyPair, alipay: KeyPair, certificates: Certified, folder: Path, bff_url: str) -> Settings:
    def kept(name: str, pem: str) -> Path:
        (folder / name).write_text(pem)
        return folder / name

    return Settings(
        core_url="http://127.0.0.1:9",
        core_registry_key="-" * 32,
        core_terminal_key="-" * 32,
        data_dir=folder,
        clock_file=folder / "clock.json",
        wechat_app_id="wx0123456789abcdef",
        wechat_app_secret="-" * 32,
        alipay_app_id=platform.APP_ID,
        alipay_app_public_key_file=kept("app.pub.pem", app.public_pem),
        alipay_gateway_private_key_file=kept("gateway.pem", alipay.private_pem),
        alipay_aes_key=CONTENT_KEY,
        alipay_app_cert_file=kept("app.cert.pem", certificates.app),
        alipay_cert_file=kept("gateway.cert.pem", certificates.direct),
        alipay_root_cert_file=kept("root.cert.pem", certificates.other_root),
        bff_url=bff_url,
    )
