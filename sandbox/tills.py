"""`/tills/…`: the tills of hospitals and pharmacies; they speak to the core's terminal door and change nothing on the way."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sandbox.core_client import terminal_token
from sandbox.core_proxy import CoreDoor

_HANDED_ON = ("Idempotency-Key", "Content-Type", "Accept", "traceparent")


def tills_face(door: CoreDoor, terminal_key: str) -> Blueprint:
    """The blueprint of `/tills/…`."""
    face = Blueprint("tills", __name__)

    def ask(institution: str, path: str) -> Response:
        headers = {name: request.headers[name] for name in _HANDED_ON if name in request.headers}
        headers["Authorization"] = f"Bearer {terminal_token(terminal_key, institution)}"
        query = request.query_string.decode("ascii", "replace")
        return door.call(request.method, f"/terminal/{path}", query, headers, request.get_data())

    @face.post("/tills/<institution>/<any(presettlements, settlements, refunds):what>")
    def post(institution: str, what: str) -> Response:
        return ask(institution, what)

    @face.get("/tills/<institution>/settlements/<key>")
    def settlement(institution: str, key: str) -> Response:
        return ask(institution, f"settlements/{key}")

    return face
