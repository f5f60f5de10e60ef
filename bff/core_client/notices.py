"""The register's inbox and the core's feed, as whoever reads notices and whoever pushes them asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bff.core_client.transport import Call, CoreTransport, broken_means, unknown_origin
from bff.errors import CoreUnavailable, InvalidCursor, MalformedBody, OutcomeUnknown
from bff.settings import CoreSettings
from groundwork.reading import Reading, Unreadable

T = TypeVar("T")
DELIVERY_STATES = frozenset({"pending", "sent", "not_delivered", "not_allowed"})
_MINE = "/app/identities/{id}"


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice as the register keeps it: no names, only ids and figures."""

    id: str
    at: datetime
    kind: str
    data: Mapping[str, Any]
    read: bool
    channel: str | None
    status: str

    @classmethod
    def of(cls, told: Reading) -> KeptNotice:
        delivery = told.object("delivery")
        return cls(
            id=told.text("id"),
            at=told.moment("at"),
            kind=told.text("kind"),
            data=told.object("data").members,
            read=told.flag("read"),
            channel=delivery.maybe_text("channel"),
            status=delivery.one_of("status", DELIVERY_STATES),
        )


@dataclass(frozen=True, slots=True)
class InboxPage:
    items: tuple[KeptNotice, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, told: Reading) -> InboxPage:
        return cls(told.each("items", KeptNotice.of), told.maybe_text("next_cursor"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody allowed, as far as it differs from yes to everything."""

    kinds: Mapping[str, bool]
    channels: Mapping[str, bool]
    quiet_hours: Mapping[str, str] | None

    @classmethod
    def of(cls, told: Reading) -> Chosen:
        quiet = told.maybe_object("quiet_hours")
        hours = None if quiet is None else {"from": quiet.text("from"), "to": quiet.text("to")}
        return cls(_flags(told.object("kinds")), _flags(told.object("channels")), hours)


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """Words by id: masked name and relation of a tie; of a settlement its place, what it left in the account, and its
    reasons; what a rule says."""

    ties: Mapping[str, tuple[str, str]]
    places: Mapping[str, tuple[str, int | None]]
    reasons: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, told: Reading) -> NoticeWords:
        ties = {
            name: (tie.text("name_masked"), tie.text("relation"))
            for kind in ("relations", "kinships")
            for name, tie in _objects(told.object(kind))
        }
        settlements = dict(_objects(told.object("settlements")))
        said = {name: sum(one.each("reasons", _sentences), ()) for name, one in settlements.items()}
        rules = {name: _sentences(rule) for name, rule in _objects(told.object("rules"))}
        return cls(ties, {name: _place(one) for name, one in settlements.items()}, {**said, **rules})


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event of the feed, for one person."""

    id: int
    at: datetime
    kind: str
    person_id: str
    data: Mapping[str, Any]

    @classmethod
    def of(cls, told: Reading) -> FeedEvent:
        written = told.text("id")
        if not (written.isascii() and written.isdigit()):
            raise Unreadable("id")
        return cls(int(written), told.moment("at"), told.text("kind"), told.text("person_id"), told.object("data").members)


@dataclass(frozen=True, slots=True)
class DuePush:
    """A push that is marked as begun: to whom, on which channel."""

    id: str
    kind: str
    at: datetime
    data: Mapping[str, Any]
    channel: str
    app_id: str
    subjects: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def of(cls, told: Reading) -> DuePush:
        return cls(
            id=told.text("id"),
            kind=told.text("kind"),
            at=told.moment("at"),
            data=told.object("data").members,
            channel=told.text("channel"),
            app_id=told.maybe_text("app_id") or "",
            subjects=told.each("subjects", lambda one: (one.text("kind"), one.text("subject"))),
        )


class NoticeRegister:
    """Reads raise `CoreUnavailable` and `NotFound`; writes, which may all come twice, also `OutcomeUnknown`."""

    def __init__(self, settings: CoreSettings) -> None:
        self._transport = CoreTransport(settings, unknown_origin)
        self._app_key, self._citizen_key = settings.app_key, settings.citizen_key

    # For their owner

    def inbox(self, identity_id: str, cursor: str | None, limit: int) -> InboxPage:
        """Raises `InvalidCursor` for a cursor that is none."""
        query = {"limit": str(limit), **({"cursor": cursor} if cursor else {})}
        try:
            return self._read(_mine(identity_id, "/notices"), InboxPage.of, query)
        except MalformedBody as fault:
            raise InvalidCursor from fault

    def mark_read(self, identity_id: str, notice_id: str) -> KeptNotice:
        route, path = _mine(identity_id, "/notices")
        return self._write((f"{route}/{{notice}}/read", f"{path}/{quote(notice_id, safe='')}/read"), {}, KeptNotice.of)

    def chosen(self, identity_id: str) -> Chosen:
        return self._read(_mine(identity_id, "/notice-preferences"), Chosen.of)

    def choose(self, identity_id: str, changes: Mapping[str, Any]) -> Chosen:
        return self._write(_mine(identity_id, "/notice-preferences"), changes, Chosen.of)

    def words(self, person_id: str, asked: Mapping[str, Sequence[str]]) -> NoticeWords:
        """The masked names, places and reasons that these ids stand for, as far as they are this person's to know."""
        path = "/citizen/notice-words"
        call = Call("POST", path, path, self._citizen_key, person_id=person_id, body=asked)
        with broken_means(CoreUnavailable):
            return NoticeWords.of(self._transport.send(call))

    # For the worker

    def events(self, after: int, limit: int) -> tuple[tuple[FeedEvent, ...], int]:
        """The events behind a position of the core's feed, and where to go on."""
        call = Call("GET", "/events", "/events", self._citizen_key, query={"after": str(after), "limit": str(limit)})
        with broken_means(CoreUnavailable):
            told = self._transport.send(call)
            return told.each("items", FeedEvent.of), told.whole("next_after")

    def look_ahead(self) -> None:
        """Have the core write the events of days to come; it writes each once, however often it is asked."""
        call = Call("POST", "/events/look-ahead", "/events/look-ahead", self._citizen_key, body={}, writes=True)
        with broken_means(OutcomeUnknown):
            self._transport.send(call).whole("told")

    def enter(self, notices: Sequence[Mapping[str, Any]], forgotten: Sequence[Mapping[str, Any]]) -> None:
        """Enter a page of events; what is known already stays as it is."""
        body = {"notices": list(notices), "forgotten": list(forgotten)}
        self._write(("/app/notices", "/app/notices"), body, lambda told: told.whole("entered"))

    def claim(self, claim: str, channels: Sequence[str]) -> tuple[DuePush | None, bool]:
        """The next push that is due, marked as begun, and whether more may be due."""

        def read(told: Reading) -> tuple[DuePush | None, bool]:
            push = told.maybe_object("push")
            return None if push is None else DuePush.of(push), told.flag("more")

        body = {"claim": claim, "channels": list(channels)}
        return self._write(("/app/notices/claims", "/app/notices/claims"), body, read)

    def settle(self, notice_id: str, claim: str, outcome: str) -> None:
        """Write down what became of a push."""
        path = f"/app/notices/{quote(notice_id, safe='')}/delivery"
        self._write(("/app/notices/{id}/delivery", path), {"claim": claim, "outcome": outcome}, lambda told: told.flag("settled"))

    def _read(self, where: tuple[str, str], read: Callable[[Reading], T], query: Mapping[str, str] | None = None) -> T:
        with broken_means(CoreUnavailable):
            return read(self._transport.send(Call("GET", *where, self._app_key, query=query or {})))

    def _write(self, where: tuple[str, str], body: Mapping[str, Any], read: Callable[[Reading], T]) -> T:
        with broken_means(OutcomeUnknown):
            return read(self._transport.send(Call("POST", *where, self._app_key, body=body, writes=True)))


def _mine(identity_id: str, what: str) -> tuple[str, str]:
    return f"{_MINE}{what}", f"{_MINE.replace('{id}', quote(identity_id, safe=''))}{what}"


def _flags(told: Reading) -> Mapping[str, bool]:
    return {name: told.flag(name) for name in told.members}


def _objects(told: Reading) -> list[tuple[str, Reading]]:
    return [(name, told.object(name)) for name in told.members]


def _sentences(reason: Reading) -> tuple[str, ...]:
    return reason.text("text"), reason.text("next_step")


def _place(settlement: Reading) -> tuple[str, int | None]:
    return settlement.text("place"), settlement.maybe_whole("balance_after_fen")
