"""The papers that a city has people sign by hand: their text and what is filled in, printed from what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import fields

from reference_core.packs.schema_fields import TupleOf, text, word
from reference_core.packs.schema_sections import Built, Sourced

# What a form may show; each is filled in for the person who asks, from their own data and their answers.
FORM_ITEMS = (
    "payer_name",
    "payer_id_number",
    "payer_card_number",
    "payer_phone",
    "member_name",
    "member_id_number",
    "member_card_number",
    "member_phone",
    "relation",
    "starts_on",
    "ends_on",
    "monthly_cap",
    "scopes",
    "region",
    "today",
)


@dataclass(frozen=True, slots=True)
class FormItem:
    """One line of a form: what is filled in and how this city calls it."""

    show: str
    label: str


@dataclass(frozen=True, slots=True)
class FormPart:
    """Lines that stand together under a title."""

    title: str
    items: tuple[FormItem, ...]


@dataclass(frozen=True, slots=True)
class FormText:
    """A form to print and sign."""

    title: str
    paragraphs: tuple[str, ...]
    parts: tuple[FormPart, ...]
    clauses: tuple[str, ...]
    signatures: tuple[str, ...]
    source: str


class FormItemSchema(Built):
    builds = FormItem
    show = word(*FORM_ITEMS, required=True)
    label = text()


class FormPartSchema(Built):
    builds = FormPart
    title = text()
    items = TupleOf(fields.Nested(FormItemSchema), required=True)


class FormSchema(Sourced):
    """One form."""

    builds = FormText
    title = text()
    paragraphs = TupleOf(text(), data_key="text", load_default=())
    parts = TupleOf(fields.Nested(FormPartSchema), required=True)
    clauses = TupleOf(text(), load_default=())
    signatures = TupleOf(text(), required=True)
