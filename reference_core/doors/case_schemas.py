"""The bodies of disputes, reports and requests, and the shapes of their answers."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from reference_core.decisions.disputing import DISMISSED_BECAUSE
from reference_core.doors.fields import REGION, Body, Text, money
from reference_core.services.relations.payer_requests import KINDS

REPORT_KINDS = ("code_stolen", "fraud", "other")


class DisputeSchema(Body):
    """Why, in the person's own words."""

    reason = Text(500, allow_none=True)


class CaseSchema(Body):
    """A case and how it stands."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)


class ReportSchema(Body):
    """What somebody saw, and perhaps which record it is about."""

    kind = fields.String(required=True, validate=validate.OneOf(REPORT_KINDS))
    text = Text(1000, required=True)
    about = fields.UUID(allow_none=True)


class ReceiptSchema(Body):
    """What to name when asking after it, and where."""

    receipt_number = fields.String(required=True)
    place = fields.String(required=True)
    phone = fields.String(required=True)


class RequestSchema(Body):
    """What is asked of the payer."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))


class RequestAnswerSchema(Body):
    """The one answer that is no deed."""

    answer = fields.String(required=True, validate=validate.OneOf(("declined",)))


class RequestedSchema(Body):
    """A request that was passed on, or answered."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)


class CasesOfSchema(Body):
    """Whose cases."""

    region = fields.String(load_default=None, validate=REGION)


class CaseDecisionSchema(Body):
    """What a clerk decided. Without `refund_fen` all that is left goes back; `tie` says what becomes of it, if not as usual;
    `because` tells both sides why nothing was found wrong."""

    decision = fields.String(required=True, validate=validate.OneOf(("upheld", "dismissed")))
    operator = Text(50, required=True)
    refund_fen = money(0, allow_none=True)
    tie = fields.String(validate=validate.OneOf(("tie_ended", "stays_frozen", "thawed")), allow_none=True)
    because = fields.String(validate=validate.OneOf(tuple(DISMISSED_BECAUSE)), allow_none=True)

    @validates_schema
    def nothing_goes_back_for_nothing(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Money goes back, and ties change, only where something was wrong; only where nothing was it is said why not."""
        for name in ("refund_fen", "tie") if data["decision"] == "dismissed" else ("because",):
            if data.get(name) is not None:
                raise ValidationError("invalid", name)


class CaseDecidedSchema(CaseSchema):
    """With what went back to whom."""

    returned = fields.Dict(required=True, allow_none=True)
