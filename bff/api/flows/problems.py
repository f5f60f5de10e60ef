"""Gives a problem that arose before its flow was looked at (a key, a body) the screen to draw now, as every other has."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from bff.api.bodies import Resource
from bff.api.context import parts
from bff.api.flows.desk import FlowDesk
from bff.api.problems import problem_response
from bff.errors import BffError, BodyTooLarge

_SCREEN = "screen"


def draw_with_problems(blueprint: Resource) -> None:
    """Let every problem of these routes show where the caller stands."""
    blueprint.register_error_handler(BffError, _with_screen)
    blueprint.register_error_handler(RequestEntityTooLarge, lambda _: _with_screen(BodyTooLarge()))


def _with_screen(error: BffError) -> Response:
    name = (request.view_args or {}).get("name")
    if name is not None and _SCREEN not in error.extra and _costs_little(error):
        error.extra[_SCREEN] = _screen_now(name)
    return problem_response(error)


def _costs_little(error: BffError) -> bool:
    """Whoever asks too often is not given a look for it, nor is one taken where Redis or the core just failed."""
    return "session" in g and error.status < HTTPStatus.TOO_MANY_REQUESTS


def _screen_now(name: str) -> dict[str, Any] | None:
    """What GET of this flow would show, if only that nothing is begun; nothing for a flow that there is not."""
    with suppress(BffError):
        desk = FlowDesk(parts(), g.session, name)
        try:
            return desk.look()
        except BffError as closed:
            drawn: dict[str, Any] | None = closed.extra.get(_SCREEN)
            return drawn
    return None
