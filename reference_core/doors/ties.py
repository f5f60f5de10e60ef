"""The citizen's acts on ties, on the shared account's end, and the photos that prove a tie."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from reference_core.doors import tie_schemas as schemas
from reference_core.doors.voucher_schemas import NothingSchema
from reference_core.services.relations import binding, limits, relations, uploads, waiting_ties
from reference_core.web import answered, asker, core, person_id, route, scope

_PHOTO = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in ("image/jpeg", "image/png")},
}


def add_tie_routes(door: Blueprint) -> None:
    """Put these acts behind the citizen's door."""
    one_tie = "/relations/<uuid:relation_id>"
    post, usual = "POST", (404, 409, 422)
    bound, ended = {201: schemas.BoundSchema}, {200: schemas.EndedSchema}
    route(door, post, "/relations", takes=schemas.BindSchema, answers=bound, problems=(*usual, 429))(bind)
    route(door, post, f"{one_tie}/end", takes=schemas.EndSchema, answers=ended, problems=usual)(end)
    route(door, post, "/wards/<uuid:ward_id>/relation-end", takes=NothingSchema, answers=ended, problems=usual)(end_for_ward)
    stands = {200: schemas.StandingSchema}
    route(door, post, f"{one_tie}/acceptance", takes=schemas.AcceptanceSchema, answers=stands, problems=usual)(answer_offer)
    route(door, post, f"{one_tie}/reactivation", takes=schemas.ProvenActSchema, answers=stands, problems=usual)(reactivate)
    limited, closed = {200: schemas.LimitedSchema}, {200: schemas.ClosedSchema}
    route(door, post, f"{one_tie}/limits", takes=schemas.LimitsSchema, answers=limited, problems=usual)(change_limits)
    route(door, post, "/account/closing", takes=schemas.ProvenActSchema, answers=closed, problems=usual)(close_account)
    kept = {201: schemas.UploadedSchema}
    route(door, post, "/uploads", answers=kept, problems=(404, 409, 413, 415))(door.doc(requestBody=_PHOTO)(upload))


def bind(body: dict[str, Any]) -> Response:
    """Tie a relative to one's account."""
    return answered(binding.bind(core(), asker(), body, scope(person_id())))


def end(body: dict[str, Any], relation_id: UUID) -> Response:
    """End a tie."""
    return answered(relations.end(core(), person_id(), str(relation_id), body, scope(person_id())))


def end_for_ward(body: dict[str, Any], ward_id: UUID) -> Response:  # noqa: ARG001  # the body is empty, and checked to be
    """Take back a guardian's word for a child: this guardian pays for them no more."""
    return answered(relations.end_for_ward(core(), person_id(), str(ward_id), scope(person_id())))


def answer_offer(body: dict[str, Any], relation_id: UUID) -> Response:
    """Accept a tie, or decline it."""
    return answered(waiting_ties.answer_offer(core(), person_id(), str(relation_id), body, scope(person_id())))


def reactivate(body: dict[str, Any], relation_id: UUID) -> Response:
    """Wake a tie that was suspended while the account was frozen."""
    return answered(waiting_ties.reactivate(core(), person_id(), str(relation_id), body, scope(person_id())))


def change_limits(body: dict[str, Any], relation_id: UUID) -> Response:
    """Set or lift the limits of a tie."""
    return answered(limits.change_limits(core(), person_id(), str(relation_id), body, scope(person_id())))


def close_account(body: dict[str, Any]) -> Response:
    """Close the shared account; its ties end with it."""
    return answered(limits.close_account(core(), person_id(), body, scope(person_id())))


def upload() -> Response:
    """Keep one photo, sealed, until a tie claims it."""
    # Only here is a body larger than a form's welcome.
    request.max_content_length = uploads.IMAGE_MAX_BYTES + 1
    image = uploads.Image(request.mimetype, request.get_data(cache=True))
    uploads.check_image(image)
    content = {"media_type": image.media_type, "sha256": hashlib.sha256(image.content).hexdigest()}
    return answered(uploads.keep(core(), person_id(), image, scope(person_id(), content)))
