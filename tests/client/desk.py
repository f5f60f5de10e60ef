"""The desk on a wide screen: hands the phone in its middle from one person to the next, and takes money at its till."""

from __future__ import annotations

from playwright.sync_api import Frame, Page, expect

from dev.player import Json, World
from tests.client.handset import Handset, Watched


class Desk:
    """One desk, with the people who were there when it was opened."""

    def __init__(self, watched: Watched, address: str, world: World) -> None:
        self.page: Page = watched.page
        self._watched = watched
        self._address = address
        self._world = world
        self.page.goto(address)

    def hand_to(self, person: Json) -> Handset:
        """Choose a person among those on the desk; their phone, signed out."""
        self.page.locator(f'[data-person="{person["id_number"]}"]').tap()
        self.page.frame_locator("#phone").locator("#privacy").wait_for()
        return Handset(self._watched, self._frame(), self._address, self._world, person)

    def take(self, institution: Json, visit: str, bill_yuan: str, *, declared: bool) -> list[str]:
        """Scan the code on the phone and take the money; the lines of the slip."""
        self.page.locator("#scan").tap()
        expect(self.page.locator("#scanned")).to_have_text("读到了一个码。")
        self.page.locator("#institution").select_option(institution["id"])
        self.page.locator("#med-type").select_option(visit)
        self.page.locator("#amount").fill(bill_yuan)
        self.page.locator("#declares").set_checked(declared)
        self.page.locator("#settle").tap()
        expect(self.page.locator("#refund")).to_be_enabled()
        return self.page.locator("#slip tr, #slip p").all_inner_texts()

    def _frame(self) -> Frame:
        frame = self.page.locator("#phone").element_handle().content_frame()
        assert frame
        return frame
