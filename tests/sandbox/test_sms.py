"""The gateway for text messages as the sandbox plays it: who may send, what it refuses by name, and where a message ends."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from groundwork.chance import new_secret
from groundwork.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.settings import Settings
from sandbox.sms.gateway import SmsGateway
from sandbox.store import Store

OURS, OTHERS = new_secret(), new_secret()
PHONE, OWNER = "13900001234", "371399195711202421"
GOOD = {"phone": PHONE, "template_id": "sandbox-sms-relation_ended", "values": {"at": "3月2日 09:30"}}


class Account:
    """Whoever has the key, in front of the gateway."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.faults, self.store, self.clock = Faults(), store, Clock()
        app = Flask("sms")
        told = replace(settings, sms_key_id="key-1", sms_secret=OURS)
        app.register_blueprint(SmsGateway(told, store, self.faults, self.clock).blueprint())
        self._client = app.test_client()

    def sends(self, asked: Any, key_id: str = "key-1", secret: str = OURS, nonce: str = "", late_s: int = 0) -> str:
        body, nonce = json.dumps(asked).encode(), nonce or new_secret()
        at = str(int((self.clock.now() - timedelta(seconds=late_s)).timestamp()))
        sealed = "\n".join((key_id, at, nonce, hashlib.sha256(body).hexdigest()))
        signature = hmac.new(secret.encode(), sealed.encode(), hashlib.sha256).hexdigest()
        named = {"Key": key_id, "Time": at, "Nonce": nonce, "Signature": signature}
        headers = {f"X-Sms-{name}": value for name, value in named.items()}
        return str(json.loads(self._client.post("/sms/messages", data=body, headers=headers).data)["code"])


@pytest.fixture
def account(settings: Settings, tmp_path: Path) -> Iterator[Account]:
    store = Store(tmp_path / "sms")
    store.add_person({"id_number": OWNER, "phone": PHONE})
    yield Account(settings, store)
    store.close()


def test_a_message_ends_on_the_phone_that_it_was_for(account: Account) -> None:
    assert account.sends(GOOD) == "OK"

    (said,) = account.store.messages(OWNER)
    assert (said["channel"], said["template_id"]) == ("sms", GOOD["template_id"])
    assert said["text"] == "【家庭共济】一份家庭共济已解除（3月2日 09:30），请打开小程序查看。"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"phone": "13900009999"}, "PHONE_INVALID"),
        ({"template_id": "T1"}, "TEMPLATE_UNKNOWN"),
        ({"values": {}}, "VALUE_WRONG"),
        ({"values": {"at": "x" * 36}}, "VALUE_WRONG"),
        ({"values": {"at": "x", "more": "x"}}, "VALUE_WRONG"),
        ({"values": "x"}, "BODY_WRONG"),
        ({"more": 1}, "BODY_WRONG"),
    ],
)
def test_what_cannot_be_sent_is_named(account: Account, change: dict[str, Any], code: str) -> None:
    assert account.sends({**GOOD, **change}) == code
    assert account.store.messages(OWNER) == []


@pytest.mark.parametrize(
    ("who", "code"),
    [({"key_id": "key-2"}, "KEY_UNKNOWN"), ({"secret": OTHERS}, "SIGNATURE_WRONG"), ({"late_s": 400}, "TIME_WRONG")],
)
def test_only_the_account_sends_and_only_now(account: Account, who: dict[str, Any], code: str) -> None:
    assert account.sends(GOOD, **who) == code
    assert account.store.messages(OWNER) == []


def test_a_request_is_good_once(account: Account) -> None:
    assert [account.sends(GOOD, nonce="the-same") for _ in range(2)] == ["OK", "NONCE_USED"]


def test_a_fault_is_told_by_its_code_and_nothing_is_sent(account: Account) -> None:
    account.faults.order(Fault("sms", "error", "messages", "BALANCE_EMPTY", times=1))

    assert [account.sends(GOOD) for _ in range(2)] == ["BALANCE_EMPTY", "OK"]
    assert len(account.store.messages(OWNER)) == 1
