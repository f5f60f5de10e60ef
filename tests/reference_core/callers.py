"""Those who call the core, and the families they are about: made-up people whose county digits (99) no county has."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from groundwork.chance import new_id
from groundwork.clock import write_offset
from groundwork.id_number import check_character
from reference_core.doors.keys import terminal_signature
from reference_core.parts import Core

Json = dict[str, Any]
CITY = "371300"
ELSEWHERE = "370100"
PHARMACY_VISIT, OUTPATIENT_VISIT, INPATIENT_STAY = "41", "11", "21"
_SERIALS = itertools.count(1)


@dataclass(frozen=True)
class Told:
    """What the core answered."""

    status: int
    body: Json
    headers: dict[str, str]

    def ok(self) -> Json:
        assert self.status < 300, (self.status, self.body)
        return self.body

    def problem(self, status: int, code: str) -> Json:
        assert (self.status, self.body.get("code")) == (status, code), (self.status, self.body)
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.body["status"] == status
        return self.body

    def refused(self) -> set[str]:
        """The rules that stood in the way."""
        return {reason["rule"] for reason in self.problem(422, "refused")["reasons"]}


class Callers:
    """HTTP as each of the core's callers speaks it."""

    def __init__(self, app: Flask, core: Core) -> None:
        self.app = app
        self.core = core

    def call(self, method: str, path: str, body: Json | None = None, *, bearer: str | None = None, **headers: str) -> Told:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if bearer is not None:
            told["Authorization"] = f"Bearer {bearer}"
        reply = self.app.test_client().open(path, method=method, json=body, headers=told)
        return Told(reply.status_code, reply.get_json(force=True, silent=True) or {}, dict(reply.headers))

    def registry(self, path: str, body: Json, key: str | None = None) -> Told:
        bearer = self.core.settings.keys.registry[0]
        return self.call("POST", f"/registry{path}", body, bearer=bearer, Idempotency_Key=key or new_id())

    def citizen(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        person: str | None = None,
        key: str | None = None,
        **origin: str,
    ) -> Told:
        """`X_Device` and `X_Address` may say where the call comes from."""
        headers = {**origin, "X_Person": person} if person else {**origin}
        if method == "POST":
            headers["Idempotency_Key"] = key or new_id()
        return self.call(method, f"/citizen{path}", body, bearer=self.core.settings.keys.citizen[0], **headers)

    def events(self, after: int = 0, limit: int = 1000) -> Json:
        return self.call("GET", f"/events?after={after}&limit={limit}", bearer=self.core.settings.keys.citizen[0]).ok()

    def till(self, institution: str, path: str, body: Json | None = None, key: str | None = None) -> Told:
        bearer = f"{institution}.{terminal_signature(self.core.settings.keys.terminal[0], institution)}"
        method = "GET" if body is None else "POST"
        return self.call(method, f"/terminal{path}", body, bearer=bearer, Idempotency_Key=key or new_id())

    def counter(self, path: str, body: Json | None = None, key: str | None = None) -> Told:
        bearer = self.core.settings.keys.counter[0]
        method = "GET" if body is None else "POST"
        return self.call(method, f"/counter{path}", body, bearer=bearer, Idempotency_Key=key or new_id())

    def upload(self, person: Json, content: bytes, media_type: str, key: str | None = None) -> Told:
        headers = {
            "Authorization": f"Bearer {self.core.settings.keys.citizen[0]}",
            "X-Person": person["person_id"],
            "Idempotency-Key": key or new_id(),
        }
        reply = self.app.test_client().post("/citizen/uploads", data=content, headers=headers, content_type=media_type)
        return Told(reply.status_code, reply.get_json(force=True, silent=True) or {}, dict(reply.headers))

    def register(self, path: str, body: Json, key: str | None = None) -> Told:
        return self.call("POST", f"/app{path}", body, bearer=self.core.settings.keys.app[0], Idempotency_Key=key or new_id())


