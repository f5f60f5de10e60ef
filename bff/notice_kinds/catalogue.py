"""The kinds of notice as typed data: which event tells what, to whom, in which words, and what of it a channel may carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# Where notices can be pushed; a page inside an app reaches nobody who has closed it.
PUSH_CHANNELS = ("wechat", "alipay", "sms")
# Everything is pushed unless somebody said no; these only where they said yes.
ASKED_FIRST = frozenset({"sms"})
# What the register is told of an event besides its data.
EVENT = "event"


@dataclass(frozen=True, slots=True)
class Text:
    """The words for one event where its data are as `when` says."""

    event: str
    when: Mapping[str, Any]
    lines: tuple[str, ...]
    whose: str

    def fits(self, event: str, data: Mapping[str, Any]) -> bool:
        return event == self.event and all(data.get(name) == value for name, value in self.when.items())


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice, which people can have pushed or not."""

    name: str
    title: str
    template: str
    fields: Mapping[str, str]
    texts: tuple[Text, ...]


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which people choose among them."""
    written = yaml.safe_load(Path(__file__).with_name("kinds.yaml").read_text(encoding="utf-8"))
    return tuple(_read(name, said) for name, said in written.items())


def kind_named(name: str) -> Kind | None:
    """The kind of this name; `None` for one that a later or earlier edition of this list has."""
    return next((kind for kind in all_kinds() if kind.name == name), None)


def kind_of(event: str, data: Mapping[str, Any]) -> Kind | None:
    """Which kind of notice an event is; `None` where it tells people nothing."""
    return next((kind for kind in all_kinds() if text_for(kind, event, data) is not None), None)


def text_for(kind: Kind, event: str, data: Mapping[str, Any]) -> Text | None:
    """The first of this kind's texts that fits."""
    return next((text for text in kind.texts if text.fits(event, data)), None)


def _read(name: str, said: Mapping[str, Any]) -> Kind:
    texts = tuple(
        Text(text["event"], text.get("when", {}), tuple(text["lines"]), text.get("whose", "")) for text in said["texts"]
    )
    return Kind(name, said["title"], said["template"], said["fields"], texts)
