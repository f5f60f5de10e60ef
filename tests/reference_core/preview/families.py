"""Families of three cities on a real database, among them everything that makes a payment depend on more than its bill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from groundwork.chance import new_id
from tests.reference_core.callers import Json, World

KINDS = ("pharmacy", "hospital", "primary_care")


@dataclass(frozen=True)
class Household:
    """Who may be ill, whose account is filled up again now and then, and where they go."""

    patients: tuple[Json, ...]
    payers: tuple[Json, ...]
    institutions: dict[str, str]


def found_households(chance: Random, world: World, times: int) -> list[Household]:
    """So many families of each city, each with accounts of its own."""
    founded = []
    for region, make in _CITIES.items():
        able = ["one_card", "mutual_aid"]
        institutions = {kind: world.institution(kind, region, level=chance.choice((1, 3)), capabilities=able) for kind in KINDS}
        founded += [Household(*make(chance, world, region), institutions) for _ in range(times)]
    return founded


_People = tuple[tuple[Json, ...], tuple[Json, ...]]


def _one_payer(chance: Random, world: World, region: str) -> _People:
    """All or nothing; one member has an account of her own, which pays first."""
    son = _employee(chance, world, region)
    mother = world.resident(born="1955-05-05", region=region, card_number=_card())
    wife = world.employee(chance.choice((0, 700)), born="1987-07-07", sex="female", region=region, card_number=_card())
    world.family(son, mother)
    world.bind(son, wife, "spouse").ok()
    return (wife, wife, wife, mother, son), (son,)


def _the_fuller_of_two(chance: Random, world: World, region: str) -> _People:
    """Two sons share with one mother, and the fuller account pays: a payment can turn them round."""
    sons = tuple(_employee(chance, world, region) for _ in range(2))
    mother = world.resident(born="1955-05-05", region=region, card_number=_card())
    for son in sons:
        world.bind(son, mother, "parent").ok()
    return (mother, mother, mother, *sons), sons


def _money_of_earlier_years(chance: Random, world: World, region: str) -> _People:
    """Only what earlier years left is shared, and as much of it as there is."""
    son = _employee(chance, world, region)
    mother = world.resident(born="1955-05-05", region=region, card_number=_card())
    pledge = world.callers.citizen("GET", f"/regions/{region}").ok()["pledges"]["add-member"]
    asked = {"name": mother["name"], "id_number": mother["id_number"], "relation": "mother", "verified_by": world.proof()}
    signed = {**asked, "agree": pledge["text_hash"], "confirm_id_number": True}
    world.callers.citizen("POST", "/relations", signed, person=son["person_id"]).ok()
    return (mother, mother, mother, son), (son,)


def _employee(chance: Random, world: World, region: str) -> Json:
    total_fen = chance.choice((900, 20_000, 150_000))
    return world.employee(total_fen, prior_year_fen=total_fen * 2 // 3, born="1985-03-02", region=region, card_number=_card())


def _card() -> str:
    return f"C{new_id()}"


_CITIES: dict[str, Callable[[Random, World, str], _People]] = {
    "371300": _one_payer,
    "130100": _the_fuller_of_two,
    "340100": _money_of_earlier_years,
}
