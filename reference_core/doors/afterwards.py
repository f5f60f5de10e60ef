"""What a citizen looks at before and after a payment: what it would be, where it could be, what was paid, and sums of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from reference_core.doors import afterwards_schemas as schemas
from reference_core.doors.citizen_schemas import ItemsSchema
from reference_core.services.afterwards import record_summary, records, statements
from reference_core.services.afterwards.record_rows import Wanted
from reference_core.services.payments import institutions, previews
from reference_core.vocabulary.periods import Period, month_of, year_of
from reference_core.web import core, person_id, printed, route, shown


def add_afterwards_routes(door: Blueprint) -> None:
    """Put these behind the citizen's door."""
    get, none = "GET", (404,)
    imagined = {200: schemas.PreviewedSchema}
    route(door, "POST", "/previews", takes=schemas.PreviewSchema, answers=imagined, problems=(404, 422))(preview)
    route(door, get, "/institutions", asks=schemas.InstitutionsSchema, answers={200: ItemsSchema})(list_institutions)
    route(door, get, "/records", asks=schemas.RecordsSchema, answers={200: ItemsSchema}, problems=none)(list_records)
    summed = {200: schemas.SummarySchema}
    route(door, get, "/records/summary", asks=schemas.PeriodSchema, answers=summed, problems=none)(summary)
    route(door, get, "/statement", asks=schemas.YearSchema, answers={200: None}, problems=none)(statement)
    route(door, get, "/records/<uuid:record_id>", answers={200: schemas.RecordSchema}, problems=none)(one_record)


def preview(body: dict[str, Any]) -> Response:
    """What a till would answer now; nothing is kept of it."""
    return shown(previews.preview(core(), person_id(), body))


def list_institutions(asked: dict[str, Any]) -> Response:
    """Where one may pay, by name."""
    return shown(institutions.list_institutions(core(), asked["region"], asked["q"], asked["cursor"], asked["limit"]))


def list_records(asked: dict[str, Any]) -> Response:
    """What was paid, newest first."""
    period = month_of(asked["month"]) if asked["month"] else None
    wanted = Wanted(asked["person"], period, asked["kind"])
    return shown(records.list_records(core(), person_id(), asked["cursor"], asked["limit"], wanted))


def one_record(record_id: UUID) -> Response:
    """One payment."""
    return shown(records.one_record(core(), person_id(), str(record_id)))


def summary(asked: dict[str, Any]) -> Response:
    """A month or a year by person, kind and source."""
    return shown(record_summary.summarise(core(), person_id(), period_asked(asked)))


def statement(asked: dict[str, Any]) -> Response:
    """A year of one's own account, to print."""
    return printed(statements.yearly_statement(core(), person_id(), asked["year"]))


def period_asked(asked: dict[str, Any]) -> Period:
    """The month or the year of a question."""
    return month_of(asked["month"]) if "month" in asked else year_of(asked["year"])
