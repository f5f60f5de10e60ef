"""What a request can reach, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from bff.channels.base import Channel, ChannelUser, Sender, Subject
from bff.core_client.afterwards import AfterwardsClient
from bff.core_client.client import CoreClient
from bff.core_client.notices import NoticeRegister
from bff.core_client.register import RegisterClient
from bff.errors import ChannelUnavailable, IdentityRequired, NotSignedIn
from bff.settings import Settings
from bff.store.answers import AnswerStore
from bff.store.door import RedisDoor
from bff.store.idempotency import IdempotencyStore
from bff.store.phone_codes import PhoneCodes
from bff.store.rates import RateLimit
from bff.store.sessions import Session, SessionStore
from bff.store.sign_ins import SignInGuard
from groundwork.clock import Clock
from groundwork.sealing import KeyRing

_EXTENSION = "bff"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that `bff.app` has put together."""

    settings: Settings
    clock: Clock
    keys: KeyRing
    door: RedisDoor
    sessions: SessionStore
    sign_ins: SignInGuard
    phone_codes: PhoneCodes
    rates: RateLimit
    answers: AnswerStore
    idempotency: IdempotencyStore
    core: CoreClient
    afterwards: AfterwardsClient
    register: RegisterClient
    notices: NoticeRegister
    channels: Mapping[str, Channel]
    senders: Mapping[str, Sender]

    def channel(self, name: str) -> Channel:
        """The channel that a session came from; it may have been switched off since."""
        channel = self.channels.get(name)
        if channel is None:
            raise ChannelUnavailable
        return channel


def keep_parts(extensions: dict[str, object], parts: Parts) -> None:
    extensions[_EXTENSION] = parts


def parts() -> Parts:
    return cast(Parts, current_app.extensions[_EXTENSION])


def caller() -> Session:
    """The session behind this request. Raises `NotSignedIn`."""
    session = g.get("session")
    if session is None:
        raise NotSignedIn
    return cast(Session, session)


def caller_token() -> str:
    return cast(str, g.token)


def person() -> str:
    """The citizen who asks. Raises `IdentityRequired` before they have shown who they are."""
    person_id = caller().person_id
    if person_id is None:
        raise IdentityRequired
    return person_id


def channel_user(session: Session) -> ChannelUser:
    """The session's holder as the channel knows them."""
    subjects = tuple(Subject(kind, subject) for kind, subject in session.subjects)
    return ChannelUser(session.channel, session.app_id, subjects)
