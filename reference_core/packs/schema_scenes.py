"""Where shared money may be spent: one line per kind of insurance and scene, with the places that count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from reference_core.packs.schema_fields import TupleOf, number, optional_text, read_origin, word, words
from reference_core.packs.schema_people import INSUTYPES, SCOPES
from reference_core.vocabulary.med_types import INSTITUTION_KINDS, SCENES

CREDENTIALS = ("voucher", "social_card", "id_card")


@dataclass(frozen=True, slots=True)
class InstitutionClass:
    """Institutions of one kind, of some levels where `levels` is given."""

    kind: str
    levels: tuple[int, ...] = ()

    def holds(self, kind: str, level: int) -> bool:
        return kind == self.kind and (not self.levels or level in self.levels)


@dataclass(frozen=True, slots=True)
class SceneRule:
    """Where members with one of `insutypes` may use shared money for `scene`."""

    insutypes: tuple[str, ...]
    scene: str
    institutions: tuple[InstitutionClass, ...]
    place: str
    capabilities: tuple[str, ...]
    credentials: tuple[str, ...]
    source: str
    note: str


class InstitutionClassSchema(Schema):
    kind = word(*INSTITUTION_KINDS, required=True)
    levels = TupleOf(number(1, 3))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> InstitutionClass:
        return InstitutionClass(**data)


class SceneSchema(Schema):
    """One line of the section `scenes`."""

    insutypes = words(*INSUTYPES)
    scene = word(*SCENES)
    institutions = TupleOf(fields.Nested(InstitutionClassSchema))
    place = word(*SCOPES)
    capabilities = TupleOf(fields.String())
    credentials = words(*CREDENTIALS)
    note = optional_text()
    source = fields.Raw()
    assumed = fields.Raw()
    unverified = fields.Raw()

    @validates_schema
    def check_all_are_there(self, data: dict[str, Any], **_: Any) -> None:
        for key in ("insutypes", "scene", "institutions", "place", "capabilities", "credentials"):
            if key not in data:
                raise ValidationError("is missing; write it", key)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> SceneRule:
        source, _parts = read_origin(data)
        facts = {key: value for key, value in data.items() if key not in ("source", "assumed", "unverified")}
        return SceneRule(source=source, **facts)