class World:
    """Makes people, ties and bills for one test."""

    def __init__(self, callers: Callers) -> None:
        self.callers = callers

    def person(self, **facts: Any) -> Json:
        """Somebody new; answers the facts with `person_id`."""
        made = new_person(**facts)
        return {**made, **self.callers.registry("/people", made).ok()}

    def employee(self, balance_fen: int = 0, prior_year_fen: int = 0, status: str = "normal", **facts: Any) -> Json:
        held = {"insutype": "310", "status": status, "balance_fen": balance_fen, "prior_year_fen": prior_year_fen}
        return self.person(**{"voucher": True, "insurances": [held], **facts})

    def resident(self, **facts: Any) -> Json:
        return self.person(**{"voucher": True, "insurances": [{"insutype": "390", "status": "normal"}], "sex": "female", **facts})

    def change(self, person: Json, **facts: Any) -> Json:
        return self.callers.registry("/people/changes", {"id_number": person["id_number"], **facts}).ok()

    def institution(self, kind: str = "pharmacy", region: str = CITY, **facts: Any) -> str:
        made = {
            "id": f"H{next(_SERIALS):011d}",
            "name": "沂河药房",
            "region": region,
            "kind": kind,
            "level": 1,
            "capabilities": ["one_card"],
        }
        return str(self.callers.registry("/institutions", {**made, **facts}).ok()["id"])

    def open_account(self, person: Json, key: str | None = None) -> Told:
        pledge = self.callers.citizen("GET", f"/regions/{CITY}").ok()["pledges"]["open-account"]
        body = {"phone": person["phone"], "agree": pledge["text_hash"], "verified_by": self.proof()}
        return self.callers.citizen("POST", "/account", body, person=person["person_id"], key=key)

    def bind(self, payer: Json, member: Json, relation: str = "mother", key: str | None = None, **said: Any) -> Told:
        named = {"name": member["name"], "id_number": member["id_number"], "relation": relation}
        body = {**named, "verified_by": self.proof(), **said}
        return self.callers.citizen("POST", "/relations", body, person=payer["person_id"], key=key)

    def family(self, payer: Json, member: Json, relation: str = "mother") -> Json:
        """Open the payer's account and bind the member."""
        self.open_account(payer).ok()
        return self.bind(payer, member, relation).ok()

    def end(self, person: Json, relation_id: str, key: str | None = None) -> Told:
        return self.callers.citizen(
            "POST", f"/relations/{relation_id}/end", {"verified_by": self.proof()}, person=person["person_id"], key=key
        )

    def code(self, person: Json) -> str:
        voucher = self.callers.citizen("GET", "/vouchers", person=person["person_id"]).ok()["items"][0]["id"]
        return str(self.callers.citizen("POST", f"/vouchers/{voucher}/codes", {}, person=person["person_id"]).ok()["code"])

    def bill(self, person: Json, amount_fen: int, med_type: str = PHARMACY_VISIT, code: str | None = None, **more: Any) -> Json:
        credential = {"kind": "voucher", "value": code or self.code(person)}
        amount = {} if "items" in more else {"amount_fen": amount_fen}
        return {"credential": credential, "med_type": med_type, **amount, **more}

    def pay(self, institution: str, person: Json, amount_fen: int, **more: Any) -> Told:
        return self.callers.till(institution, "/settlements", self.bill(person, amount_fen, **more))

    def account(self, person: Json) -> Json:
        return self.callers.citizen("GET", "/account", person=person["person_id"]).ok()

    def later(self, **ahead: float) -> None:
        """Shift the world's clock ahead of real time."""
        self.move_to(datetime.now(UTC) + timedelta(**ahead))

    def move_to(self, moment: datetime) -> None:
        clock_file = self.callers.core.settings.clock_file
        assert clock_file is not None
        write_offset(clock_file, moment - datetime.now(UTC))

    def proof(self) -> Json:
        return {"channel": "wechat", "method": "face", "at": self.callers.core.now().isoformat()}


def new_person(**facts: Any) -> Json:
    """The facts of a person nobody has met; what is given wins."""
    serial = next(_SERIALS)
    sex = facts.get("sex", "male")
    born = facts.get("born", "1985-03-02")
    # The seventeenth digit tells the sex: odd for men.
    seventeenth = serial // 100 % 5 * 2 + (1 if sex == "male" else 0)
    first = f"371399{born.replace('-', '')}{serial % 100:02d}{seventeenth}"
    number = facts.get("id_number") or first + check_character(first)
    made = {"name": f"王共济{serial}", "sex": sex, "born": born, "region": CITY, "phone": f"139{serial:08d}", "insurances": []}
    return {**made, **facts, "id_number": number}
