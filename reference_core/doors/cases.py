"""What a citizen says afterwards: «not me», that something is wrong, and what they ask of whose money they use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from reference_core.doors import case_schemas as schemas
from reference_core.doors.citizen_schemas import ItemsSchema
from reference_core.services.afterwards import disputes, reports
from reference_core.services.relations import payer_requests
from reference_core.web import answered, core, person_id, route, scope, shown


def add_case_routes(door: Blueprint) -> None:
    """Put these behind the citizen's door."""
    post, usual = "POST", (404, 409, 422)
    opened, kept, sent = {201: schemas.CaseSchema}, {201: schemas.ReceiptSchema}, {201: schemas.RequestedSchema}
    one_record = "/records/<uuid:record_id>/disputes"
    route(door, post, one_record, takes=schemas.DisputeSchema, answers=opened, problems=usual)(dispute)
    route(door, "GET", "/disputes", answers={200: ItemsSchema})(list_disputes)
    route(door, post, "/reports", takes=schemas.ReportSchema, answers=kept, problems=usual)(report)
    route(door, "GET", "/reports", answers={200: ItemsSchema})(list_reports)
    one_payer = "/payers/<uuid:relation_id>/requests"
    route(door, post, one_payer, takes=schemas.RequestSchema, answers=sent, problems=usual)(ask_payer)
    route(door, "GET", "/requests", answers={200: ItemsSchema})(list_requests)
    one_request, answered_now = "/requests/<uuid:request_id>/answers", {200: schemas.RequestedSchema}
    route(door, post, one_request, takes=schemas.RequestAnswerSchema, answers=answered_now, problems=usual)(answer_request)


def dispute(body: dict[str, Any], record_id: UUID) -> Response:
    """Open a case about a payment; nothing more is spent by its ties."""
    return answered(disputes.open_dispute(core(), person_id(), str(record_id), body, scope(person_id())))


def list_disputes() -> Response:
    """The cases that concern this person."""
    return shown({"items": disputes.list_disputes(core(), person_id()), "next_cursor": None})


def report(body: dict[str, Any]) -> Response:
    """Report theft or fraud."""
    return answered(reports.report(core(), person_id(), body, scope(person_id())))


def list_reports() -> Response:
    """What this person reported."""
    return shown({"items": reports.list_own(core(), person_id()), "next_cursor": None})


def ask_payer(body: dict[str, Any], relation_id: UUID) -> Response:
    """Ask the payer for something."""
    return answered(payer_requests.request(core(), person_id(), str(relation_id), body["kind"], scope(person_id())))


def list_requests() -> Response:
    """What this person asked of payers, and is asked by members."""
    return shown({"items": payer_requests.list_requests(core(), person_id()), "next_cursor": None})


def answer_request(_body: dict[str, Any], request_id: UUID) -> Response:
    """Say no to a member; whoever says yes does what was asked."""
    return answered(payer_requests.decline(core(), person_id(), str(request_id), scope(person_id())))
