"""The register's routes about notices: what the worker brings in and pushes, and what their owner reads and allows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from reference_core.doors import notice_schemas as schemas
from reference_core.doors.fields import PageSchema
from reference_core.services.notices import inbox, notice_preferences, notice_pushes
from reference_core.web import core, route, shown

_MINE = "/identities/<uuid:identity_id>"


def add_notice_routes(door: Blueprint) -> None:
    """Put them behind the register's door. All of them change nothing when they come twice."""
    _add_workers_routes(door)
    _add_owners_routes(door)


def _add_workers_routes(door: Blueprint) -> None:
    @route(door, "POST", "/notices", takes=schemas.IntakeSchema, answers={200: schemas.EnteredSchema})
    def take_notices(body: dict[str, Any]) -> Response:
        """Enter a page of the feed."""
        return shown(inbox.take(core(), body["notices"], body["forgotten"]))

    @route(door, "POST", "/notices/claims", takes=schemas.ClaimSchema, answers={200: schemas.ClaimedSchema})
    def claim_push(body: dict[str, Any]) -> Response:
        """Mark the next push that is due as begun; the same claim again is told the same."""
        return shown(notice_pushes.claim(core(), body))

    @route(
        door,
        "POST",
        "/notices/<uuid:notice_id>/delivery",
        takes=schemas.OutcomeOfPushSchema,
        answers={200: schemas.SettledPushSchema},
    )
    def settle_push(body: dict[str, Any], notice_id: UUID) -> Response:
        """Write down what became of a push."""
        return shown(notice_pushes.settle(core(), str(notice_id), body))


def _add_owners_routes(door: Blueprint) -> None:
    @route(door, "GET", f"{_MINE}/notices", asks=PageSchema, answers={200: schemas.InboxSchema}, problems=(404,))
    def list_notices(page: dict[str, Any], identity_id: UUID) -> Response:
        """The inbox of the citizen behind an identity, newest first."""
        return shown(inbox.list_notices(core(), str(identity_id), page["cursor"], page["limit"]))

    @route(door, "POST", f"{_MINE}/notices/<uuid:notice_id>/read", answers={200: schemas.NoticeSchema}, problems=(404,))
    def mark_notice_read(identity_id: UUID, notice_id: UUID) -> Response:
        """Say that a notice was read."""
        return shown(inbox.mark_read(core(), str(identity_id), str(notice_id)))

    @route(door, "GET", f"{_MINE}/notice-preferences", answers={200: schemas.PreferencesSchema}, problems=(404,))
    def read_preferences(identity_id: UUID) -> Response:
        """What the citizen behind an identity allowed."""
        return shown(notice_preferences.read(core(), str(identity_id)))

    @route(
        door,
        "POST",
        f"{_MINE}/notice-preferences",
        takes=schemas.PreferencesAskedSchema,
        answers={200: schemas.PreferencesSchema},
        problems=(404,),
    )
    def change_preferences(body: dict[str, Any], identity_id: UUID) -> Response:
        """Change what is named; the rest stays."""
        return shown(notice_preferences.change(core(), str(identity_id), body))
