"""The shape of a pack's file: one region, its versions, and in each version every section that a city may state."""

from __future__ import annotations

import dataclasses
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from reference_core.packs.schema_binding import BindingRules
from reference_core.packs.schema_fields import StatedField, flag, optional_text, regions, text
from reference_core.packs.schema_forms import FormSchema
from reference_core.packs.schema_payment import PaymentRules
from reference_core.packs.schema_people import PeopleRules
from reference_core.packs.schema_scenes import SceneSchema
from reference_core.packs.schema_service import ServiceRules
from reference_core.packs.schema_texts import FLOWS, PURPOSES, FlowSchema, PledgeSchema, ReasonTextSchema, WordsSchema
from reference_core.vocabulary.admdvs import NATION, is_region
from reference_core.vocabulary.reason_catalogue import known_rules

RULE_GROUPS = (PeopleRules, BindingRules, PaymentRules, ServiceRules)
PARAMETERS: dict[str, dataclasses.Field[Any]] = {
    parameter.name: parameter for group in RULE_GROUPS for parameter in dataclasses.fields(group)
}
_DATE: dict[str, Any] = {"invalid": "write a date as year-month-day, such as 2024-07-01"}


def _check_code(code: str) -> None:
    if code != NATION and not is_region(code) and not code.startswith("guide-"):
        raise ValidationError(f"{code!r} is not a region; write its six digits in quotes, or guide-… for a text of no place")


class DocumentSchema(Schema):
    """A text that rule ids point into."""

    title = text()
    publisher = optional_text()
    date = optional_text()


class VersionSchema(Schema):
    """What holds in a region from one day to another."""

    version = text()
    effective_from = StatedField(fields.Date(error_messages=_DATE))
    effective_to = StatedField(fields.Date(error_messages=_DATE, allow_none=True))
    draft = flag()
    parameters = fields.Nested(
        type("ParametersSchema", (Schema,), {name: StatedField(known.metadata["pack"]) for name, known in PARAMETERS.items()}),
        load_default=dict,
    )
    scenes = fields.List(fields.Nested(SceneSchema))
    words = fields.Nested(WordsSchema)
    pledges = fields.Dict(
        keys=fields.String(validate=validate.OneOf(PURPOSES)), values=fields.Nested(PledgeSchema), load_default=dict
    )
    flows = fields.Dict(keys=fields.String(validate=validate.OneOf(FLOWS)), values=fields.Nested(FlowSchema), load_default=dict)
    forms = fields.Dict(keys=fields.String(validate=validate.OneOf(FLOWS)), values=fields.Nested(FormSchema), load_default=dict)
    reasons = fields.Dict(keys=fields.String(), values=fields.Nested(ReasonTextSchema), load_default=dict)

    @validates_schema
    def check_reasons(self, data: dict[str, Any], **_: Any) -> None:
        strange = sorted(set(data.get("reasons", ())) - known_rules())
        if strange:
            raise ValidationError({rule: ["unknown reason; the catalogue does not have it"] for rule in strange}, "reasons")

    @validates_schema
    def check_dates(self, data: dict[str, Any], **_: Any) -> None:
        if "effective_from" not in data:
            raise ValidationError("is missing; say from which day this holds", "effective_from")
        end = data["effective_to"].value if "effective_to" in data else None
        if end is not None and end < data["effective_from"].value:
            raise ValidationError("ends before it begins", "effective_to")


class PackSchema(Schema):
    """One file."""

    code = fields.String(required=True, validate=_check_code, error_messages={"invalid": "write the code in quotes"})
    name = text()
    inherits = fields.String(validate=_check_code, error_messages={"invalid": "write the code in quotes"})
    also_covers = regions()
    documents = fields.Dict(keys=fields.String(), values=fields.Nested(DocumentSchema), load_default=dict)
    versions = fields.List(
        fields.Nested(VersionSchema),
        required=True,
        validate=validate.Length(min=1, error="needs at least one version"),
    )
