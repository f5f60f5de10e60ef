"""The shapes that cross the wire, declared for the OpenAPI document; values are typed already and go out as they are."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from bff.core_client.facts import ACCOUNT_STATES, OUTCOMES, RELATION_STATES
from bff.core_client.records import RECORD_STATES
from bff.core_client.vouchers import VOUCHER_STATES


class Shape(ma.Schema):
    """A declaration. Dumping field by field would cost ten times what the JSON encoder needs for the whole value."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ARG002  marshmallow calls it so
        return obj


def string(**more: Any) -> fields.String:
    return fields.String(required=True, **more)


def fen() -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": "integer fen"})


def moment(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, **more)


def one_of(names: frozenset[str]) -> fields.String:
    return fields.String(required=True, validate=ma.validate.OneOf(sorted(names)))


def several(shape: type[Shape], **more: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(shape), required=True, **more)


def strings() -> fields.List[str]:
    return fields.List(fields.String(), required=True)


def page_of(shape: type[Shape]) -> type[Shape]:
    """The shape of every list: items and where the next page begins."""
    members = {"items": several(shape), "next_cursor": string(allow_none=True)}
    return type(f"{shape.__name__.removesuffix('Shape')}Page", (Shape,), members)


class FaultShape(Shape):
    code = string()
    text = string()
    remedy = string()


class ReasonShape(Shape):
    rule = string()
    text = string()
    facts = fields.Dict(required=True)
    source = string()
    effective_from = string(allow_none=True)
    owner = string()
    next_step = string()
    cashier_code = string()


class VerdictShape(Shape):
    allowed = fields.Boolean(required=True)
    reasons = several(ReasonShape)


class OptionShape(Shape):
    value = string()
    label = string()
    disabled = fields.Boolean()
    reason = fields.String()


class ItemShape(Shape):
    label = string()
    value = string()


class PageElsewhereShape(Shape):
    """A page that vouches too, in another mini-program or at a URL; answer with `{"check_id": …, "brought": what it gave}`."""

    app_id = fields.String()
    path = fields.String()
    url = fields.String()


class CheckShape(Shape):
    id = string()
    channel = string()
    expires_at = moment()
    url = fields.String()
    authorise_at = fields.Nested(PageElsewhereShape)


class FormShape(Shape):
    title = string()
    href = string()


class FieldShape(Shape):
    name = string()
    kind = string()
    label = string()
    required = fields.Boolean(required=True)
    hint = fields.String()
    options = fields.List(fields.Nested(OptionShape))
    multiple = fields.Boolean()
    value = fields.Raw()
    text = fields.List(fields.String())
    text_hash = fields.String()
    items = fields.List(fields.Nested(ItemShape))
    check = fields.Nested(CheckShape)
    about = fields.String(metadata={"description": "`relative`: they look into the camera, not whoever acts"})
    form = fields.Nested(FormShape)
    error = fields.Nested(FaultShape)


class ActionShape(Shape):
    name = fields.String(required=True, validate=ma.validate.OneOf(["next", "back", "complete", "give_up"]))
    label = string()
    step = fields.String(metadata={"description": "of `back`: the step to get"})


class ProgressShape(Shape):
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    upcoming = strings()


class NextFlowShape(Shape):
    flow = string()
    title = string()


class ScreenShape(Shape):
    flow = string()
    step = string(allow_none=True)
    title = string()
    text = strings()
    speech = string()
    # Schemas keep their declarations under this name.
    asked = several(FieldShape, data_key="fields")
    actions = several(ActionShape)
    progress = fields.Nested(ProgressShape, required=True)
    acting_for = fields.String(metadata={"description": "whom this is about, where one acts for a relative"})
    instead = fields.List(fields.Nested(NextFlowShape), metadata={"description": "flows that may have been meant"})


