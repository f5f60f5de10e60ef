"""Every question that the BFF asks the app register: channel identities, consents, and what platforms pushed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bff.core_client.transport import Call, CoreTransport, broken_means, unknown_origin
from bff.errors import CoreUnavailable, OutcomeUnknown
from bff.settings import CoreSettings
from groundwork.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """A channel identity, the citizen it was shown to be, the hashes of the texts that they stand by, and the day before which
    a guardian speaks for them, if they are a child."""

    identity_id: str
    person_id: str | None
    agreed: tuple[str, ...]
    guarded_until: date | None

    @classmethod
    def read(cls, told: Reading) -> Identity:
        return cls(told.text("identity_id"), told.maybe_text("person_id"), told.texts("agreed"), told.maybe_day("guarded_until"))


@dataclass(frozen=True, slots=True)
class KeptConsent:
    """A consent in the ledger."""

    id: str
    purpose: str
    title: str
    version: str
    text: tuple[str, ...]
    text_hash: str
    channel: str
    agreed_at: datetime
    withdrawn_at: datetime | None
    for_relative: bool

    @classmethod
    def read(cls, told: Reading) -> KeptConsent:
        return cls(
            id=told.text("id"),
            purpose=told.text("purpose"),
            title=told.text("title"),
            version=told.text("version"),
            text=told.texts("text"),
            text_hash=told.text("text_hash"),
            channel=told.text("channel"),
            agreed_at=told.moment("agreed_at"),
            withdrawn_at=told.maybe_moment("withdrawn_at"),
            for_relative=told.maybe_text("for_person") is not None,
        )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A consent that ended: what it was for, whose it was as the register knows by now, the texts that they stand by no more,
    and the child for whom a guardian spoke."""

    purpose: str
    person_id: str | None
    text_hashes: tuple[str, ...]
    for_person: str | None

    @classmethod
    def read(cls, told: Reading) -> Withdrawn:
        return cls(told.text("purpose"), told.maybe_text("person_id"), told.texts("text_hashes"), told.maybe_text("for_person"))


@dataclass(frozen=True, slots=True)
class Taken:
    """A push as the register took it: since when it holds, and the identities (with their citizens) that must prove
    themselves anew."""

    at: datetime
    revoked: tuple[tuple[str, str | None], ...]

    @classmethod
    def read(cls, told: Reading) -> Taken:
        return cls(told.moment("at"), told.each("revoked", lambda one: (one.text("identity_id"), one.maybe_text("person_id"))))


class RegisterClient:
    """The register's door. Reads raise `CoreUnavailable` and `NotFound`; writes may also raise `IdentityConflict`, and
    `OutcomeUnknown` when they may have been done."""

    def __init__(self, settings: CoreSettings) -> None:
        self._transport = CoreTransport(settings, unknown_origin)
        self._bearer = settings.app_key

    def identify(
        self, channel: str, app_id: str, subjects: Sequence[tuple[str, str]], union_with: Sequence[str] = ()
    ) -> Identity:
        """The identity that a channel's subjects belong to, entered at first sight; the same twice changes nothing. In the
        channels of `union_with`, the same union id names the same account."""
        named = [{"kind": kind, "subject": subject} for kind, subject in subjects]
        body = {"channel": channel, "app_id": app_id, "subjects": named, "union_with": list(union_with)}
        return self._write("/app/identities", "/app/identities", Identity.read, body=body)

    def attach(self, identity_id: str, person_id: str, guarded_until: date | None, key: str) -> Identity:
        """Tie an identity to the citizen it was shown to be; what was agreed to on the way becomes theirs."""
        body = {"person_id": person_id, "guarded_until": guarded_until.isoformat() if guarded_until else None}
        return self._write(*_of(identity_id, "person"), Identity.read, body=body, key=key)

    def agree(self, identity_id: str, consents: Sequence[Mapping[str, Any]], key: str) -> None:
        """Write down what somebody agrees to; `for_person` names a child whose guardian speaks."""
        self._write(*_of(identity_id, "consents"), lambda _: None, body={"consents": list(consents)}, key=key)

    def consents(self, identity_id: str) -> tuple[KeptConsent, ...]:
        """What the citizen behind this identity ever agreed to, newest first."""
        return self._ask(*_of(identity_id, "consents"), lambda told: told.each("items", KeptConsent.read))

    def withdraw(self, identity_id: str, consent_id: str) -> Withdrawn:
        """End a consent. Twice changes nothing."""
        route, path = _of(identity_id, "consents")
        path = f"{path}/{quote(consent_id, safe='')}/withdrawal"
        return self._write(f"{route}/{{consent}}/withdrawal", path, Withdrawn.read, body={})

    def take_push(self, push: Mapping[str, Any]) -> Taken:
        """Have a push take effect once; delivered again it changes nothing and is told the same."""
        return self._write("/app/pushes", "/app/pushes", Taken.read, body=push)

    def export(self, identity_id: str) -> Mapping[str, Any]:
        """All that the register keeps of the citizen behind this identity."""
        return self._ask(*_of(identity_id, "export"), lambda told: told.members)

    def forget(self, identity_id: str, key: str) -> None:
        """Forget every identity of the citizen behind this one. Raises `NotFound` where that was done before."""
        self._write(*_of(identity_id, "deletion"), lambda _: None, body={}, key=key)

    def _write(
        self, route: str, path: str, read: Callable[[Reading], T], *, body: Mapping[str, Any], key: str | None = None
    ) -> T:
        with broken_means(OutcomeUnknown):
            return read(self._transport.send(Call("POST", route, path, self._bearer, key=key, body=body, writes=True)))

    def _ask(self, route: str, path: str, read: Callable[[Reading], T]) -> T:
        with broken_means(CoreUnavailable):
            return read(self._transport.send(Call("GET", route, path, self._bearer)))


def _of(identity_id: str, what: str) -> tuple[str, str]:
    """The template and the address of something that belongs to one identity."""
    return f"/app/identities/{{id}}/{what}", f"/app/identities/{quote(identity_id, safe='')}/{what}"
