"""The door of tills: presettle, settle, give back, ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import ValidationError, fields, validate, validates_schema

from reference_core.doors.fields import Body, Flag, Text, money
from reference_core.doors.keys import check_till, institution_id
from reference_core.problems import NotFound
from reference_core.services.payments import payments, refunds
from reference_core.vocabulary.med_types import EXPENSE_LABELS
from reference_core.web import answered, core, make_door, route, scope, shown

CATEGORIES = ("covered", *EXPENSE_LABELS)

door = make_door("terminal", "/terminal", "Tills of hospitals and pharmacies")
door.before_request(check_till)


def med_type() -> fields.String:
    """The national code of a kind of visit."""
    return fields.String(required=True, validate=validate.Regexp(r"[0-9A-Za-z]{1,6}\Z"))


class CredentialSchema(Body):
    """What the patient shows."""

    kind = fields.String(required=True, validate=validate.OneOf(("voucher", "social_card", "id_card")))
    value = Text(200, required=True)


class ItemSchema(Body):
    """One line of the basket."""

    name = Text(200, required=True)
    amount_fen = money(1, required=True)
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))


class BillSchema(Body):
    """A basket, or one amount that is left for the person after the pool has paid."""

    credential = fields.Nested(CredentialSchema, required=True)
    med_type = med_type()
    items = fields.List(fields.Nested(ItemSchema), validate=validate.Length(1, 200))
    amount_fen = money(1)
    fund_fen = money(load_default=0)
    declares_mutual_aid = Flag(load_default=False)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Items or an amount, not both and not neither."""
        if ("items" in data) == ("amount_fen" in data):
            raise ValidationError("required" if "items" not in data else "invalid", "amount_fen")


class RefundSchema(Body):
    """All that is left, or a part of it."""

    settlement_id = Text(200, required=True)
    amount_fen = money(1)


class PaidBySchema(Body):
    """One payer's part on a slip."""

    name_masked = fields.String(required=True)
    paid_fen = fields.Integer(required=True)


class SettlementSchema(Body):
    """What a till prints."""

    settlement_id = fields.UUID(allow_none=True, required=True)
    status = fields.String(required=True)
    bill_fen = fields.Integer(required=True)
    fund_fen = fields.Integer(required=True)
    own_fen = fields.Integer(required=True)
    payers = fields.List(fields.Nested(PaidBySchema), required=True)
    cash_fen = fields.Integer(required=True)
    reasons = fields.List(fields.Dict(), required=True)


class RefundedSchema(Body):
    """What went back, and to whom."""

    refund_id = fields.UUID(required=True)
    status = fields.String(required=True)
    returned = fields.Dict(required=True)


@route(door, "POST", "/presettlements", takes=BillSchema, answers={200: SettlementSchema}, problems=(404, 409, 422, 429))
def presettle(body: dict[str, Any]) -> Response:
    """What settling would answer; a code is kept for this institution for ten minutes and not used up."""
    return shown(payments.presettle(core(), institution_id(), body))


@route(door, "POST", "/settlements", takes=BillSchema, answers={200: SettlementSchema}, problems=(404, 409, 422, 429, 503))
def settle(body: dict[str, Any]) -> Response:
    """Settle once per key."""
    return answered(payments.settle(core(), institution_id(), body, scope(institution_id())))


@route(door, "POST", "/refunds", takes=RefundSchema, answers={200: RefundedSchema}, problems=(404, 409, 422, 503))
def refund(body: dict[str, Any]) -> Response:
    """Give back, by source in reverse order of payment."""
    return answered(
        refunds.refund(core(), institution_id(), {**body, "settlement_id": _settlement(body)}, scope(institution_id()))
    )


def _settlement(body: dict[str, Any]) -> str:
    """The settlement that is meant; what cannot be the id of any is not found either."""
    try:
        return str(UUID(body["settlement_id"]))
    except ValueError:
        raise NotFound from None


@route(door, "GET", "/settlements/<string:key>", answers={200: SettlementSchema}, problems=(404,))
def settlement(key: str) -> Response:
    """What was answered under this key, with the status of today."""
    return shown(refunds.settlement_now(core(), institution_id(), key))
