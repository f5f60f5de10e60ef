"""Who may call what: deny by default, so that a new route is closed until it is listed here."""

from __future__ import annotations

from enum import Enum

from flask import g, request

from bff.api.bodies import idempotency_key
from bff.api.context import parts
from bff.api.flows.agreeing import refuse_without_consent
from bff.errors import IdentityRequired, NotSignedIn

PREFIX = "/api/v1"


class Level(Enum):
    """How well a caller must be known."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    REAL_PERSON = "real_person"


PUBLIC = frozenset(
    {
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /openapi.json",
        "GET /docs",
        f"POST {PREFIX}/sessions",
        f"GET {PREFIX}/regions",
        f"GET {PREFIX}/regions/<code>",
        f"GET {PREFIX}/help/codes/<cashier_code>",
        # Signed by their platforms instead.
        f"GET {PREFIX}/callbacks/wechat",
        f"POST {PREFIX}/callbacks/wechat",
        f"POST {PREFIX}/callbacks/alipay",
    }
)
SIGNED_IN = frozenset(
    {
        f"GET {PREFIX}/sessions",
        f"DELETE {PREFIX}/sessions/current",
        f"DELETE {PREFIX}/sessions/<session_id>",
        f"GET {PREFIX}/me",
        # What one agreed to is there to be seen and withdrawn, whatever else is closed.
        f"GET {PREFIX}/consents",
        f"DELETE {PREFIX}/consents/<consent_id>",
        f"GET {PREFIX}/flows",
        # Which flows a caller may open before they are verified is for the flow desk to say.
        f"POST {PREFIX}/flows/<name>",
        f"GET {PREFIX}/flows/<name>",
        f"DELETE {PREFIX}/flows/<name>",
        f"GET {PREFIX}/flows/<name>/steps/<step>",
        f"PUT {PREFIX}/flows/<name>/steps/<step>",
        f"POST {PREFIX}/flows/<name>/completion",
    }
)


def level_of(method: str, rule: str) -> Level:
    """How well a caller of this route must be known; HEAD is as GET."""
    route = f"{'GET' if method == 'HEAD' else method} {rule}"
    if route in PUBLIC or method == "OPTIONS":
        return Level.PUBLIC
    return Level.SIGNED_IN if route in SIGNED_IN else Level.REAL_PERSON


def check_access() -> None:
    """Before every request: open the caller's session, count the request, and stop who may not pass."""
    if request.url_rule is None:
        return
    level = level_of(request.method, request.url_rule.rule)
    if level is Level.PUBLIC:
        return
    g.token = _bearer_token()
    reads = request.method in ("GET", "HEAD")
    limits = parts().settings.limits
    name, most = ("reads", limits.requests_per_minute) if reads else ("writes", limits.writes_per_minute)
    g.session = parts().sessions.open(g.token, repeat_print(), name, most)
    if level is not Level.REAL_PERSON:
        return
    if g.session.person_id is None:
        raise IdentityRequired
    refuse_without_consent(g.session, parts().clock.now().date())


def repeat_print() -> str:
    """What makes this request the same as an earlier one: only so much may a replaced token still ask."""
    key = idempotency_key()
    return parts().keys.fingerprint("repeat", request.method, request.path, key) if key else ""


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or not token.isascii() or len(token) > 200:
        raise NotSignedIn
    return token
