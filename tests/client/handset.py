"""A phone in somebody's hand: taps, types and looks at what is drawn, knowing no flow and no city."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Page, Request, expect

from dev.player import Answer, Json, World
from tests.client.answering import Answering

NODE_MODULES = Path(__file__).resolve().parents[2] / "miniprogram_stub" / "node_modules"
# An input's own size is kept by the browser, so that what is measured is what is drawn.
SCALE = 2
# Only ever waited for in vain when something is wrong, or the machine very busy.
PATIENCE_MS = 30_000
READ_CODE = """async (address) => {
  const picture = new Image()
  picture.src = address
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 600
  const brush = canvas.getContext('2d')
  brush.fillStyle = '#fff'
  brush.fillRect(0, 0, 600, 600)
  brush.drawImage(picture, 0, 0, 600, 600)
  return window.jsQR(brush.getImageData(0, 0, 600, 600).data, 600, 600)?.data ?? null
}"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A page, and what it asked of other machines or the browser complained of so far."""

    page: Page
    complaints: list[str]


@contextmanager
def watched_page(
    chromium: Browser, origin: str, *, width: int, height: int = 812, dark: bool = False, phone: bool = True
) -> Iterator[Watched]:
    """A page that fails at its end if it spoke to another machine or the browser complained."""
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=SCALE if phone else 1,
        is_mobile=phone,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []

    def notice(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:", "about:")):
            complaints.append(f"asked {request.url}")

    page.on("request", notice)
    page.on("pageerror", lambda error: complaints.append(f"{error}"))
    page.on(
        "console",
        lambda said: complaints.append(f"{said.text} {said.location['url']}") if said.type in ("error", "warning") else None,
    )
    yield Watched(page, complaints)
    context.close()
    if complaints:
        raise AssertionError("the browser complained:\n" + "\n".join(complaints))


class Handset(Answering):
    """One person's phone: a page of its own, or the frame in which the desk draws it."""

    def __init__(self, watched: Watched, screen: Page | Frame, desk: str, world: World, person: Json) -> None:
        super().__init__(watched.page, screen)
        self.complaints = watched.complaints
        self.desk = desk
        self.world = world
        self.person = person

    def tell_desk(self, **settings: str) -> None:
        """What the desk beside the phone would be set to."""
        for name, value in settings.items():
            self.screen.evaluate(
                "([name, value]) => localStorage.setItem(name, value)", [f"desk.{name.replace('_', '-')}", value]
            )

    def tap_words(self, words: str) -> None:
        self.screen.locator(":visible").get_by_text(words, exact=True).last.tap()

    def open(self, name: str) -> None:
        """A page by its name, as its address."""
        self.screen.goto(f"{self.desk}/app/#/pages/{name}/index")

    def tab(self, words: str) -> None:
        self.screen.locator(".tab:visible", has_text=words).tap()

    def sign_in(self) -> Handset:
        self.tap("privacy")
        self.tap("sign-in")
        self.screen.wait_for_url("**/pages/home/index")
        return self

    def arrive(self) -> Handset:
        """Sign in and prove who one is."""
        self.sign_in()
        self.tap("verify")
        self.walk({"name": self.person["name"], "id_number": self.person["id_number"], "phone": self.person["phone"]})
        return self

    def start(self, flow: str) -> None:
        """Begin a flow that home offers."""
        self.open("home")
        self.tap(f"flow-{flow}")
        self.ready()

    def walk(self, answers: Mapping[str, Any]) -> None:
        """Answer screen after screen, complete, and go home."""
        self.walk_until_end(answers)
        self.tap("home")
        self.screen.wait_for_url("**/pages/home/index")

    def walk_until_end(self, answers: Mapping[str, Any]) -> None:
        self.ready()
        while self.find("next").count():
            self.fill(answers)
            self.next()
        self.tap("complete")
        self.find("home").wait_for()

    def ready(self) -> None:
        """Wait until the screen is drawn and takes answers."""
        self.screen.locator("#next:visible:not([disabled]), #complete:visible:not([disabled]), #home:visible").first.wait_for()

    def next(self) -> None:
        with self.page.expect_response(lambda told: "/steps/" in told.url):
            self.tap("next")
        self.ready()

    def back(self) -> None:
        """To the step before."""
        with self.page.expect_response(lambda told: "/steps/" in told.url):
            self.tap("back")
        self.ready()

    def code_shown(self) -> str:
        """What a scanner reads from the screen."""
        drawn = self.screen.locator(".qr:visible img")
        expect(drawn).to_have_attribute("src", re.compile("^data:image"))
        self.screen.evaluate((NODE_MODULES / "jsqr" / "dist" / "jsQR.js").read_text(encoding="utf-8"))
        read = self.screen.evaluate(READ_CODE, drawn.get_attribute("src"))
        assert isinstance(read, str)
        return read

    def pay_at(self, institution: Json, amount_fen: int, med_type: str) -> Answer:
        """Show the code that is on the screen at a till and pay."""
        credential = {"kind": "voucher", "value": self.code_shown()}
        return self.world.till(
            institution, "settlements", {"credential": credential, "med_type": med_type, "amount_fen": amount_fen}
        )

    def forgive(self, words: str) -> None:
        """The browser had to complain of this, since the test broke it; it must have."""
        kept = [one for one in self.complaints if words not in one]
        assert len(kept) < len(self.complaints)
        self.complaints[:] = kept

    def token(self) -> str:
        """The session that this phone keeps."""
        return str(self.screen.evaluate("() => localStorage.getItem('token')"))
