"""The bodies of the citizen's door, and the shapes of its answers for the OpenAPI document."""

from __future__ import annotations

from marshmallow import fields, validate

from reference_core.doors.fields import CERT_TYPES, Body, IdNumber, Text, VerifiedBySchema, phone

TEXT_HASH = validate.Regexp(r"[0-9a-f]{64}\Z")


def assurance() -> fields.String:
    """Whether a channel vouches for a number, or somebody only typed it."""
    return fields.String(load_default="unverified", validate=validate.OneOf(("verified", "unverified")))


class ProofSchema(Body):
    """The check by which somebody proved to be the person."""

    channel = Text(20, required=True)
    method = fields.String(required=True, validate=validate.Regexp(r"[a-z_]{1,30}\Z"))
    check_id = Text(256, required=True)
    at = fields.AwareDateTime(format="iso", required=True)


class ProvenPersonSchema(Body):
    """Who was proven."""

    name = Text(50, required=True)
    id_number = IdNumber(required=True)
    cert_type = fields.String(load_default="01", validate=validate.OneOf(CERT_TYPES))
    phone = phone(allow_none=True)
    phone_assurance = assurance()
    verified = fields.Nested(ProofSchema, required=True)


class OpenAccountSchema(Body):
    """Agreement to a text, named by its hash."""

    phone = phone(allow_none=True)
    phone_assurance = assurance()
    agree = fields.String(validate=TEXT_HASH, allow_none=True)
    verified_by = fields.Nested(VerifiedBySchema, required=True)


class AnswersSchema(Body):
    """Answers so far, by step and field."""

    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 50)),
        values=fields.Dict(keys=fields.String(validate=validate.Length(1, 50))),
        required=True,
    )


class CitizenIdSchema(Body):
    """The citizen."""

    person_id = fields.UUID(required=True)


class VerdictSchema(Body):
    """A decision with every reason."""

    allowed = fields.Boolean(required=True)
    reasons = fields.List(fields.Dict(), required=True)


class AccountSchema(Body):
    """A personal account seen by its owner."""

    status = fields.String(required=True)
    opened_at = fields.String(required=True, allow_none=True)
    balance_fen = fields.Integer(required=True)
    prior_year_fen = fields.Integer(required=True)
    current_year_fen = fields.Integer(required=True)
    shareable_fen = fields.Integer(required=True)


class MeSchema(Body):
    """One's own page."""

    person_id = fields.UUID(required=True)
    name_masked = fields.String(required=True)
    id_number_masked = fields.String(required=True)
    phone_masked = fields.String(required=True, allow_none=True)
    sex = fields.String(required=True)
    born = fields.Date(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True, allow_none=True)
    insurances = fields.List(fields.Dict(), required=True)
    conditions = fields.List(fields.String(), required=True)
    voucher = fields.Dict(required=True)
    account = fields.Nested(AccountSchema, required=True)
    transfer_out = fields.Nested(VerdictSchema, required=True)


class OpenedSchema(Body):
    """An account that was opened."""

    status = fields.String(required=True)
    opened_at = fields.String(required=True)
    pledge_id = fields.UUID(required=True, allow_none=True)
    outcome = fields.String(required=True)


class OwnIdentitySchema(Body):
    """A name and a number in full."""

    name = fields.String(required=True)
    id_number = fields.String(required=True)
    cert_type = fields.String()


class RegionSchema(Body):
    """A city's pack."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.String(required=True)
    effective_from = fields.String(required=True)
    words = fields.Dict(required=True)
    parameters = fields.Dict(required=True)
    scenes = fields.List(fields.Dict(), required=True)
    pledges = fields.Dict(required=True)
    documents = fields.Dict(required=True)


class SlipCodeSchema(Body):
    """What a code on a slip means."""

    cashier_code = fields.String(required=True)
    rule = fields.String(required=True)
    text = fields.String(required=True)
    clerk_text = fields.String(required=True)
    owner = fields.String(required=True)
    next_step = fields.String(required=True)


class PlanSchema(Body):
    """A flow for one person."""

    flow = fields.String(required=True)
    title = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)
    pack_version = fields.String(required=True, allow_none=True)
    verdict = fields.Nested(VerdictSchema, required=True)
    steps = fields.List(fields.Dict(), required=True)
    done_text = fields.String(required=True)
    next = fields.List(fields.Dict(), required=True)


class OutcomeSchema(Body):
    """A remembered answer."""

    status = fields.Integer(required=True)
    body = fields.Dict(required=True)


class ItemsSchema(Body):
    """A list."""

    items = fields.List(fields.Dict(), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ExportSchema(Body):
    """Everything of oneself, a member for each kind of thing."""

    person = fields.Dict(required=True)
    records = fields.List(fields.Dict(), required=True)


class DeletionSchema(Body):
    """Proof of the moment that the person wants it."""

    verified_by = fields.Nested(VerifiedBySchema, required=True)


class DeletedSchema(Body):
    """What went, and what stays under which law."""

    outcome = fields.String(required=True)
    gone = fields.List(fields.Dict(), required=True)
    kept = fields.List(fields.Dict(), required=True)
