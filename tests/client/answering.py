"""How somebody answers the questions on a screen: each by its kind, knowing no flow and no city."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Frame, Locator, Page, expect

PASSCODE = "246801"


def photo() -> bytes:
    """A small picture of nothing."""
    return encoded(Image.new("RGB", (240, 240), (230, 225, 210)))


def encoded(picture: Image.Image, quality: int = 75) -> bytes:
    """A picture as a camera would save it."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return kept.getvalue()


class Answering:
    """A screen and the hand before it; remembers what it was asked, what it read and which papers it was given."""

    def __init__(self, page: Page, screen: Page | Frame) -> None:
        self.page = page
        self.screen = screen
        self.forget()

    def forget(self) -> None:
        """Start to remember anew."""
        self.questions: list[str] = []
        self.offered: list[str] = []
        self.read: list[str] = []
        self.papers: list[bytes] = []

    def find(self, name: str) -> Locator:
        """What bears this id on the page that is in front; pages beneath it stay in the document."""
        return self.screen.locator(f'[id="{name}"]:visible')

    def tap(self, name: str) -> None:
        self.find(name).tap()

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.screen.locator("uni-page:visible").get_by_text(each).first).to_be_visible()

    def asked(self) -> list[str]:
        """The names of the fields of this screen, in their order."""
        return [str(one.get_attribute("id"))[6:] for one in self.screen.locator('[id^="label-"]:visible').all()]

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Give the answers that are known; to what else has to be answered, what anybody would say who agrees."""
        asked = self.asked()
        self.questions += asked
        self.offered += [
            str(one.get_attribute("id")) for one in self.screen.locator('[role="radio"]:visible, [role="checkbox"]:visible').all()
        ]
        self.read.append(self.screen.locator("uni-page:visible .sheet").inner_text())
        for name in asked:
            if name in answers:
                self.answer(name, answers[name])
            elif "可不填" not in self.find(f"label-{name}").inner_text() and not self.is_answered(name):
                self.answer(name, self._of_course(name))

    def answer(self, name: str, value: Any) -> None:
        kind = self._kind_of(name)
        if kind == "choice":
            self._choose(name, value if isinstance(value, list) else [value])
        elif kind in ("consent", "confirm", "summary"):
            self._tick(name)
        elif kind == "real_person":
            self.tap(name)
            self.sees("已经看过镜头")
        elif kind == "photo":
            self.hand_in(name, value)
        elif kind == "date":
            self.pick_day(name)
        else:
            typed = f"{value / 100:.2f}" if kind == "money" and isinstance(value, int) else str(value)
            self.find(name).locator("input").fill(typed)

    def hand_in(self, name: str, picture: bytes, file_name: str = "photo.jpg") -> None:
        """Upload a picture, of the paper that is offered there, if one is."""
        if self.find(f"{name}-form").count():
            with self.page.expect_download() as offered:
                self.tap(f"{name}-form")
            self.papers.append(offered.value.path().read_bytes())
        self.choose_file(name, picture, file_name)
        expect(self.card(name).get_by_text("已上传").last).to_be_visible()

    def choose_file(self, name: str, content: bytes, file_name: str = "photo.jpg") -> None:
        with self.page.expect_file_chooser() as asking:
            self.tap(name)
        asking.value.set_files([FilePayload(name=file_name, mimeType="image/jpeg", buffer=content)])

    def pick_day(self, name: str, *, years_on: int = 0) -> None:
        """Choose the day on which the calendar stands, or the one next to it in the row of years."""
        self.tap(name)
        calendar = self.screen.locator(".uni-picker-container:visible")
        if years_on:
            years = calendar.locator("uni-picker-view-column").first
            row, whole = years.locator(".uni-picker-item").first.bounding_box(), years.bounding_box()
            assert row
            assert whole
            years.tap(position={"x": whole["width"] / 2, "y": whole["height"] / 2 + years_on * row["height"]})
        calendar.locator(".uni-picker-action-confirm").tap()
        expect(self.find(name)).to_contain_text("年")

    def is_answered(self, name: str) -> bool:
        """Whether the screen came with this answer, as what was said before does."""
        ticked = self.screen.locator(f'[id="{name}"][aria-checked="true"]:visible, [id^="{name}-"][aria-checked="true"]:visible')
        typed = self.find(name).locator("input")
        return ticked.count() > 0 or (typed.count() > 0 and typed.input_value() != "")

    def card(self, name: str) -> Locator:
        return self.screen.locator("[data-kind]:visible").filter(has=self.screen.locator(f'[id="label-{name}"]'))

    def _kind_of(self, name: str) -> str:
        return str(self.card(name).get_attribute("data-kind"))

    def _of_course(self, name: str) -> Any:
        known: dict[str, Any] = {"consent": True, "confirm": True, "summary": True, "real_person": True}
        known |= {"photo": photo(), "secret": PASSCODE}
        kind = self._kind_of(name)
        if kind not in known:
            raise AssertionError(f"no answer to the required field {name}")
        return known[kind]

    def _choose(self, name: str, values: list[str]) -> None:
        for value in values:
            option = self.find(f"{name}-{value}")
            if option.get_attribute("aria-checked") != "true":
                option.tap()

    def _tick(self, name: str) -> None:
        if not self.is_answered(name):
            self.tap(name)
