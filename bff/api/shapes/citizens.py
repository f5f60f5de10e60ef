"""The shapes of the caller: sessions, what is known of them, their account and relatives, and their photos."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.shapes.building import Shape, fen, moment, one_of, several, string
from bff.api.shapes.refusals import ReasonShape, VerdictShape
from bff.core_client.facts import ACCOUNT_STATES, RELATION_STATES
from bff.core_client.vouchers import VOUCHER_STATES


class TokenShape(Shape):
    token = string()
    expires_at = moment()


class SessionShape(Shape):
    id = string()
    channel = string()
    current = fields.Boolean(required=True)
    started_at = moment()
    seen_at = moment()
    expires_at = moment()


class InsuranceShape(Shape):
    insutype = string()
    name = string()
    status = string()
    region = string()


class VoucherStateShape(Shape):
    status = one_of(VOUCHER_STATES)
    activated_at = moment(allow_none=True)


class AccountShape(Shape):
    status = one_of(ACCOUNT_STATES)
    opened_at = moment(allow_none=True)
    balance_fen = fen()
    prior_year_fen = fen()
    current_year_fen = fen()
    shareable_fen = fen()


class MeShape(Shape):
    assurance = fields.String(required=True, validate=ma.validate.OneOf(["signed_in", "real_person"]))
    name_masked = string(allow_none=True)
    id_number_masked = string(allow_none=True)
    phone_masked = string(allow_none=True)
    region = string(allow_none=True)
    region_name = string(allow_none=True)
    insurances = several(InsuranceShape)
    voucher = fields.Nested(VoucherStateShape, required=True, allow_none=True)
    account = fields.Nested(AccountShape, required=True, allow_none=True)
    transfer_out = fields.Nested(VerdictShape, required=True, allow_none=True)


class RelativeShape(Shape):
    id = string()
    name_masked = string()
    relation = string()
    status = one_of(RELATION_STATES)
    effective_from = moment(allow_none=True)
    spent_this_month_fen = fen()
    monthly_cap_fen = fields.Integer(required=True, allow_none=True)
    uses = fields.List(fields.String(), required=True, allow_none=True)
    reasons = several(ReasonShape)


class UploadShape(Shape):
    id = string()
    expires_at = moment()
