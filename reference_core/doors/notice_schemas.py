"""What crosses the doors about notices."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields, validate

from reference_core.doors.fields import Body, Flag, Text

_MOST = 100
_HOUR = validate.Regexp(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_WORD = validate.Regexp(r"[a-z0-9_]{1,50}\Z")


def _ids() -> fields.List[UUID]:
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(0, _MOST))


class NewNoticeSchema(Body):
    """One event for one person, and the template that a push of it would use."""

    event_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**62))
    person_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=_WORD)
    template = fields.String(required=True, validate=_WORD)
    at = fields.AwareDateTime(format="iso", required=True)
    data = fields.Dict(keys=fields.String(), required=True)


class ForgottenPersonSchema(Body):
    """Somebody whose data were deleted, and the event that told it."""

    person_id = fields.UUID(required=True)
    event_id = fields.Integer(required=True, strict=True)


class IntakeSchema(Body):
    """A page of the feed."""

    notices = fields.List(fields.Nested(NewNoticeSchema), load_default=list, validate=validate.Length(0, _MOST))
    forgotten = fields.List(fields.Nested(ForgottenPersonSchema), load_default=list, validate=validate.Length(0, _MOST))


class EnteredSchema(Body):
    """How many of them were new."""

    entered = fields.Integer(required=True)


class ClaimSchema(Body):
    """A worker's word for one attempt, and the channels that it can send on."""

    claim = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f-]{36}\Z"))
    channels = fields.List(Text(20), required=True, validate=validate.Length(0, 10))


class ClaimedSchema(Body):
    """The push that is marked as begun, if one is due, and whether more may be due."""

    push = fields.Dict(required=True, allow_none=True)
    more = fields.Boolean(required=True)


class OutcomeOfPushSchema(Body):
    """What the channel said; `unknown` where its answer was lost."""

    claim = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("sent", "stop", "alert", "retry", "unknown")))


class SettledPushSchema(Body):
    """Whether this claim still held the mark."""

    settled = fields.Boolean(required=True)


class NoticeSchema(Body):
    """A notice as it is kept, without names."""

    id = fields.UUID(required=True)
    at = fields.String(required=True)
    kind = fields.String(required=True)
    data = fields.Dict(required=True)
    read = fields.Boolean(required=True)
    delivery = fields.Dict(required=True)


class InboxSchema(Body):
    """One page of an inbox."""

    items = fields.List(fields.Nested(NoticeSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class QuietHoursSchema(Body):
    """From one time of day to another, over midnight perhaps."""

    # `from` is a word of Python.
    class Meta(Body.Meta):
        include = {  # noqa: RUF012  marshmallow reads it from the class
            "from": fields.String(required=True, validate=_HOUR),
            "to": fields.String(required=True, validate=_HOUR),
        }


class PreferencesAskedSchema(Body):
    """The part that changes."""

    kinds = fields.Dict(keys=fields.String(validate=_WORD), values=Flag(), validate=validate.Length(0, _MOST))
    channels = fields.Dict(keys=fields.String(validate=_WORD), values=Flag(), validate=validate.Length(0, 10))
    quiet_hours = fields.Nested(QuietHoursSchema, allow_none=True)


class PreferencesSchema(Body):
    """The whole, as what differs from yes."""

    kinds = fields.Dict(required=True)
    channels = fields.Dict(required=True)
    quiet_hours = fields.Dict(required=True, allow_none=True)


class NoticeWordsAskedSchema(Body):
    """What notices are about, by id or rule."""

    relations = _ids()
    kinships = _ids()
    settlements = _ids()
    rules = fields.List(fields.String(validate=_WORD), load_default=list, validate=validate.Length(0, _MOST))


class NoticeWordsSchema(Body):
    """Words by id; what is not the asker's to know is left out."""

    relations = fields.Dict(required=True)
    kinships = fields.Dict(required=True)
    settlements = fields.Dict(required=True)
    rules = fields.Dict(required=True)
