"""What may be asked of any channel: who is this, is it really them, tell them this, and what does it tell us unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol

EventKind = Literal["authorisation_revoked", "user_information_modified", "subscription_changed", "subscription_refused", "other"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One name that a channel has for a person: `kind` is `open_id`, `user_id` or `union_id`; never one for another."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ChannelUser:
    """Who holds the phone, as the channel knows them; the first subject is the one its later calls ask for.

    `union_with` are the channels of the same platform in which the same union id means the same account.
    """

    channel: str
    app_id: str
    subjects: tuple[Subject, ...]
    union_with: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.subjects[0].subject


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Who a real-person check is about; `cert_type` is the national code, 01 the identity card."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    cert_type: str = "01"


@dataclass(frozen=True, slots=True)
class KinshipEntry:
    """A relative whose voucher the platform shows on somebody's phone; `relation` is in our words, or `other`."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    cert_type: str
    relation: str


@dataclass(frozen=True, slots=True)
class Check:
    """A real-person check that was begun. `id` is the platform's own.

    `keep` is what `finish_check` needs later and the phone must not see; the caller keeps it sealed. `authorise_at` is
    where the 医保 platform vouches too, if the operator has a contract: another mini-program (`app_id`, `path`) or a `url`.
    """

    id: str
    channel: str
    expires_at: datetime
    url: str | None = None
    keep: Mapping[str, str] = field(default_factory=dict)
    authorise_at: Mapping[str, str] | None = None


class CheckResult(Enum):
    """How a real-person check stands."""

    PASSED = "passed"
    PENDING = "pending"
    NOT_PASSED = "not_passed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Message:
    """One notice to one person. `template` and the names of `fields` are our words; settings map them to the platform's."""

    template: str
    fields: Mapping[str, str] = field(repr=False)
    page: str


class Delivery(Enum):
    """What became of a message, and so what to do about it."""

    SENT = "sent"
    STOP = "stop"  # this person does not want it, or cannot be reached here: never again without a new yes
    ALERT = "alert"  # our fault: somebody must mend it before anything is sent again
    RETRY = "retry"  # it was not sent: later, the same again
    UNKNOWN = "unknown"  # the answer was lost and it may have been sent: never again, for nobody wants it twice


class LinkKind(Enum):
    """Where a link is opened: an https address from a text message or a picture, or the platform's own scheme from an app."""

    URL = "url"
    SCHEME = "scheme"


@dataclass(frozen=True, slots=True)
class ChannelEvent:
    """Something that happened on the platform. `data` holds no personal data beyond the subject."""

    kind: EventKind
    subject: Subject | None
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Push:
    """A callback that is shown to be the platform's. `id` is the same whenever the same push is delivered again."""

    id: str
    events: tuple[ChannelEvent, ...]
    reply: bytes
    content_type: str


class Sender(Protocol):
    """Whatever carries messages to people, also where nobody comes from."""

    name: str

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """Deliver one message. What was answered is in the outcome; nothing is raised for it."""
        ...


class Channel(Protocol):
    """A platform that people come from. Every method may raise `ChannelUnavailable`, `ChannelMisconfigured`,
    `ChannelLimited` or `ChannelSignatureBad`; no error, log or URL of ours carries a secret or personal data."""

    name: str
    # Whether the operator may have vouchers activated here; where not, a plain check serves.
    activates: bool

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem a login code, once. Raises `LoginCodeInvalid` or `LoginBlocked`."""
        ...

    def phone_number(self, user: ChannelUser, channel_code: Any) -> str:
        """The phone that the platform vouches for, as 11 digits. Raises `PhoneCodeInvalid`."""
        ...

    def can_check(self, person: NamedPerson) -> bool:
        """Whether this platform knows such a certificate; for the others there is the bank card, or the counter."""
        ...

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:
        """Begin a check that the person named is the one who looks into this user's camera. Raises `CheckNotPossible`."""
        ...

    def finish_check(self, user: ChannelUser, check: Check) -> CheckResult:
        """Ask the platform how the check ended; only its own word counts, never the phone's."""
        ...

    def begin_activation(self, user: ChannelUser, person: NamedPerson, helper: NamedPerson | None = None) -> Check:
        """Begin a check of the person whose voucher is activated; with a `helper`, the phone is the helper's.

        Raises `CheckNotPossible`.
        """
        ...

    def finish_activation(self, user: ChannelUser, check: Check, brought: str | None = None) -> CheckResult:
        """Ask how it ended; `brought` is what the phone brought back from `check.authorise_at`, if it went there."""
        ...

    def kinship_list(self, user: ChannelUser) -> tuple[KinshipEntry, ...]:
        """The relatives whose vouchers the platform shows on this user's phone."""
        ...

    def send(self, user: ChannelUser, message: Message) -> Delivery:
        """Deliver one message. What the platform says is in the answer; nothing is raised for it."""
        ...

    def make_link(self, page: str, link_id: str, kind: LinkKind = LinkKind.URL) -> str:
        """A link to a page of the mini-program that carries a one-use id, and with it no right."""
        ...

    def is_text_allowed(self, user: ChannelUser, text: str) -> bool:
        """Whether the platform lets this person publish this text."""
        ...

    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:
        """Read a callback after showing that it is the platform's. Raises `CallbackRefused`."""
        ...


class TokenCache(Protocol):
    """Where a channel keeps its access token so that all copies of the BFF share one."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str, ttl_s: int) -> None: ...

    def lock(self, name: str, ttl_s: int) -> str | None:
        """Take the lock and return its token, or `None` if somebody holds it."""
        ...

    def unlock(self, name: str, token: str) -> None:
        """Give the lock back, only if `token` still holds it."""
        ...
