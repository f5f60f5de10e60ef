"""The shapes of vouchers on the wire: whose codes I may show, what to mend, and a code."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.shapes.building import Shape, moment, one_of, page_of, several, string
from bff.api.shapes.refusals import ReasonShape
from bff.core_client.vouchers import HELPER_STATES, VOUCHER_STATES, WAITING


class VoucherShape(Shape):
    id = string()
    relation = string(allow_none=True, metadata={"description": "null: my own"})
    name_masked = string()
    status = one_of(VOUCHER_STATES)
    activated_at = moment(allow_none=True)
    waits = fields.String(required=True, allow_none=True, validate=ma.validate.OneOf(sorted(WAITING)))
    check_due = fields.Nested(ReasonShape, required=True, allow_none=True)


class AdviceShape(Shape):
    """Something to mend in one tap: POST `/flows/{flow}` with `{"answers": answers}`."""

    rule = string()
    text = string()
    next_step = string()
    flow = string()
    answers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class HelperShape(Shape):
    """Somebody on whose phone my code is shown, or who asks for that."""

    id = string()
    name_masked = string()
    relation = string(metadata={"description": "what I am to them"})
    status = one_of(HELPER_STATES)
    since = moment(allow_none=True)


class VoucherListShape(page_of(VoucherShape)):  # type: ignore[misc]  # a class made for this shape
    advice = several(AdviceShape)
    helpers = several(HelperShape)


class VoucherCodeShape(Shape):
    code = string()
    expires_at = moment()
    ttl_s = fields.Integer(required=True)
    qr_svg = string()
    name_masked = string(metadata={"description": "whose code it is"})
    relation = string(allow_none=True)
    warning = string()