class CompletionShape(Shape):
    flow = string()
    outcome = one_of(OUTCOMES)
    slip = fields.String(metadata={"description": "to hand in at the counter, where it ends there"})
    text = strings()
    next = several(NextFlowShape)
    token = fields.String(metadata={"description": "replaces the caller's token"})
    data = fields.Dict(metadata={"description": "all that is kept of the caller, where that was asked for"})
    gone = fields.List(fields.Dict(), metadata={"description": "what a deletion took away"})
    kept = fields.List(fields.Dict(), metadata={"description": "what stays, why, and under which law"})


class StepUpShape(Shape):
    """Start this flow with these answers; at its end, what was asked for may be asked again."""

    flow = string()
    answers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AskAgainShape(Shape):
    """The flow that asks for consent again, and the purposes that nobody agreed to."""

    flow = string()
    missing = strings()


class ProblemShape(Shape):
    type = string()
    title = string()
    status = fields.Integer(required=True)
    code = string()
    detail = string()
    retry = fields.Boolean(required=True)
    faulty = fields.Dict(keys=fields.String(), values=fields.Nested(FaultShape), data_key="fields")
    reasons = fields.List(fields.Nested(ReasonShape))
    step_up = fields.Nested(StepUpShape)
    consent = fields.Nested(AskAgainShape)
    screen = fields.Nested(ScreenShape)


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


class RegionShape(Shape):
    code = string()
    name = string()
    version = string()
    effective_from = string(allow_none=True)


class PageLineShape(Shape):
    text = string()
    source = string()


class ParagraphShape(Shape):
    title = string()
    lines = several(PageLineShape)


class RegionDetailShape(RegionShape):
    """The city's rules as a page to read; its words and data come beside it, each with its source."""

    page = several(ParagraphShape)

    class Meta:
        unknown = ma.INCLUDE


class FlowItemShape(Shape):
    name = string()
    title = string()
    can_start = fields.Boolean(required=True)
    reasons = several(ReasonShape)
    in_progress = fields.Boolean(required=True)


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


class PatientShape(Shape):
    relation = string()
    name_masked = string()
    person = string(metadata={"description": "what the filter of records calls them"})


class PurposeShape(Shape):
    kind = string()
    label = string()


class PlaceShape(Shape):
    id = string()
    name = string()
    kind = string()
    region = string()


class ShareShape(Shape):
    name_masked = string()
    is_me = fields.Boolean(required=True)
    paid_fen = fen()


def hidden_fen() -> fields.Integer:
    """A figure of a relative's bill that the city may keep from whoever shares with them."""
    return fields.Integer(required=True, allow_none=True, metadata={"description": "integer fen; null: not yours to see"})


class RecordShape(Shape):
    """A payment. Its member sees all of it; a payer sees time, place, purpose and the own part, and of the other figures those
    that the city lets them see. With somebody else's part beside one's own, `bill_fen` is null."""

    id = string()
    at = moment()
    member = fields.Nested(PatientShape, required=True)
    institution = fields.Nested(PlaceShape, required=True)
    med_type = string()
    purpose = fields.Nested(PurposeShape, required=True)
    bill_fen = hidden_fen()
    fund_fen = hidden_fen()
    own_fen = hidden_fen()
    payer_fen = fields.Integer(required=True, metadata={"description": "integer fen; to a payer only the own part"})
    cash_fen = hidden_fen()
    payers = several(ShareShape)
    balance_after_fen = fields.Integer(
        required=True, allow_none=True, metadata={"description": "what the caller's own account held then; null: untouched"}
    )
    status = one_of(RECORD_STATES)


class UploadShape(Shape):
    id = string()
    expires_at = moment()


class SlipCodeShape(Shape):
    cashier_code = string()
    rule = string()
    text = string()
    clerk_text = string()
    owner = string()
    next_step = string()


class HealthShape(Shape):
    status = string()


class ReadinessShape(Shape):
    status = fields.String(required=True, validate=ma.validate.OneOf(["ready", "not_ready"]))
    parts = fields.Dict(required=True, keys=fields.String(), values=fields.Boolean())
