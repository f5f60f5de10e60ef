"""What a city says to people: its words, pledges, the screens of its flows, and its own wording of refusals."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from reference_core.packs.schema_fields import TupleOf, flag, optional_text, rule_ids, text, texts, word
from reference_core.packs.schema_sections import Built, Sourced
from reference_core.vocabulary.kinship import OFFERED_WORDS

FLOWS = (
    "open-account",
    "add-member",
    "accept-relation",
    "change-limit",
    "remove-member",
    "leave-relation",
    "close-account",
    "reactivate-relation",
    "activate-voucher",
    "activate-relative",
)
# What people sign: one text for each flow, and where a guardian speaks for a child another one.
GUARDIANS_CONSENT = "activate-relative-guardian"
GUARDIANS_WORD = "add-member-guardian"
PURPOSES = (*FLOWS, GUARDIANS_CONSENT, GUARDIANS_WORD)

# One question has one name in every city, and its name says of which kind it is.
FIELD_KINDS: Mapping[str, str] = {
    "name": "name",
    "id_number": "id_number",
    "cert_type": "choice",
    "phone": "phone",
    "region": "choice",
    "relation": "choice",
    "scopes": "choice",
    "member": "choice",
    "accepted": "choice",
    "relative": "choice",
    "monthly_cap_fen": "money",
    "starts_on": "date",
    "ends_on": "date",
    "agree": "consent",
    "confirm_id_number": "confirm",
    "documents": "photo",
    "signed_form": "photo",
    "passcode": "secret",
    "card_number": "text",
    "bank_card": "text",
    "reason": "text",
    "at_counter": "confirm",
    "on_own_phone": "confirm",
    "real_person": "real_person",
    "summary": "summary",
}
# What a summary may show; each is filled in for the person who looks.
SUMMARY_ITEMS = (
    "name",
    "id_number",
    "phone",
    "region",
    "card_number",
    "balance",
    "shareable",
    "member",
    "relation",
    "payer",
    "monthly_cap",
    "uses",
    "starts",
    "member_name_full",
    "member_id_number",
    "member_sex",
    "member_born",
)
# What the texts of a step may count: how many are added already, and how many there may be.
PLACEHOLDERS = ("members", "limit")


@dataclass(frozen=True, slots=True)
class Pledge:
    """A text that people sign, clause by clause."""

    title: str
    version: str
    clauses: tuple[str, ...]
    source: str

    @property
    def text_hash(self) -> str:
        """What a signature names: SHA-256 over the clauses, one a line."""
        return hashlib.sha256("\n".join(self.clauses).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One line of a summary: what is shown and how this city calls it."""

    show: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldText:
    """One question of a step."""

    name: str
    label: str
    required: bool = True
    hint: str = ""
    items: tuple[SummaryItem, ...] = ()

    @property
    def kind(self) -> str:
        return FIELD_KINDS[self.name]


@dataclass(frozen=True, slots=True)
class NextFlow:
    """Where a flow leads on to; `when` says for whom, everybody where it is left out."""

    flow: str
    title: str
    when: str = "always"


@dataclass(frozen=True, slots=True)
class StepText:
    """One screen of a flow; `instead` leads to another flow, for whoever took the wrong one."""

    step: str
    title: str
    paragraphs: tuple[str, ...]
    speech: str
    questions: tuple[FieldText, ...]
    instead: tuple[NextFlow, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowText:
    """The screens of one flow, in order."""

    title: str
    done_text: str
    steps: tuple[StepText, ...]
    next: tuple[NextFlow, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A city's own wording of one refusal; empty where the common one will do."""

    text: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """How this city calls things and where it sends people."""

    payer: str
    member: str
    account: str
    hotline: str
    counter: str
    relations: Mapping[str, str] = field(default_factory=dict)
    capabilities: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    help_sources: Mapping[str, str] = field(default_factory=dict)


class PledgeSchema(Sourced):
    builds = Pledge
    title = text()
    version = text()
    clauses = TupleOf(text(), required=True)


class SummaryItemSchema(Built):
    builds = SummaryItem
    show = word(*SUMMARY_ITEMS, required=True)
    label = text()


class FieldSchema(Built):
    builds = FieldText
    name = word(*FIELD_KINDS)
    label = text()
    required = flag()
    hint = optional_text()
    items = TupleOf(fields.Nested(SummaryItemSchema))

    @validates_schema
    def check_items(self, data: dict[str, Any], **_: Any) -> None:
        if "name" not in data:
            raise ValidationError("is missing; write which question this is", "name")
        if (data["name"] == "summary") != bool(data.get("items")):
            raise ValidationError("a summary, and nothing else, lists what it shows", "items")


class NextFlowSchema(Built):
    builds = NextFlow
    flow = word(*FLOWS, required=True)
    title = text()
    when = word("always", "minor", "grown_up")


class StepSchema(Built):
    builds = StepText
    step = text()
    title = text()
    paragraphs = texts(data_key="text")
    speech = text()
    questions = TupleOf(fields.Nested(FieldSchema), data_key="fields", load_default=())
    instead = TupleOf(fields.Nested(NextFlowSchema), load_default=())


class FlowSchema(Sourced):
    builds = FlowText
    title = text()
    done_text = text()
    steps = TupleOf(fields.Nested(StepSchema), required=True)
    next = TupleOf(fields.Nested(NextFlowSchema), load_default=())


class ReasonTextSchema(Built):
    builds = ReasonText
    text = optional_text()
    next_step = optional_text()


class WordsSchema(Built):
    builds = Words
    payer = text()
    member = text()
    account = text()
    hotline = text()
    counter = text()
    relations = fields.Dict(keys=word(*OFFERED_WORDS), values=text())
    capabilities = fields.Dict(keys=fields.String(), values=text())
    help = fields.Dict(keys=fields.String(), values=text())
    help_sources = fields.Dict(keys=fields.String(), values=rule_ids())

    @validates_schema
    def check_help_sources(self, data: dict[str, Any], **_: Any) -> None:
        if strange := sorted(set(data.get("help_sources", ())) - set(data.get("help", ()))):
            raise ValidationError({name: ["names no text of help; correct its spelling"] for name in strange}, "help_sources")
