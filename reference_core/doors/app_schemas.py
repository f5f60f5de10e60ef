"""What crosses the door of the app register."""

from __future__ import annotations

from marshmallow import fields, validate

from reference_core.doors.fields import Body, Text

_KINDS = ("open_id", "user_id", "union_id")


class SubjectSchema(Body):
    """One name that a channel has for somebody."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    subject = Text(128, required=True)


class SignInSchema(Body):
    """What a channel said of who holds the phone."""

    channel = Text(20, required=True)
    app_id = Text(64, required=True)
    subjects = fields.List(fields.Nested(SubjectSchema), required=True, validate=validate.Length(1, 5))
    union_with = fields.List(
        Text(20),
        load_default=list,
        validate=validate.Length(0, 5),
        metadata={"description": "channels of the same platform, in which the same union id names the same account"},
    )


class ConsentSchema(Body):
    """A consent with the text that was agreed to; without a moment of its own it is given now."""

    purpose = Text(50, required=True)
    title = Text(100, load_default="")
    text = fields.String(required=True, validate=validate.Length(1, 20_000))
    text_hash = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    version = Text(100, required=True)
    agreed_at = fields.AwareDateTime(format="iso")
    channel = Text(20, required=True)
    for_person = fields.UUID(load_default=None, allow_none=True, metadata={"description": "a child whose guardian agrees"})


class AgreementSchema(Body):
    """What somebody agreed to."""

    consents = fields.List(fields.Nested(ConsentSchema), required=True, validate=validate.Length(1, 10))


class AttachSchema(Body):
    """Whose identity it is."""

    person_id = fields.UUID(required=True)
    guarded_until = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "the day before which a guardian speaks for this child"}
    )
    consents = fields.List(fields.Nested(ConsentSchema), load_default=list, validate=validate.Length(0, 10))


class IdentitySchema(Body):
    """An identity, its citizen once that is proven, until when a guardian speaks for them, and the texts that they stand by."""

    identity_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    guarded_until = fields.Date(required=True, allow_none=True)
    agreed = fields.List(fields.String(), required=True)


class AgreedSchema(Body):
    """The consents as they are kept."""

    ids = fields.List(fields.UUID(), required=True)


class KeptConsentSchema(Body):
    """A consent in the ledger, its text in paragraphs."""

    id = fields.UUID(required=True)
    purpose = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.String(required=True)
    text = fields.List(fields.String(), required=True)
    text_hash = fields.String(required=True)
    channel = fields.String(required=True)
    for_person = fields.UUID(required=True, allow_none=True)
    agreed_at = fields.AwareDateTime(format="iso", required=True)
    withdrawn_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)


class KeptConsentsSchema(Body):
    """The ledger of one citizen."""

    items = fields.List(fields.Nested(KeptConsentSchema), required=True)


class WithdrawnSchema(Body):
    """The purpose that ended, whose consent it was, for which child where a guardian spoke, and the texts that this person
    stands by no more."""

    purpose = fields.String(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    for_person = fields.UUID(required=True, allow_none=True)
    text_hashes = fields.List(fields.String(), required=True)


class ChannelEventSchema(Body):
    """One event of a push."""

    kind = fields.String(required=True, validate=validate.Regexp(r"[a-z_]{1,40}\Z"))
    subject = fields.Nested(SubjectSchema, required=True)


class PushSchema(Body):
    """A push of a channel that was shown to be the platform's; events without a subject concern nobody here."""

    channel = Text(20, required=True)
    app_id = Text(64, required=True)
    push_id = Text(500, required=True)
    events = fields.List(fields.Nested(ChannelEventSchema), required=True, validate=validate.Length(0, 100))


class RevokedSchema(Body):
    """An identity that must be proven anew."""

    identity_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)


class TakenSchema(Body):
    """Whether the push was new, since when it holds, and whom it concerns."""

    fresh = fields.Boolean(required=True)
    at = fields.AwareDateTime(format="iso", required=True)
    revoked = fields.List(fields.Nested(RevokedSchema), required=True)


class KeptOfMeSchema(Body):
    """All that the register keeps of one citizen."""

    identities = fields.List(fields.Dict(), required=True)
    consents = fields.List(fields.Dict(), required=True)
    notices = fields.List(fields.Dict(), required=True)
    notice_preferences = fields.Dict(required=True)


class ForgottenSchema(Body):
    """How much went, and how many consents stay as evidence."""

    identities = fields.Integer(required=True)
    consents = fields.Integer(required=True)
