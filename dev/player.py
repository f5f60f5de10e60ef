"""Plays people, phones and tills against a running world, through its public faces only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import urllib3

from groundwork.chance import new_id

Json = Any
# Questions that stand beside a look into the camera, for whoever cannot or does not want to look.
OTHER_WAYS = frozenset({"bank_card", "at_counter", "on_own_phone"})
# Of these, the ways of somebody who is not here, and so cannot agree here.
AWAY = frozenset({"at_counter", "on_own_phone"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its status and its JSON, or the text where it was not JSON."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)

    def ok(self) -> Json:
        """The body of a 2xx answer; anything else fails with what was said instead."""
        if not 200 <= self.status < 300:
            raise AssertionError(f"expected success, was told {self.status}: {json.dumps(self.body, ensure_ascii=False)[:1500]}")
        return self.body

    def problem(self, status: int, code: str) -> Json:
        """The body of a problem with this status and code; anything else fails."""
        told = self.body.get("code") if isinstance(self.body, dict) else None
        if self.status != status or told != code:
            raise AssertionError(
                f"expected {status} {code}, was told {self.status}: {json.dumps(self.body, ensure_ascii=False)[:1500]}"
            )
        return self.body

    def refused(self) -> set[str]:
        """The rules that stand in the way, when the answer is a refusal."""
        return {reason["rule"] for reason in self.problem(422, "refused")["reasons"]}


class World:
    """One running world: where its BFF and its sandbox answer."""

    def __init__(self, bff_url: str, sandbox_url: str) -> None:
        self.bff_url = bff_url.rstrip("/")
        self.sandbox_url = sandbox_url.rstrip("/")
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=5, read=60), maxsize=32)

    def call(self, method: str, url: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request with a JSON body, or none."""
        sent = dict(headers or {})
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        return self.send(method, url, data, sent)

    def send(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request with these bytes."""
        response = self._http.request(method, url, body=data, headers=dict(headers))
        text = response.data.decode("utf-8", "replace")
        try:
            said = json.loads(text) if text else None
        except ValueError:
            said = text
        return Answer(response.status, said, response.headers)

    def download(self, url: str, headers: Mapping[str, str]) -> bytes:
        """A document as it is; anything but success fails."""
        response = self._http.request("GET", url, headers=dict(headers))
        Answer(response.status, None, response.headers).ok()
        return response.data

    def play(self, method: str, path: str, body: Json = None, key: str | None = None) -> Answer:
        """A call to the sandbox's face for players."""
        return self.call(method, self.sandbox_url + path, body, {"Idempotency-Key": key} if key else None)

    def people(self) -> list[Json]:
        return list(self.play("GET", "/people").ok())

    def somebody(self, **facts: Any) -> Json:
        """A new person with these facts; whatever is left out is made up."""
        return self.play("POST", "/people", facts).ok()

    def life(self, person: Json, **changes: Any) -> Json:
        """Life happens to a person: insurance, money, a move."""
        return self.play("PATCH", f"/people/{person['id_number']}", changes).ok()

    def institution(self, region: str, kind: str, **facts: Any) -> Json:
        """The first institution of a kind in a region, or with `facts` a new one."""
        if facts:
            made = {"id": f"T{new_id()[-11:].upper()}", "name": "测试机构", "level": 2, "capabilities": [], **facts}
            return self.play("POST", "/institutions", {"region": region, "kind": kind, **made}).ok()
        return next(one for one in self.play("GET", "/institutions").ok() if one["region"] == region and one["kind"] == kind)

    def till(self, institution: Json, verb: str, body: Json, key: str | None = None) -> Answer:
        """A till's call; `verb` is `presettlements`, `settlements` or `refunds`."""
        return self.play("POST", f"/tills/{institution['id']}/{verb}", body, key or new_id())

    def clock(self, now: str | None) -> None:
        self.play("POST", "/clock", {"now": now}).ok()

    def later(self, **span: float) -> str:
        """The world's time after a span such as `minutes=9`, as `clock` takes it."""
        now = datetime.fromisoformat(self.play("GET", "/clock").ok()["now"])
        return (now + timedelta(**span)).isoformat()

    def fault(self, **fault: Any) -> None:
        self.play("POST", "/faults", fault).ok()

    def no_faults(self) -> None:
        self.play("DELETE", "/faults").ok()


class Phone:
    """One person's phone in one channel: it holds the token and draws what it is sent."""

    def __init__(self, world: World, person: Json, channel: str = "wechat") -> None:
        self.world = world
        self.person = person
        self.channel = channel
        self.token: str | None = None

    def call(self, method: str, path: str, body: Json = None, key: str | None = None, **headers: str) -> Answer:
        """A call to `/api/v1`; an answer that carries a token replaces ours."""
        sent = {**headers, **self._bearer()}
        if key:
            sent["Idempotency-Key"] = key
        answer = self.world.call(method, f"{self.world.bff_url}/api/v1{path}", body, sent)
        if isinstance(answer.body, dict) and isinstance(answer.body.get("token"), str):
            self.token = answer.body["token"]
        return answer

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: Json = None, key: str | None = None) -> Answer:
        return self.call("POST", path, body if body is not None else {}, key or new_id())

    def put(self, path: str, answers: Json) -> Answer:
        return self.call("PUT", path, {"answers": answers})

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def download(self, href: str) -> bytes:
        """What a screen offers to download."""
        return self.world.download(self.world.bff_url + href, self._bearer())

    def upload(self, picture: bytes, file_name: str = "photo.jpg") -> Answer:
        """Send one picture as the phone's file picker would."""
        body, content_type = urllib3.encode_multipart_formdata({"file": (file_name, picture)})
        return self.world.send(
            "POST", f"{self.world.bff_url}/api/v1/uploads", body, {"Content-Type": content_type, **self._bearer()}
        )

    def login_code(self) -> str:
        code = self.world.play("POST", f"/phones/{self.person['id_number']}/codes", {"channel": self.channel}).ok()
        return str(code["code"])

    def sign_in(self) -> Phone:
        self.token = None
        self.call("POST", "/sessions", {"channel": self.channel, "code": self.login_code()}).ok()
        return self

    def channel_phone(self) -> Json:
        """What the platform's phone button hands over: `{"channel_code": …}`."""
        return self.world.play("POST", f"/phones/{self.person['id_number']}/phone-codes", {"channel": self.channel}).ok()

    def look_into_camera(self, check_id: str, passes: bool = True, who: Json = None) -> None:
        looker = (who or self.person)["id_number"]
        self.world.play("POST", f"/phones/{looker}/real-person", {"check_id": check_id, "passes": passes}).ok()

    def agree(self, flow: str = "verify-identity", **start: Any) -> Json:
        """Start a flow and agree to each text that it begins with; the first screen that asks for something else."""
        screen = self.post(f"/flows/{flow}", {"answers": start} if start else {}).ok()
        while screen["fields"] and all(asked["kind"] == "consent" for asked in screen["fields"]):
            screen = self.put(f"/flows/{flow}/steps/{screen['step']}", self.fill(screen, {})).ok()
        return screen

    def verify(self) -> Phone:
        """Prove who this person is, with the phone number that the platform vouches for."""
        mine = {"name": self.person["name"], "id_number": self.person["id_number"], "phone": self.channel_phone()}
        self.walk("verify-identity", mine)
        return self

    def arrive(self) -> Phone:
        """Sign in and, unless that is known already, prove who one is."""
        self.sign_in()
        return self if self.get("/me").ok()["assurance"] == "real_person" else self.verify()

    def walk(self, flow: str, answers: Mapping[str, Any]) -> Json:
        """Start a flow, answer every field by its kind or from `answers`, complete it; the completion's answer."""
        return self.walk_on(self.post(f"/flows/{flow}").ok(), answers)

    def walk_on(self, screen: Json, answers: Mapping[str, Any]) -> Json:
        """The same from this screen on."""
        screen = self.walk_until(None, screen, answers)
        return self.post(f"/flows/{screen['flow']}/completion").ok()

    def walk_until(self, step: str | None, screen: Json, answers: Mapping[str, Any]) -> Json:
        """Answer from this screen up to a step, or up to where nothing is left to ask; what is then drawn."""
        while screen["step"] not in (step, None):
            screen = self.put(f"/flows/{screen['flow']}/steps/{screen['step']}", self.fill(screen, answers)).ok()
        return screen

    def fill(self, screen: Json, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers to one screen, as its owner would give them; nobody looks into a camera who chose another way."""
        given = {}
        names = {asked["name"] for asked in screen["fields"]}
        chose_another_way = any(way in answers for way in OTHER_WAYS & names)
        is_away = any(way in answers for way in AWAY & names)
        for asked in screen["fields"]:
            name, kind = asked["name"], asked["kind"]
            if name in answers:
                given[name] = answers[name]
            elif kind == "consent" and not (is_away and not asked["required"]):
                given[name] = asked["text_hash"]
            elif kind in ("confirm", "summary") and asked["required"]:
                given[name] = True
            elif kind == "real_person" and not (chose_another_way and not asked["required"]):
                self.look_into_camera(asked["check"]["id"], who=answers if asked.get("about") == "relative" else None)
                given[name] = asked["check"]["id"]
            elif asked.get("value") is None and asked["required"]:
                raise AssertionError(f"no answer to the required field {name} of step {screen['step']}")
        return given

    def open_account(self) -> Json:
        return self.walk("open-account", {"phone": self.person["phone"]})

    def add(self, member: Json, relation: str) -> Json:
        mine = {"name": member["name"], "id_number": member["id_number"], "relation": relation}
        return self.walk("add-member", mine)

    def members(self) -> list[Json]:
        return list(self.get("/members").ok()["items"])

    def remove(self, member_id: str) -> Json:
        return self.walk("remove-member", {"member": member_id})

    def records(self) -> list[Json]:
        return list(self.get("/records").ok()["items"])

    def flow_reasons(self, flow: str) -> set[str]:
        """The rules that keep a flow from being opened, as `GET /flows` tells them."""
        listed = next(item for item in self.get("/flows").ok()["items"] if item["name"] == flow)
        return {reason["rule"] for reason in listed["reasons"]}

    def vouchers(self) -> list[Json]:
        """Whose codes may be shown here, one's own first."""
        return list(self.get("/vouchers").ok()["items"])

    def advice(self) -> list[Json]:
        """What is amiss between the relatives whose codes are shown and those who share the money."""
        return list(self.get("/vouchers").ok()["advice"])

    def activate(self, **ways: Any) -> Json:
        """Activate one's own voucher: by a look, or as `bank_card=…` says."""
        return self.walk("activate-voucher", ways)

    def help(self, relative: Json, relation: str, **ways: Any) -> Json:
        """Activate a relative's voucher here: they look into this camera, unless `bank_card`, `at_counter` or `on_own_phone`."""
        named = {"name": relative["name"], "id_number": relative["id_number"], "relation": relation}
        return self.walk("activate-relative", {**named, **ways})

    def step_up(self, purpose: str) -> Json:
        """Show once more who one is, for this one purpose."""
        screen = self.post("/flows/verify-identity", {"answers": {"purpose": purpose}}).ok()
        return self.walk_on(screen, {})

    def show_code(self, voucher_id: str | None = None, **where: str) -> Json:
        """A fresh payment code: of one's own voucher, or of a relative's."""
        return self.post(f"/vouchers/{voucher_id or self.vouchers()[0]['id']}/codes", where).ok()

    def pay(self, institution: Json, amount_fen: int, med_type: str, **more: Any) -> Answer:
        """Show one's own code at a till and pay."""
        credential = {"kind": "voucher", "value": self.show_code()["code"]}
        body = {"credential": credential, "med_type": med_type, "amount_fen": amount_fen, **more}
        if "items" in more:
            del body["amount_fen"]
        return self.world.till(institution, "settlements", body)
