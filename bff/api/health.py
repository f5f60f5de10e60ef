"""Whether this process lives, and whether everything that it leans on answers."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask.views import MethodView

from bff.api.bodies import Resource
from bff.api.context import parts
from bff.api.shapes.health import HealthShape, ReadinessShape
from bff.errors import BffError

blueprint = Resource("health", __name__, description="运行状态")
_PATIENCE_S = 2


@blueprint.route("/healthz")
class Health(MethodView):
    @blueprint.response(200, HealthShape)
    def get(self) -> dict[str, str]:
        """The process lives."""
        return {"status": "ok"}


@blueprint.route("/readyz")
class Readiness(MethodView):
    @blueprint.response(200, ReadinessShape)
    @blueprint.alt_response(503, schema=ReadinessShape, success=True)
    def get(self) -> tuple[dict[str, Any], int]:
        """Redis and the core answer, and the channels can be reached."""
        settings = parts().settings
        found = {
            "redis": _answers(parts().door.answers),
            "core": _answers(lambda: bool(parts().core.regions())),
            "wechat": _is_reachable(settings.wechat.api_base),
            "alipay": _is_reachable(settings.alipay.gateway_url),
        }
        ready = all(found.values())
        return {"status": "ready" if ready else "not_ready", "parts": found}, 200 if ready else 503


def _answers(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except BffError:
        return False


def _is_reachable(url: str) -> bool:
    """Whether somebody listens there; nothing is asked, since every call to a platform counts."""
    address = urlsplit(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), timeout=_PATIENCE_S).close()
    except OSError:
        return False
    return True
