"""The citizen's door, used by the BFF: what a person sees of themselves and does with the shared account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from reference_core.doors import citizen_schemas as schemas
from reference_core.doors.afterwards import add_afterwards_routes
from reference_core.doors.cases import add_case_routes
from reference_core.doors.keys import check_bearer
from reference_core.doors.notice_schemas import NoticeWordsAskedSchema, NoticeWordsSchema
from reference_core.doors.ties import add_tie_routes
from reference_core.doors.vouchers import add_voucher_routes
from reference_core.services import outcomes
from reference_core.services.notices import notice_words
from reference_core.services.people import citizens
from reference_core.services.register import my_data, my_data_deletion
from reference_core.services.relations import accounts, pledges, relations
from reference_core.services.screens import flow_views, forms, region_views
from reference_core.web import answered, asker, core, make_door, person_id, printed, route, scope, shown

door = make_door("citizen", "/citizen", "Citizens, as the BFF speaks for them; X-Person names who acts")
door.before_request(check_bearer("citizen"))
add_tie_routes(door)
add_voucher_routes(door)
add_afterwards_routes(door)
add_case_routes(door)

# Before a citizen is known a write is remembered for the door alone; its body tells callers apart.
_NOBODY_YET = "nobody-yet"


def _items(items: list[dict[str, Any]]) -> Response:
    return shown({"items": items, "next_cursor": None})


@route(door, "POST", "/people", takes=schemas.ProvenPersonSchema, answers={200: schemas.CitizenIdSchema}, problems=(409, 422))
def admit(body: dict[str, Any]) -> Response:
    """Find or enter the citizen whose face and number were proven."""
    return answered(citizens.admit(core(), body, scope(_NOBODY_YET)))


@route(door, "GET", "/me", answers={200: schemas.MeSchema}, problems=(404,))
def me() -> Response:
    """All that one's own page shows."""
    return shown(citizens.about_me(core(), person_id()))


@route(door, "GET", "/me/identity", answers={200: schemas.OwnIdentitySchema}, problems=(404,))
def identity() -> Response:
    """One's own name and number, for a real-person check."""
    return shown(citizens.identity(core(), person_id()))


@route(door, "GET", "/transfer-out", answers={200: schemas.VerdictSchema}, problems=(404,))
def transfer_out() -> Response:
    """Whether the insurance may be moved away now."""
    return shown(citizens.transfer_out(core(), person_id()))


@route(door, "GET", "/account", answers={200: schemas.AccountSchema}, problems=(404,))
def account() -> Response:
    """How one's own account stands."""
    return shown(accounts.own_account(core(), person_id()))


@route(door, "POST", "/account", takes=schemas.OpenAccountSchema, answers={201: schemas.OpenedSchema}, problems=(404, 409, 422))
def open_account(body: dict[str, Any]) -> Response:
    """Sign the pledge and open the account for sharing."""
    return answered(accounts.open_account(core(), person_id(), body, scope(person_id())))


@route(door, "GET", "/regions", answers={200: schemas.ItemsSchema})
def list_regions() -> Response:
    """The cities served today."""
    return _items(region_views.list_regions(core()))


@route(door, "GET", "/regions/<string:code>", answers={200: schemas.RegionSchema}, problems=(404,))
def region(code: str) -> Response:
    """What a city allows, with its sources."""
    return shown(region_views.region(core(), code))


@route(door, "GET", "/help/<string:code>", answers={200: schemas.SlipCodeSchema}, problems=(404,))
def slip_code(code: str) -> Response:
    """What a code on a slip means."""
    return shown(region_views.slip_code(code))


@route(door, "GET", "/flows", answers={200: schemas.ItemsSchema}, problems=(404,))
def list_flows() -> Response:
    """Which flows may be started."""
    return _items(flow_views.list_flows(core(), person_id()))


@route(
    door, "POST", "/flows/<string:name>/plan", takes=schemas.AnswersSchema, answers={200: schemas.PlanSchema}, problems=(404, 429)
)
def plan(body: dict[str, Any], name: str) -> Response:
    """The screens of a flow for these answers; a relative named in vain is counted, nothing else changes."""
    return shown(flow_views.plan(core(), asker(), name, body["answers"]))


@route(door, "POST", "/forms/<string:name>", takes=schemas.AnswersSchema, answers={200: None}, problems=(404, 422, 429))
def form(body: dict[str, Any], name: str) -> Response:
    """The form to print and sign, filled with these answers; a relative named in vain is counted, nothing else changes."""
    return printed(forms.make_form(core(), asker(), name, body["answers"]))


@route(door, "GET", "/members", answers={200: schemas.ItemsSchema})
def members() -> Response:
    """Whom one helps."""
    return _items(relations.list_ties(core(), person_id(), "payer"))


@route(door, "GET", "/members/<uuid:relation_id>/identity", answers={200: schemas.OwnIdentitySchema}, problems=(404,))
def member_identity(relation_id: UUID) -> Response:
    """Name and number of somebody whom one helps, for a look of theirs into the camera."""
    return shown(citizens.member_identity(core(), person_id(), str(relation_id)))


@route(door, "GET", "/payers", answers={200: schemas.ItemsSchema})
def payers() -> Response:
    """Whose money one may use."""
    return _items(relations.list_ties(core(), person_id(), "member"))


@route(door, "GET", "/pledges", answers={200: schemas.ItemsSchema})
def list_pledges() -> Response:
    """What one signed, to read again."""
    return _items(pledges.list_pledges(core().db, person_id()))


@route(door, "GET", "/export", answers={200: schemas.ExportSchema}, problems=(404,))
def export() -> Response:
    """All that is kept of oneself."""
    return shown(my_data.export(core(), person_id()))


@route(door, "GET", "/deletion", answers={200: schemas.VerdictSchema}, problems=(404,))
def may_delete() -> Response:
    """Whether one's data could be deleted now."""
    return shown(my_data_deletion.may_delete(core(), person_id()))


@route(
    door,
    "POST",
    "/deletion",
    takes=schemas.DeletionSchema,
    answers={200: schemas.DeletedSchema},
    problems=(403, 404, 409, 422),
)
def delete(body: dict[str, Any]) -> Response:
    """Delete what the law does not keep of oneself."""
    return answered(my_data_deletion.delete(core(), person_id(), body, scope(person_id())))


@route(door, "POST", "/notice-words", takes=NoticeWordsAskedSchema, answers={200: NoticeWordsSchema}, problems=(404,))
def words_of_notices(body: dict[str, Any]) -> Response:
    """The masked names, places and reasons that one's own notices are about."""
    return shown(notice_words.words(core(), person_id(), body))


@route(door, "GET", "/outcomes/<string:key>", answers={200: schemas.OutcomeSchema}, problems=(404,))
def outcome(key: str) -> Response:
    """How the write under this key ended."""
    return shown(outcomes.outcome_of(core(), person_id(), key))
