"""The citizen's acts on vouchers: one's own, the relatives' in one's list, the codes of both, and codes read far away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from reference_core.doors import voucher_schemas as schemas
from reference_core.services.vouchers import far_reads, kinship_answers, kinships, voucher_activation, voucher_list, vouchers
from reference_core.web import answered, asker, core, person_id, route, scope, shown


def add_voucher_routes(door: Blueprint) -> None:
    """Put these acts behind the citizen's door."""
    post, usual = "POST", (404, 409, 422)
    route(door, "GET", "/vouchers", answers={200: schemas.VouchersSchema}, problems=(404,))(list_vouchers)
    active, listed = {200: schemas.ActivatedSchema}, {201: schemas.ListedSchema}
    tried = (*usual, 429)
    route(door, post, "/vouchers/activation", takes=schemas.ActivationSchema, answers=active, problems=tried)(activate)
    code = {201: schemas.CodeSchema}
    codes = "/vouchers/<uuid:voucher_id>/codes"
    route(door, post, codes, takes=schemas.CodeWishSchema, answers=code, problems=(403, *usual))(show_code)
    route(door, post, "/kinships", takes=schemas.KinshipSchema, answers=listed, problems=tried)(add_relative)
    ended = {200: schemas.EndedKinshipSchema}
    nothing = schemas.NothingSchema
    route(door, post, "/kinships/<uuid:voucher_id>/end", takes=nothing, answers=ended, problems=usual)(end)
    route(door, post, "/wards/<uuid:ward_id>/end", takes=nothing, answers=ended, problems=usual)(end_ward)
    helpers = "/voucher-helpers/<uuid:kinship_id>/end"
    route(door, post, helpers, takes=nothing, answers=ended, problems=usual)(end_helper)
    cleared = {200: schemas.ClearedSchema}
    route(door, post, "/code-step-ups", takes=schemas.StepUpSchema, answers=cleared, problems=(403, *usual))(step_up)


def list_vouchers() -> Response:
    """One's own voucher, those of the relatives in one's list, and what to mend in it."""
    return shown(voucher_list.list_vouchers(core(), person_id()))


def activate(body: dict[str, Any]) -> Response:
    """Activate one's own voucher."""
    return answered(voucher_activation.activate(core(), asker(), body, scope(person_id())))


def show_code(body: dict[str, Any], voucher_id: UUID) -> Response:
    """A fresh one-time code."""
    return answered(vouchers.show_code(core(), person_id(), str(voucher_id), body, scope(person_id())))


def add_relative(body: dict[str, Any]) -> Response:
    """Activate a relative's voucher and put it in one's list."""
    return answered(kinships.add(core(), asker(), body, scope(person_id())))


def end(body: dict[str, Any], voucher_id: UUID) -> Response:  # noqa: ARG001  # the body is empty, and checked to be
    """Take a relative out of one's list."""
    return answered(kinship_answers.end(core(), person_id(), str(voucher_id), scope(person_id())))


def end_ward(body: dict[str, Any], ward_id: UUID) -> Response:  # noqa: ARG001  # the body is empty, and checked to be
    """Take back a guardian's word for a child: their voucher leaves this guardian's list."""
    return answered(kinship_answers.end_for_ward(core(), person_id(), str(ward_id), scope(person_id())))


def end_helper(body: dict[str, Any], kinship_id: UUID) -> Response:  # noqa: ARG001  # the body is empty, and checked to be
    """Take one's own voucher off a helper's phone, or decline to put it there."""
    return answered(kinship_answers.end_as_relative(core(), person_id(), str(kinship_id), scope(person_id())))


def step_up(body: dict[str, Any]) -> Response:
    """Confirm a code that was read in another city."""
    return answered(far_reads.clear(core(), person_id(), body, scope(person_id())))
