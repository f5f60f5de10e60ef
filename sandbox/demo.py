"""Reads the demo families and institutions from their files into the facts that the rest of the sandbox knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sandbox.store import Facts

_HERE = Path(__file__).parent
_SILENT = {"card": "in_use", "conditions": [], "voucher": False, "bank_cards": []}


def demo_people() -> list[Facts]:
    """Everybody in `people.yaml`, household by household, with all facts spelt out."""
    households = _read("people.yaml")["households"]
    return [_person(household, person) for household in households for person in household["people"]]


def demo_institutions() -> list[Facts]:
    """Everything in `institutions.yaml`; where no capabilities are named, they are `None`: every one there is."""
    return [{"capabilities": None, "system": "current", **one} for one in _read("institutions.yaml")["institutions"]]


def _person(household: Facts, person: Facts) -> Facts:
    facts = {"region": household["region"], **_SILENT, **person, "household": household["name"]}
    facts["born"] = facts["born"].isoformat()
    facts["insurances"] = [{"balance_fen": 0, "prior_year_fen": 0, **insurance} for insurance in facts["insurances"]]
    return facts


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_HERE / name).read_text(encoding="utf-8")))
