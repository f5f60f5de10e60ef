"""The door of agency staff: behind its own key, and nothing stands behind it yet."""

from __future__ import annotations

from flask import Response

from reference_core.doors.keys import check_bearer
from reference_core.problems import NotFound
from reference_core.web import make_door, route

door = make_door("counter", "/counter", "Agency staff")
door.before_request(check_bearer("counter"))


@route(door, "GET", "/<path:anything>", answers={}, problems=(404,))
def nothing_yet(**_path: str) -> Response:
    """Whoever has the key finds nothing; whoever has not is turned away first."""
    raise NotFound
