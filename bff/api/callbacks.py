"""What platforms tell us unasked. Shown to be theirs, it takes effect once; whatever else it is, the answer says nothing."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, request
from flask.views import MethodView

from bff.api.bodies import Resource
from bff.api.context import parts
from bff.channels.base import ChannelEvent, Push

blueprint = Resource("callbacks", __name__, description="平台推送：只认验过签的，重复送达只生效一次")
_log = structlog.get_logger()
_PLAIN = {"type": "string"}


@blueprint.route("/callbacks/wechat")
class WeChatCallbacks(MethodView):
    @blueprint.response(200, _PLAIN, content_type="text/plain")
    def get(self) -> Response:
        """WeChat tries our address when it is set."""
        return _take("wechat", parts().settings.wechat.app_id)

    @blueprint.response(200, _PLAIN, content_type="text/plain")
    def post(self) -> Response:
        """A message push of WeChat's, in the secure mode."""
        return _take("wechat", parts().settings.wechat.app_id)


@blueprint.route("/callbacks/alipay")
class AlipayCallbacks(MethodView):
    @blueprint.response(200, _PLAIN, content_type="text/plain")
    def post(self) -> Response:
        """A notification of Alipay's."""
        return _take("alipay", parts().settings.alipay.app_id)


def _take(channel: str, app_id: str) -> Response:
    """Answer as the platform awaits it, only after the effect is kept: until then it sends the same again."""
    parts().rates.knock(f"callbacks-{channel}", request.remote_addr or "", parts().settings.limits.callbacks_per_minute)
    push = parts().channel(channel).read_push(request.args, dict(request.headers), request.get_data(cache=True))
    for event in push.events:
        _log.info("channel_event", channel=channel, kind=event.kind)
    told = [_told(event) for event in push.events if event.subject is not None and event.kind != "other"]
    if told:
        _carry_out(channel, app_id, push, told)
    return Response(push.reply, content_type=push.content_type)


def _told(event: ChannelEvent) -> dict[str, Any]:
    subject = event.subject
    return {"kind": event.kind, "subject": {"kind": subject.kind, "subject": subject.subject} if subject else None}


def _carry_out(channel: str, app_id: str, push: Push, told: list[dict[str, Any]]) -> None:
    """The register takes each push once and says whom it concerns each time: had we died in between, their sessions end
    now, and those that began since then live on."""
    taken = parts().register.take_push({"channel": channel, "app_id": app_id, "push_id": push.id, "events": told})
    identities = [identity_id for identity_id, _ in taken.revoked]
    owners = {f"identity:{identity_id}" for identity_id in identities}
    owners |= {f"person:{person_id}" for _, person_id in taken.revoked if person_id}
    for owner in sorted(owners):
        parts().sessions.end_identity(owner, identities, taken.at)
