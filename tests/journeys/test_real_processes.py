"""The world as `make run` starts it: the story plays, nothing personal leaks, and a restart loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dev.demo.story import play_story
from dev.demo.transcript import Transcript
from dev.player import Answer, Json, Phone, World
from dev.private_world import private_world
from tests.journeys.cast import CITY, PHARMACY_VISIT, employee, resident
from tests.journeys.leaks import files_below, leaks, writings


class Eavesdropper(World):
    """A world that keeps what was said in it: error bodies, URLs asked, tokens given, people made."""

    def __init__(self, bff_url: str, sandbox_url: str) -> None:
        super().__init__(bff_url, sandbox_url)
        self.problems: list[bytes] = []
        self.urls: list[str] = []
        self.secrets: set[str] = set()

    def call(self, method: str, url: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        answer = super().call(method, url, body, headers)
        if url.startswith(self.bff_url):
            self.urls.append(url)
            if answer.status >= 400:
                self.problems.append(json.dumps(answer.body, ensure_ascii=False).encode())
        self.secrets |= set(confidential(answer.body))
        return answer


def confidential(said: Json) -> Iterator[str]:
    """Tokens, codes, names, numbers and phones in an answer of the sandbox or the BFF."""
    if isinstance(said, list):
        for one in said:
            yield from confidential(one)
    if isinstance(said, dict):
        for name, value in said.items():
            # A problem's own `code` is public; a code that came alone is a login, phone or payment code.
            public = name == "code" and ("detail" in said or "text" in said)
            if (
                name in ("token", "code", "id_number", "phone", "card_number")
                and isinstance(value, str)
                and len(value) > 8
                and not public
            ):
                yield value
            if name == "name" and "id_number" in said:
                yield value
            if isinstance(value, (dict, list)):
                yield from confidential(value)


@pytest.fixture
def folder(server_folder: Path) -> Path:
    made = server_folder / "processes"
    made.mkdir(exist_ok=True)
    return made


def refusals_and_faults(world: World) -> None:
    """Make every part of the world say no, and let calls break, so that each writes what it writes then."""
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    mine = {"name": phone.person["name"], "id_number": phone.person["id_number"], "phone": phone.person["phone"]}
    phone.put("/flows/verify-identity/steps/who", {**mine, "id_number": mine["id_number"][:-1] + "Y"})
    for upstream, endpoint in (("wechat", "cityservice/face/identify/getverifyid"), ("core", "/citizen/people")):
        for kind in ("garbage", "drop_reply", "error", "refuse"):
            world.fault(upstream=upstream, endpoint=endpoint, kind=kind, times=1)
            phone.put("/flows/verify-identity/steps/who", mine)
            phone.post("/flows/verify-identity/completion")
    world.no_faults()
    phone.arrive().open_account()
    phone.post("/flows/add-member").ok()
    stranger = resident(world, voucher=False)
    form = {"name": stranger["name"], "id_number": stranger["id_number"], "relation": "mother"}
    phone.put("/flows/add-member/steps/member", form).refused()
    phone.put("/flows/add-member/steps/member", {**form, "name": "李代桃"}).refused()
    for kind in ("garbage", "drop_reply", "error", "refuse"):
        world.fault(upstream="core", endpoint="/citizen/flows", kind=kind, times=2)
        phone.put("/flows/add-member/steps/member", form)
    world.no_faults()
    alipay = Phone(world, stranger, "alipay").arrive()
    alipay.call("POST", "/sessions", {"channel": "alipay", "code": "x" * 40})


def ones_own_affairs(world: World) -> None:
    """Agree, take back and agree again, look afresh, read everything, be thrown out by the platform, leave; calls break."""
    person = employee(world)
    phone, alipay = Phone(world, person).arrive(), Phone(world, person, "alipay").arrive()
    for consent in phone.get("/consents").ok()["items"]:
        phone.delete(f"/consents/{consent['id']}")
    phone.get("/account").problem(403, "consent_required")
    phone.walk("verify-identity", {})
    phone.agree(purpose="show_relative_code")
    for endpoint in ("/citizen/export", "/app/identities/*/export"):
        for kind in ("garbage", "drop_reply", "error", "refuse"):
            world.fault(upstream="core", endpoint=endpoint, kind=kind, times=1)
            phone.walk("export-my-data", {})
    world.no_faults()
    order = {"channel": "wechat", "kind": "authorisation_revoked", "deliveries": 2}
    for kind in ("garbage", "drop_reply", "refuse"):
        world.fault(upstream="core", endpoint="/app/pushes", kind=kind, times=9)
        world.play("POST", f"/phones/{person['id_number']}/channel-events", order).ok()
        world.no_faults()
    world.play("POST", f"/phones/{person['id_number']}/channel-events", order).ok()
    phone.get("/account").problem(401, "not_signed_in")
    forged = f"notify_id=1&sign_type=RSA2&sign=AAAA&biz_content={person['id_number']}".encode()
    for channel in ("wechat", "alipay"):
        url = f"{world.bff_url}/api/v1/callbacks/{channel}"
        world.send("POST", url, forged, {"Content-Type": "application/x-www-form-urlencoded"}).problem(403, "callback_refused")
    for endpoint in ("/citizen/deletion", "/app/identities/*/deletion"):
        world.fault(upstream="core", endpoint=endpoint, kind="drop_reply", times=1)
    alipay.walk("delete-my-data", {})
    world.no_faults()
    phone.arrive()


def test_the_story_plays_leaks_nothing_and_survives_a_restart(folder: Path) -> None:
    """Exempt: the sandbox's own store of made-up people, the keys' folder, and the players' face."""
    with private_world(folder) as started:
        world = Eavesdropper(started.bff_url, started.sandbox_url)
        world.people()
        play_story(world, Transcript())
        refusals_and_faults(world)
        ones_own_affairs(world)
        payer = Phone(world, employee(world, balance_fen=50_000)).arrive()
        payer.open_account()
        mother = resident(world)
        payer.add(mother, "mother")
        Phone(world, mother).arrive().pay(world.institution(CITY, "pharmacy"), 1_000, PHARMACY_VISIT).ok()
        before = [payer.get(path).ok() for path in ("/account", "/members", "/records")]
    assert_nothing_leaked(world, folder)

    with private_world(folder) as restarted:
        again = Phone(World(restarted.bff_url, restarted.sandbox_url), payer.person)
        again.token = payer.token
        assert [again.get(path).ok() for path in ("/account", "/members", "/records")] == before
        assert again.world.play("GET", "/people").ok() != []


def assert_nothing_leaked(world: Eavesdropper, folder: Path) -> None:
    keys = json.loads((folder / "secrets" / "keys.json").read_text(encoding="utf-8"))
    secrets = world.secrets | {value for name, value in keys.items() if not name.endswith("app_id")}
    places = {
        **files_below(folder, besides=["sandbox", "secrets"]),
        "urls": "\n".join(world.urls).encode(),
        "problems": b"\n".join(world.problems),
    }
    assert len(secrets) > 40
    assert len(world.problems) > 10
    assert leaks(secrets, places) == []


def test_the_search_for_leaks_finds_each_way_of_writing() -> None:
    """A search that finds nothing proves something only if it can find."""
    for way, written in writings("林月华371399195711200021").items():
        assert leaks(["林月华371399195711200021"], {"log": b"before " + written + b" after"}), way
