"""The feed of events, read with the citizen door's key."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields

from reference_core.doors.fields import Body, FeedPageSchema
from reference_core.doors.keys import check_bearer
from reference_core.services.notices.events import read_events
from reference_core.services.people.look_ahead import look_ahead
from reference_core.web import core, make_door, route, shown

door = make_door("events", "/events", "What happened, one event per person concerned")
door.before_request(check_bearer("citizen"))


class FeedSchema(Body):
    """Events behind a position."""

    items = fields.List(fields.Dict(), required=True)
    next_after = fields.Integer(required=True)


class LookedSchema(Body):
    """How many events were written."""

    told = fields.Integer(required=True)


@route(door, "POST", "/look-ahead", answers={200: LookedSchema})
def look() -> Response:
    """Write the events of days to come that are due by now; each once, however often it is asked."""
    return shown(look_ahead(core()))


@route(door, "GET", "", asks=FeedPageSchema, answers={200: FeedSchema})
def read(page: dict[str, Any]) -> Response:
    """Events in the order of their positions, none skipped."""
    return shown(read_events(core().db, page["after"], page["limit"]))
