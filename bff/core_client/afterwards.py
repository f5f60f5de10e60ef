"""What the BFF asks the core before and after payments: previews, records, sums, and what people say when something is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from bff.core_client.cases import Case, KeptReport, OpenedCase, PayerRequest, Receipt, SentRequest
from bff.core_client.citizen_door import CitizenDoor
from bff.core_client.records import Record, RecordPage
from bff.core_client.spending import PlacePage, Preview, Summary
from bff.core_client.transport import Call, broken_means
from bff.errors import CoreUnavailable, InvalidCursor, MalformedBody

_LONGEST_PAGE = 100
Page = TypeVar("Page", PlacePage, RecordPage)


class AfterwardsClient(CitizenDoor):
    """Payments imagined and made. Reads raise `CoreUnavailable`, `NotFound` and little else."""

    def preview(self, person_id: str, imagined: Mapping[str, Any]) -> Preview:
        """What a till would answer. Raises `RuleRefusal` where it would refuse. Changes nothing."""
        route = "/citizen/previews"
        call = Call("POST", route, route, self._settings.citizen_key, person_id=person_id, body=imagined)
        with broken_means(CoreUnavailable):
            return Preview.read(self._transport.send(call))

    def institutions(self, person_id: str, **asked: str | int | None) -> PlacePage:
        """One page by name. Raises `InvalidCursor` for a cursor that the core did not give."""
        return self._page(person_id, "/citizen/institutions", asked, PlacePage)

    def record(self, person_id: str, record_id: str) -> Record:
        return self._ask(person_id, "/citizen/records/{id}", Record.read, record_id)

    def records(self, person_id: str, **asked: str | int | None) -> RecordPage:
        """One page, newest first. Raises `InvalidCursor`, and `NotFound` for a person who is no relative."""
        return self._page(person_id, "/citizen/records", asked, RecordPage)

    def every_record(self, person_id: str, **asked: str | int | None) -> Iterator[Record]:
        """All of them, newest first, a page at a time. Raises what `records` raises."""
        page = self.records(person_id, **asked, limit=_LONGEST_PAGE)
        yield from page.items
        while page.next_cursor is not None:
            page = self.records(person_id, **asked, cursor=page.next_cursor, limit=_LONGEST_PAGE)
            yield from page.items

    def summary(self, person_id: str, period: Mapping[str, str | int]) -> Summary:
        """A month or a year by person, kind and source."""
        return self._ask(person_id, "/citizen/records/summary", Summary.read, query=_written(period))

    def statement(self, person_id: str, year: int) -> bytes:
        """A year of this person's account: a PDF."""
        route, query = "/citizen/statement", {"year": str(year)}
        return self._transport.fetch(Call("GET", route, route, self._settings.citizen_key, person_id=person_id, query=query))

    def dispute(self, person_id: str, record_id: str, said: Mapping[str, Any], key: str) -> OpenedCase:
        """«Not me.» Raises `RuleRefusal` where this person has said so already."""
        route, path = "/citizen/records/{id}/disputes", f"/citizen/records/{quote(record_id, safe='')}/disputes"
        return self._write(self._citizen_write(person_id, route, path, said, key), OpenedCase.read)

    def disputes(self, person_id: str) -> tuple[Case, ...]:
        """The cases that concern this person."""
        return self._ask(person_id, "/citizen/disputes", lambda told: told.each("items", Case.read))

    def report(self, person_id: str, said: Mapping[str, Any], key: str) -> Receipt:
        route = "/citizen/reports"
        return self._write(self._citizen_write(person_id, route, route, said, key), Receipt.read)

    def reports(self, person_id: str) -> tuple[KeptReport, ...]:
        """What this person reported."""
        return self._ask(person_id, "/citizen/reports", lambda told: told.each("items", KeptReport.read))

    def ask_payer(self, person_id: str, relation_id: str, kind: str, key: str) -> SentRequest:
        route, path = "/citizen/payers/{id}/requests", f"/citizen/payers/{quote(relation_id, safe='')}/requests"
        return self._write(self._citizen_write(person_id, route, path, {"kind": kind}, key), SentRequest.read)

    def requests(self, person_id: str) -> tuple[PayerRequest, ...]:
        """What this person asked of payers and is asked by members."""
        return self._ask(person_id, "/citizen/requests", lambda told: told.each("items", PayerRequest.read))

    def answer_request(self, person_id: str, request_id: str, answer: str, key: str) -> SentRequest:
        route, path = "/citizen/requests/{id}/answers", f"/citizen/requests/{quote(request_id, safe='')}/answers"
        return self._write(self._citizen_write(person_id, route, path, {"answer": answer}, key), SentRequest.read)

    def _page(self, person_id: str, route: str, asked: Mapping[str, str | int | None], page: type[Page]) -> Page:
        try:
            return self._ask(person_id, route, page.read, query=_written(asked))
        except MalformedBody:
            # The rest was looked at before it was sent.
            raise InvalidCursor from None


def _written(asked: Mapping[str, str | int | None]) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items() if value is not None}
