"""A phone-sized Chromium before the real world; what it asks of other machines and what it complains of fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dev.desk.app import Settings, build_app
from dev.player import Json, World
from dev.private_world import free_ports
from tests.client.desk import Desk
from tests.client.handset import PATIENCE_MS, Handset, watched_page
from tests.worlds import serving

CLIENT = Path(__file__).resolve().parents[2] / "miniprogram_stub"
BUILDS = CLIENT / "dist" / "build"
# Debian's own Chromium; nothing is downloaded, and nothing is looked up at its maker's.
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]

Holder = Callable[..., Handset]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk(running_world: World) -> Iterator[str]:
    """Where the desk and the phone's pages are served, beside this worker's world."""
    if not (BUILDS / "h5-developer" / "index.html").exists():
        raise AssertionError("there is no browser build: say `make client`")
    [port] = free_ports(1)
    with serving(build_app(Settings(running_world.bff_url, running_world.sandbox_url, BUILDS)), port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def hand(world: World, chromium: Browser, desk: str) -> Iterator[Holder]:
    """Hands a phone to a person; at the end none of them may have asked another machine or complained."""
    with ExitStack() as phones:

        def give(person: Json, *, channel: str = "wechat", width: int = 375, dark: bool = False) -> Handset:
            watched = phones.enter_context(watched_page(chromium, desk, width=width, dark=dark))
            phone = Handset(watched, watched.page, desk, world, person)
            watched.page.goto(f"{desk}/app/")
            phone.tell_desk(**{"person": person["id_number"], "camera-person": person["id_number"], "channel": channel})
            return phone

        yield give


@pytest.fixture
def open_desk(world: World, chromium: Browser, desk: str) -> Iterator[Callable[[], Desk]]:
    """Opens the desk on a wide screen, once everybody is there who is to be on it."""
    with watched_page(chromium, desk, width=1280, height=1000, phone=False) as watched:
        yield lambda: Desk(watched, desk, world)


@pytest.fixture
def desk_page(world: World, chromium: Browser, desk: str) -> Iterator[Page]:
    """The desk itself, on a wide screen."""
    with watched_page(chromium, desk, width=1280, height=1000, phone=False) as watched:
        watched.page.goto(desk)
        yield watched.page
