"""Signing in through a channel, seeing where one is signed in, and signing out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask.views import MethodView

from bff.api.asked import PageQuery, SignIn
from bff.api.bodies import Resource
from bff.api.context import caller, parts
from bff.api.flows.effects import become
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.citizens import SessionShape, TokenShape
from bff.channels.base import ChannelUser
from bff.errors import NotFound, TryAgain
from bff.store.sessions import LiveSession, Proof, Session
from groundwork.chance import new_id

blueprint = Resource("sessions", __name__, description="登录：渠道的登录凭证换取我们的令牌")


@blueprint.route("/sessions")
class Sessions(MethodView):
    @blueprint.arguments(SignIn)
    @blueprint.response(201, TokenShape)
    def post(self, asked: dict[str, str]) -> dict[str, Any]:
        """Sign in with what wx.login or my.getAuthCode gave."""
        channel, code = asked["channel"], asked["code"]
        parts().sign_ins.claim(request.remote_addr or "", channel, code)
        try:
            user = parts().channel(channel).identify(code)
        except TryAgain:
            # The channel did not judge the code, so the same one may be tried again.
            parts().sign_ins.give_back(channel, code)
            raise
        session = _begin(user)
        return {"token": parts().sessions.start(session), "expires_at": session.ends_at}

    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(SessionShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Where the caller is signed in, newest first."""
        return page([_told(live) for live in parts().sessions.list(caller().owner)], **query)


@blueprint.route("/sessions/current")
class CurrentSession(MethodView):
    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out here."""
        parts().sessions.revoke(caller().owner, caller().id)


@blueprint.route("/sessions/<session_id>")
class OneSession(MethodView):
    @blueprint.response(204)
    def delete(self, session_id: str) -> None:
        """Sign out there."""
        if not parts().sessions.revoke(caller().owner, session_id):
            raise NotFound


def _begin(user: ChannelUser) -> Session:
    """A session for whom the channel named; who was shown to be a citizen before is that citizen at once."""
    subjects = tuple((one.kind, one.subject) for one in user.subjects)
    # Before the register answers: what ends while it does, ends this session too.
    now = parts().clock.now()
    identity = parts().register.identify(user.channel, user.app_id, subjects, user.union_with)
    session = Session(
        id=new_id(),
        channel=user.channel,
        app_id=user.app_id,
        subjects=subjects,
        identity_id=identity.identity_id,
        person_id=None,
        proof=None,
        started_at=now,
        ends_at=now + timedelta(seconds=parts().settings.lifetimes.session_absolute_s),
        agreed=identity.agreed,
    )
    return become(session, identity, Proof("login", now)) if identity.person_id else session


def _told(live: LiveSession) -> dict[str, Any]:
    session = live.session
    return {
        "id": session.id,
        "channel": session.channel,
        "current": session.id == caller().id,
        "started_at": session.started_at,
        "seen_at": live.seen_at,
        "expires_at": session.ends_at,
    }
