"""A flow's steps and fields as frozen data, however they came about: from a city's pack or from the product itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bff.errors import Fault, Reason
from groundwork.reading import Reading, Unreadable

# What a city may ask.
PACK_KINDS = frozenset(
    {"text", "name", "id_number", "phone", "choice", "money", "date", "consent", "confirm", "summary"}
    | {"photo", "secret", "real_person"}
)

RELATIVE = "relative"
_ABOUT = frozenset({RELATIVE})


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    disabled: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NextFlow:
    """Where a person may go on from here."""

    flow: str
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a summary; a private one repeats what was typed, and never stands in an error."""

    label: str
    value: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A question. A field that comes with a `value` may be left unanswered; a consent carries the text and its hash;
    `about` says that a relative looks into the camera and not whoever acts; `form` is the title of the paper that must be
    printed and signed before it can be photographed; of a phone that must be `vouched` for, digits are not enough."""

    name: str
    kind: str
    label: str
    required: bool = True
    hint: str | None = None
    options: tuple[Option, ...] = ()
    multiple: bool = False
    value: Any = None
    text: tuple[str, ...] = ()
    text_hash: str | None = None
    items: tuple[Item, ...] = ()
    about: str | None = None
    form: str | None = None
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One screen's worth of questions. `faults` and `refusal` say why the answers kept for it do not hold; `instead` names
    flows that somebody may have meant who came here by mistake."""

    name: str
    title: str
    fields: tuple[Field, ...]
    text: tuple[str, ...] = ()
    speech: str = ""
    faults: Mapping[str, Fault] = field(default_factory=dict)
    refusal: tuple[Reason, ...] = ()
    instead: tuple[NextFlow, ...] = ()

    def field_named(self, name: str) -> Field | None:
        return next((asked for asked in self.fields if asked.name == name), None)

    def asking_only(self, names: Iterable[str]) -> Step:
        """The part of this step that asks these questions."""
        return replace(self, fields=tuple(asked for asked in self.fields if asked.name in set(names)))

    @property
    def real_person(self) -> Field | None:
        """The field that asks for a look into the camera, if this step has one."""
        return next((asked for asked in self.fields if asked.kind == "real_person"), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one person is asked in one flow today, and `reasons` why they may not start it at all."""

    flow: str
    title: str
    steps: tuple[Step, ...]
    done_text: tuple[str, ...] = ()
    next: tuple[NextFlow, ...] = ()
    reasons: tuple[Reason, ...] = ()
    complete_label: str | None = None

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)


def read_plan(told: Reading) -> Plan:
    """The plan in a core's answer; raises `Unreadable` if it is not one that we can carry out."""
    verdict = told.object("verdict")
    reasons = verdict.each("reasons", Reason.read)
    if verdict.flag("allowed") == bool(reasons):
        raise Unreadable("verdict")
    return Plan(
        flow=told.text("flow"),
        title=told.text("title"),
        steps=told.each("steps", _read_step),
        done_text=_lines(told, "done_text"),
        next=told.each("next", _read_next),
        reasons=reasons,
        complete_label=told.maybe_text("complete_label"),
    )


def _read_step(told: Reading) -> Step:
    refusal = told.maybe_object("refusal")
    faults = told.maybe_object("faults")
    return Step(
        name=told.text("step"),
        title=told.text("title"),
        text=told.texts("text"),
        speech=told.maybe_text("speech") or "",
        fields=told.each("fields", _read_field),
        faults={name: _read_fault(faults.object(name)) for name in faults.members} if faults else {},
        refusal=refusal.each("reasons", Reason.read) if refusal else (),
        instead=tuple(_read_next(one) for one in told.maybe_objects("instead")),
    )


def _read_field(told: Reading) -> Field:
    kind = told.one_of("kind", PACK_KINDS)
    text_hash = told.maybe_text("text_hash")
    if kind == "consent" and not text_hash:
        raise Unreadable("text_hash")
    return Field(
        name=told.text("name"),
        kind=kind,
        label=told.text("label"),
        required=told.flag("required"),
        hint=told.maybe_text("hint"),
        options=tuple(_read_option(option) for option in told.maybe_objects("options")),
        multiple=bool(told.members.get("multiple")),
        value=told.members.get("value"),
        text=_lines(told, "text"),
        text_hash=text_hash,
        items=tuple(_read_item(item) for item in told.maybe_objects("items")),
        about=_read_about(told),
        form=_form_title(told),
        vouched=bool(told.members.get("vouched")),
    )


def _read_about(told: Reading) -> str | None:
    """Whom a look into the camera is about: nobody but a relative needs saying."""
    return told.one_of("about", _ABOUT) if told.members.get("about") is not None else None


def _form_title(told: Reading) -> str | None:
    form = told.maybe_object("form")
    return form.text("title") if form else None


def _read_next(told: Reading) -> NextFlow:
    return NextFlow(told.text("flow"), told.text("title"))


def _read_option(told: Reading) -> Option:
    return Option(told.text("value"), told.text("label"), bool(told.members.get("disabled")), told.maybe_text("reason"))


def _read_item(told: Reading) -> Item:
    return Item(told.text("label"), told.text("value"), bool(told.members.get("private")))


def _read_fault(told: Reading) -> Fault:
    return Fault(told.text("code"), told.text("text"), told.text("remedy"))


def _lines(told: Reading, name: str) -> tuple[str, ...]:
    """One line or several; a text may be written either way."""
    value = told.members.get(name)
    if value is None:
        return ()
    lines = (value,) if isinstance(value, str) else told.texts(name)
    return tuple(line for line in lines if line)
