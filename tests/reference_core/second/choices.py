"""Random cities: every choice that a pack makes about people and payment, drawn so that the choices can hold together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

from reference_core.packs.schema_payment import EXPENSES, SELECTIONS
from reference_core.packs.schema_people import CONDITIONS
from reference_core.packs.schema_scenes import InstitutionClass, SceneRule
from reference_core.packs.shelf import Pack, load_packs
from reference_core.vocabulary.kinship import members_of

T = TypeVar("T")
Choices = dict[str, Any]

_REGIONS = Path(__file__).parents[3] / "reference_core" / "regions"
_A_CITY = "371300"
# Any whole pack serves as paper to write on: everything that decides about people and money is drawn anew.
_PAPER = load_packs([_REGIONS / f"{_A_CITY}.yaml"]).versions(_A_CITY)[-1]
_WRITTEN = (_REGIONS / f"{_A_CITY}.yaml").read_text(encoding="utf-8")

_RELATIONS = (("spouse", "parent", "child"), ("spouse", "father", "mother", "son", "daughter"), ("child", "older_sister"))
_VISIT_SCENES = ("outpatient", "outpatient_special", "inpatient", "pharmacy", "maternity_inpatient", "other")
_EVERYWHERE = tuple(InstitutionClass(kind) for kind in ("hospital", "primary_care", "pharmacy"))
_PLACES_TO_GO = (
    _EVERYWHERE,
    (InstitutionClass("pharmacy"), InstitutionClass("hospital")),
    (InstitutionClass("primary_care"), InstitutionClass("hospital", (1, 2))),
)
_CREDENTIALS = (("voucher", "social_card", "id_card"), ("voucher",), ("voucher", "social_card"))
_POOLS = ("city", "province", "nation")


def mostly(chance: Random, usual: T, *others: T, odds: float = 0.8) -> T:
    """The usual thing, or with the odds against it one of the others."""
    return usual if chance.random() < odds else chance.choice(others)


def _flag(chance: Random) -> bool:
    return chance.random() < 0.5


def _a_few(chance: Random, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(chance.sample(known, chance.choice([0, 0, 1, 2])))


def people_choices(chance: Random) -> Choices:
    """Who may share, with whom, where."""
    relations = chance.choice(_RELATIONS)
    scopes = chance.choice(_POOLS), chance.choice(_POOLS)
    offered = {single for word in relations for single in members_of(word)}
    quotas = chance.choice([{}, {"spouse": 1}, {"child": 4}])
    return {
        "payer_insutypes": mostly(chance, ("310",), ("310", "340"), ("340", "310")),
        "payer_statuses": chance.choice([("normal",), ("normal", "suspended"), ("normal", "suspended", "arrears", "frozen")]),
        "payer_excluded": _a_few(chance, CONDITIONS),
        "payer_pool_scope": scopes[0],
        "payer_voucher_required": _flag(chance),
        "member_insutypes": chance.choice([("310", "390"), ("390", "310"), ("310", "390", "510"), ("390",)]),
        "member_statuses": chance.choice([("normal",), ("normal", "arrears"), ("normal", "suspended")]),
        "member_excluded": _a_few(chance, CONDITIONS),
        "resident_current_year_paid": _flag(chance),
        "member_pool_scope": scopes[1],
        "member_voucher_required": _flag(chance),
        "cross_province": "yes" if "nation" in scopes else chance.choice(["no", "partial", "yes"]),
        "city_digits": mostly(chance, 4, 2),
        "separate_pools": mostly(chance, (), ("371321",)),
        "relations": relations,
        "relation_quotas": {word: limit for word, limit in quotas.items() if members_of(word) <= offered},
        "relation_filter_by_sex": _flag(chance),
        "max_members_per_payer": chance.choice([None, 1, 4]),
        "max_payers_per_member": chance.choice([None, 2, 4]),
        "role_exclusive": _flag(chance),
        "self_relation_allowed": _flag(chance),
    }


def payment_choices(chance: Random) -> Choices:
    """In which order accounts pay, how far, and from which money."""
    money = chance.choice(["all", "all", "previous_years", "above_reserve"])
    return {
        "own_first": mostly(chance, "combine", "must_be_empty"),
        "own_statuses": mostly(chance, ("normal", "suspended", "arrears"), ("normal",), ("suspended",)),
        "buckets_order": chance.choice(["current_first", "prior_first"]),
        "payer_selection": chance.choice(SELECTIONS),
        "when_short": chance.choice(["partial_then_cash", "all_or_nothing"]),
        "payer_money": money,
        "reserve_fen": chance.choice([1, 15, 40]) if money == "above_reserve" else None,
        "trigger": chance.choice(["automatic", "declared"]),
        "excluded_expenses": tuple(chance.sample(EXPENSES, 3)),
        "nonlocal_requires_record": _flag(chance),
        "nonlocal_cap_fen": chance.choice([None, None, 20, 60]),
        "counts_toward_accumulators": _flag(chance),
        "benefit_transfer": _flag(chance),
    }


def scenes_for(chance: Random, insutypes: tuple[str, ...]) -> tuple[SceneRule, ...]:
    """One to five lines; the first takes everybody everywhere for one kind of visit."""
    lines = [SceneRule(insutypes, chance.choice(_VISIT_SCENES), _EVERYWHERE, "nation", (), _CREDENTIALS[0], "", "")]
    for _ in range(chance.randint(0, 4)):
        narrow = SceneRule(
            insutypes=chance.choice([insutypes, insutypes[:1], insutypes[-1:]]),
            scene=chance.choice(_VISIT_SCENES),
            institutions=chance.choice(_PLACES_TO_GO),
            place=chance.choice(_POOLS),
            capabilities=chance.choice([(), ("one_card",), ("one_card", "family")]),
            credentials=chance.choice(_CREDENTIALS),
            source="",
            note="",
        )
        lines.append(narrow)
    return tuple(lines)


def choices(chance: Random) -> Choices:
    """Everything that decides a payment, from one city."""
    drawn = {**people_choices(chance), **payment_choices(chance)}
    if drawn["payer_selection"] == "only_one":
        drawn["max_payers_per_member"] = 1
    drawn["open_account_required"] = _flag(chance)
    drawn["monthly_cap_fen"] = chance.choice([None, None, 20, 60])
    drawn["scenes"] = scenes_for(chance, drawn["member_insutypes"])
    return drawn


def pack_of(drawn: Choices, code: str = _A_CITY) -> Pack:
    """The pack that such a file would become, without the time that a thousand files would take to read."""
    return replace(_PAPER, code=code, **drawn)


def pack_file(drawn: Choices, code: str = _A_CITY) -> str:
    """The same choices as a city would write them down."""
    file = yaml.safe_load(_WRITTEN)
    version = file["versions"][0]
    stated = {name: {"value": _plain(value), "assumed": "试"} for name, value in drawn.items() if name != "scenes"}
    version["parameters"] = {**version["parameters"], **stated}
    version["scenes"] = [_scene(line) for line in drawn["scenes"]]
    if not drawn["open_account_required"]:
        del version["flows"]["open-account"], version["pledges"]["open-account"]
        version["parameters"]["pledge_on"] = {"value": "never", "assumed": "试"}
    return yaml.safe_dump({**file, "code": code}, allow_unicode=True)


def _scene(line: SceneRule) -> Choices:
    institutions = [{"kind": one.kind, **({"levels": list(one.levels)} if one.levels else {})} for one in line.institutions]
    written = {name: _plain(getattr(line, name)) for name in ("insutypes", "scene", "place", "capabilities", "credentials")}
    return {**written, "institutions": institutions, "assumed": "试"}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
