"""The door of agency staff: what they have to decide, the photos for it, and the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import ValidationError, fields, validate, validates_schema

from reference_core.decisions.rules.review import REVIEW_REASONS
from reference_core.doors.citizen_schemas import ItemsSchema
from reference_core.doors.counter_cases import add_counter_case_routes
from reference_core.doors.counter_schemas import BindAtCounterSchema, BoundAtCounterSchema
from reference_core.doors.fields import REGION, Body, Flag, Text
from reference_core.doors.keys import check_bearer
from reference_core.doors.tie_schemas import StandingSchema
from reference_core.problems import NotFound
from reference_core.services.relations import counter_binding, reviews, uploads, waiting_ties
from reference_core.services.vouchers import activation_guards, kinship_answers
from reference_core.web import answered, core, make_door, route, scope, shown

door = make_door("counter", "/counter", "Agency staff")
door.before_request(check_bearer("counter"))
add_counter_case_routes(door)


class ReviewsOfSchema(Body):
    """Whose reviews."""

    region = fields.String(load_default=None, validate=REGION)


class DecisionSchema(Body):
    """What a clerk decided; `operator` is who, as the agency calls them; `because` is what the payer is told of a no."""

    decision = fields.String(required=True, validate=validate.OneOf(("approve", "reject")))
    operator = Text(50, required=True)
    reason = Text(200, allow_none=True)
    because = fields.List(fields.String(validate=validate.OneOf(REVIEW_REASONS)), load_default=list)

    @validates_schema
    def only_a_no_needs_reasons(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """An approval has nothing to mend."""
        if data["because"] and data["decision"] == "approve":
            raise ValidationError("invalid", "because")


class SaidInPersonSchema(Body):
    """What a member or guardian said at the counter."""

    accepted = Flag(required=True)
    operator = Text(50, required=True)


class DecidedSchema(Body):
    """What became of a slip."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    outcome = fields.String(required=True)


@route(door, "GET", "/reviews", asks=ReviewsOfSchema, answers={200: ItemsSchema})
def list_reviews(asked: dict[str, Any]) -> Response:
    """The ties that wait for a decision."""
    return shown({"items": reviews.list_reviews(core(), asked["region"]), "next_cursor": None})


@route(
    door,
    "POST",
    "/reviews/<uuid:relation_id>",
    takes=DecisionSchema,
    answers={200: StandingSchema},
    problems=(404, 409, 422),
)
def decide(body: dict[str, Any], relation_id: UUID) -> Response:
    """Approve or reject a tie."""
    return answered(waiting_ties.review(core(), str(relation_id), body, scope(body["operator"])))


@route(
    door,
    "POST",
    "/relations",
    takes=BindAtCounterSchema,
    answers={201: BoundAtCounterSchema},
    problems=(404, 409, 422),
)
def bind(body: dict[str, Any]) -> Response:
    """Tie two people who stand at the counter; in force as the city says, with a slip to take home."""
    return answered(counter_binding.bind_at_counter(core(), body, scope(body["operator"])))


@route(
    door,
    "POST",
    "/relations/<uuid:relation_id>/acceptance",
    takes=SaidInPersonSchema,
    answers={200: StandingSchema},
    problems=(404, 409, 422),
)
def accept(body: dict[str, Any], relation_id: UUID) -> Response:
    """Write down who accepted or declined in person."""
    return answered(waiting_ties.answer_at_counter(core(), str(relation_id), body, scope(body["operator"])))


@route(door, "GET", "/kinships", answers={200: ItemsSchema})
def list_slips() -> Response:
    """The slips with which relatives come to confirm that somebody may show their voucher."""
    return shown({"items": kinship_answers.list_slips(core()), "next_cursor": None})


@route(door, "POST", "/kinships/<uuid:kinship_id>", takes=DecisionSchema, answers={200: DecidedSchema}, problems=(404, 409, 422))
def decide_slip(body: dict[str, Any], kinship_id: UUID) -> Response:
    """Approve or reject a slip, having seen the relative."""
    return answered(kinship_answers.decide(core(), str(kinship_id), body, scope(body["operator"])))


@route(door, "GET", "/alerts", answers={200: ItemsSchema})
def list_alerts() -> Response:
    """Devices and addresses from which too many helpers activate vouchers."""
    return shown({"items": activation_guards.list_alerts(core()), "next_cursor": None})


@route(door, "GET", "/uploads/<uuid:upload_id>", answers={200: None}, problems=(404,))
def photo(upload_id: UUID) -> Response:
    """A photo that belongs to a tie."""
    image = uploads.read_claimed(core(), str(upload_id))
    return Response(image.content, content_type=image.media_type, headers={"Cache-Control": "no-store"})


@route(door, "GET", "/<path:anything>", answers={}, problems=(404,))
def nothing_else(**_path: str) -> Response:
    """Whoever has the key finds nothing elsewhere; whoever has not is turned away first."""
    raise NotFound
