"""What agency staff see and decide of disputes, and what was reported to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from reference_core.doors import case_schemas as schemas
from reference_core.doors.citizen_schemas import ItemsSchema
from reference_core.services.afterwards import dispute_desk, disputes, reports
from reference_core.web import answered, core, route, scope, shown


def add_counter_case_routes(door: Blueprint) -> None:
    """Put these behind the counter's door."""
    listed = {200: ItemsSchema}
    route(door, "GET", "/disputes", asks=schemas.CasesOfSchema, answers=listed)(list_open)
    one = "/disputes/<uuid:dispute_id>"
    decided, usual = {200: schemas.CaseDecidedSchema}, (404, 409, 422)
    route(door, "POST", one, takes=schemas.CaseDecisionSchema, answers=decided, problems=usual)(decide_dispute)
    route(door, "GET", "/reports", asks=schemas.CasesOfSchema, answers=listed)(list_reports)


def list_open(asked: dict[str, Any]) -> Response:
    """The disputes that wait for a decision."""
    return shown({"items": dispute_desk.list_open(core(), asked["region"]), "next_cursor": None})


def decide_dispute(body: dict[str, Any], dispute_id: UUID) -> Response:
    """Decide one."""
    return answered(disputes.decide(core(), str(dispute_id), body, scope(body["operator"])))


def list_reports(asked: dict[str, Any]) -> Response:
    """What people reported."""
    return shown({"items": reports.list_reports(core(), asked["region"]), "next_cursor": None})
