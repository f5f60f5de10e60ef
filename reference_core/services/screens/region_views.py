"""A city's pack as anybody may read it: words, and every parameter with where it comes from."""

from __future__ import annotations

import dataclasses
from typing import Any

from reference_core.db import Row
from reference_core.decisions.reasons import told_without_facts
from reference_core.packs.schema_binding import BindingRules
from reference_core.packs.schema_payment import PaymentRules
from reference_core.packs.schema_people import PeopleRules
from reference_core.packs.schema_service import ServiceRules
from reference_core.packs.shelf import Pack
from reference_core.pages.page import page_of
from reference_core.parts import Core
from reference_core.problems import NotFound, RegionNotServed
from reference_core.vocabulary.reason_catalogue import decode

_RULES = (PeopleRules, BindingRules, PaymentRules, ServiceRules)


def list_regions(core: Core) -> list[Row]:
    """The cities served today."""
    return [_head(pack) for pack in core.packs.regions(core.now().date())]


def region(core: Core, code: str) -> Row:
    """The pack that covers a region today; raises `RegionNotServed`."""
    pack = core.pack(code, core.now())
    if pack is None:
        raise RegionNotServed
    return {
        **_head(pack),
        "words": dataclasses.asdict(pack.words),
        "parameters": {name: {"value": getattr(pack, name), "source": pack.source(name)} for name in _parameter_names()},
        "scenes": [dataclasses.asdict(scene) for scene in pack.scenes],
        "pledges": {
            purpose: {
                "title": pledge.title,
                "version": pledge.version,
                "text": list(pledge.clauses),
                "text_hash": pledge.text_hash,
            }
            for purpose, pledge in pack.pledges.items()
        },
        "documents": pack.documents,
        "page": [dataclasses.asdict(paragraph) for paragraph in page_of(pack)],
    }


def slip_code(code: str) -> Row:
    """What a cashier's code on a slip means, in the words that every city shares; raises `NotFound`."""
    entry = decode(code)
    if entry is None:
        raise NotFound
    told = told_without_facts(entry)
    said = {"text": told.text, "clerk_text": told.clerk, "owner": told.owner, "next_step": told.next_step}
    return {"cashier_code": entry.cashier_code, "rule": entry.rule, **said}


def _head(pack: Pack) -> dict[str, Any]:
    return {"code": pack.code, "name": pack.name, "version": pack.version, "effective_from": pack.effective_from.isoformat()}


def _parameter_names() -> list[str]:
    return [field.name for rules in _RULES for field in dataclasses.fields(rules)]
