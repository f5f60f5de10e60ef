"""Handing in photos: what is taken, what goes on to the core, and how each fault is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from urllib3.filepost import encode_multipart_formdata
from werkzeug.test import TestResponse

from bff.api.pictures import clean_picture
from bff.app import build_app, join
from bff.flows.consents import REQUIRED
from bff.settings import read_settings
from bff.store.sessions import Proof, Session
from dev.private_world import free_ports
from dev.servers import RunningServer
from dev.settings import Ports, Urls, world_environment
from groundwork.chance import new_id
from groundwork.clock import Clock
from tests.bff.api.photos import noisy, plain, png_of, talkative_jpeg
from tests.bff.core_client.misbehaving import MisbehavingServer, answers, hangs_up

KEPT = {"id": "01a20000-0000-7000-8000-000000000001", "expires_at": "2026-03-03T09:30:00+08:00"}
MOST_BYTES = 5 * 1024 * 1024


@pytest.fixture
def core() -> Iterator[MisbehavingServer]:
    server = MisbehavingServer()
    server.plays(answers(201, KEPT))
    yield server
    server.close()


@pytest.fixture
def bff(redis_server: RunningServer, server_folder: Path, core: MisbehavingServer) -> tuple[FlaskClient, str]:
    """A BFF in front of that core, and the token of somebody who is signed in and known."""
    urls = Urls(redis_server.url, "postgresql://nobody@127.0.0.1:1/none")
    told = world_environment(server_folder / "uploads", Ports(*free_ports(3)), urls)["bff"]
    settings = read_settings({**told, "CORE_URL": core.url, "BFF_CORE_TRIES": "2"})
    now = Clock().now()
    ends_at = now + timedelta(hours=1)
    proof, agreed = Proof("face", now), tuple(consent.text_hash for consent in REQUIRED)
    known = Session(new_id(), "wechat", "wx", (("open_id", "o"),), new_id(), "person-1", proof, now, ends_at, agreed)
    return build_app(settings).test_client(), join(settings).sessions.start(known)


def upload(bff: tuple[FlaskClient, str], *contents: bytes, name: str = "file") -> TestResponse:
    client, token = bff
    files = [(name, (f"photo-{number}.jpg", content)) for number, content in enumerate(contents)]
    body, media_type = encode_multipart_formdata(files)
    return client.post("/api/v1/uploads", data=body, content_type=media_type, headers={"Authorization": f"Bearer {token}"})


def test_a_photo_is_cleaned_and_handed_on_and_its_id_told(bff: tuple[FlaskClient, str], core: MisbehavingServer) -> None:
    answer = upload(bff, talkative_jpeg())

    assert (answer.status_code, answer.json) == (201, KEPT)
    sent = core.received[0]
    assert sent.line == "POST /core/citizen/uploads HTTP/1.1"
    assert (sent.headers["content-type"], sent.headers["x-person"]) == ("image/jpeg", "person-1")
    assert sent.body == clean_picture(talkative_jpeg()).content


@pytest.mark.parametrize("side", [150, 500, 1_300])
def test_photos_of_every_size_up_to_5_mb_are_taken(bff: tuple[FlaskClient, str], side: int) -> None:
    photo = noisy((side, side))
    assert side < 1_000 or 4_000_000 < len(photo) <= MOST_BYTES

    assert upload(bff, photo).status_code == 201


def test_a_photo_is_taken_under_whatever_name_the_platform_gives_it(bff: tuple[FlaskClient, str]) -> None:
    assert upload(bff, plain("PNG"), name="image").status_code == 201


def test_a_photo_whose_reply_was_lost_is_handed_on_again_under_the_same_key(
    bff: tuple[FlaskClient, str], core: MisbehavingServer
) -> None:
    core.plays(hangs_up, answers(201, KEPT))

    assert upload(bff, plain()).status_code == 201
    first, again = core.received
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"no photo", (415, "unsupported_media_type", "photo_kind")),
        (plain("GIF"), (415, "unsupported_media_type", "photo_kind")),
        (plain()[:300], (422, "invalid_answers", "photo_unreadable")),
        (png_of(20_000, 20_000), (422, "invalid_answers", "photo_too_many_pixels")),
        (plain() + b"\0" * MOST_BYTES, (413, "body_too_large", "photo_too_large")),
        (b"\0" * (2 * MOST_BYTES), (413, "body_too_large", "photo_too_large")),
    ],
    ids=["text", "gif", "broken", "bomb", "large", "far too large"],
)
def test_each_fault_of_a_photo_is_told_with_its_remedy(
    bff: tuple[FlaskClient, str], core: MisbehavingServer, content: bytes, expected: tuple[int, str, str]
) -> None:
    told = upload(bff, content).json

    assert told is not None
    assert (told["status"], told["code"], told["fields"]["file"]["code"]) == expected
    assert told["fields"]["file"]["remedy"] in told["detail"]
    assert core.received == []


def test_one_photo_comes_at_a_time(bff: tuple[FlaskClient, str]) -> None:
    client, token = bff
    none = client.post(
        "/api/v1/uploads", data={"words": "x"}, content_type="multipart/form-data", headers={"Authorization": f"Bearer {token}"}
    )

    for told in (none.json, upload(bff, plain(), plain()).json):
        assert told is not None
        assert (told["status"], told["code"], told["fields"]["file"]["code"]) == (400, "malformed_body", "photo_missing")


def test_what_is_no_form_is_not_read(bff: tuple[FlaskClient, str]) -> None:
    client, token = bff
    for media_type in ("application/json", "image/jpeg", ""):
        answer = client.post(
            "/api/v1/uploads", data=plain(), content_type=media_type, headers={"Authorization": f"Bearer {token}"}
        )
        assert (answer.status_code, answer.json and answer.json["code"]) == (415, "unsupported_media_type")


def test_only_a_known_person_hands_in_photos(bff: tuple[FlaskClient, str]) -> None:
    client, _ = bff

    assert upload((client, "made-up"), plain()).status_code == 401
    assert client.post("/api/v1/uploads", data={"file": (BytesIO(plain()), "p.jpg")}).status_code == 401


def test_other_bodies_stay_as_small_as_they_were(bff: tuple[FlaskClient, str]) -> None:
    client, token = bff
    answer = client.post(
        "/api/v1/flows/add-member", data=b" " * 65_537, content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip

    assert answer.status_code == 413
