"""What stands between a bill and any shared money at all: insurance, scene, place, institution, card, and being told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reference_core.decisions.reasons import explain
from reference_core.decisions.rules import member as member_checks
from reference_core.decisions.rules.payer import is_dead
from reference_core.decisions.rules.people import conditions_of, member_insurance
from reference_core.packs.schema_scenes import InstitutionClass, SceneRule
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.admdvs import same_pool
from reference_core.vocabulary.facts import Bill, Institution, Insurance, Reason, Situation
from reference_core.vocabulary.med_types import INSTITUTION_LABELS, SCENE_LABELS, scene_of

PLACE_LABELS = {"city": "本市", "province": "本省", "nation": "全国"}
_LEVEL_LABELS = {1: "一级", 2: "二级", 3: "三级"}
CREDENTIAL_LABELS = {"voucher": "医保码", "social_card": "社会保障卡", "id_card": "身份证"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One bill of one member at one institution, under the pack of where the member is insured."""

    pack: Pack
    bill: Bill
    institution: Institution
    member: Situation
    now: datetime

    @property
    def insurance(self) -> Insurance | None:
        return member_insurance(self.pack, self.member.person)

    @property
    def scene(self) -> str:
        return scene_of(self.bill.med_type, self.institution.kind)

    @property
    def rules(self) -> tuple[SceneRule, ...]:
        return self.pack.scene_rules(self.insurance.insutype, self.scene) if self.insurance else ()

    @property
    def parameter(self) -> str:
        """Where the pack speaks of this scene, for the source of a reason."""
        exact = f"scenes.{self.insurance.insutype}-{self.scene}" if self.insurance else "member_insutypes"
        return exact if exact in self.pack.sources else exact.removesuffix(f"-{self.scene}")

    def lies_in(self, place: str, region: str) -> bool:
        """Whether a region lies in the member's city or province; where one pools for itself, its own institutions are still
        those of the city around it."""
        home = self.insurance.region if self.insurance else self.member.person.region
        return same_pool(place, home, region, self.pack.city_digits)


VisitCheck = Callable[[Visit], Iterator[Reason]]
RuleCheck = Callable[[Visit, SceneRule], Iterator[Reason]]


def barriers(visit: Visit) -> tuple[Reason, ...]:
    """Every reason why nobody's shared money may pay this visit, whoever the payer is."""
    found = [reason for check in _VISIT_CHECKS for reason in check(visit)]
    return (*found, *_nearest_miss(visit))


def _nearest_miss(visit: Visit) -> tuple[Reason, ...]:
    """Nothing if one line of the pack takes this visit; else what the line that came closest lacks."""
    misses = [tuple(reason for check in _RULE_CHECKS for reason in check(visit, rule)) for rule in visit.rules]
    return min(misses, key=len, default=())


def _member_alive(visit: Visit) -> Iterator[Reason]:
    if is_dead(visit.member.person, visit.now):
        yield explain(visit.pack, "person_died", who="member")


def _member_insured(visit: Visit) -> Iterator[Reason]:
    if visit.insurance is None:
        yield explain(visit.pack, "member_not_insured", "member_insutypes")


def _member_in_order(visit: Visit) -> Iterator[Reason]:
    yield from member_checks.insurance_in_order(visit.pack, visit.insurance, visit.now)


def _member_not_excluded(visit: Visit) -> Iterator[Reason]:
    conditions = conditions_of(visit.member.person, visit.insurance)
    for condition in sorted(conditions & set(visit.pack.member_excluded)):
        yield explain(visit.pack, "member_excluded_class", f"member_excluded.{condition}", condition=condition)


def _scene_shared(visit: Visit) -> Iterator[Reason]:
    if visit.insurance is not None and not visit.rules:
        yield _out_of_scope(visit, "scene", ())


def _institution_fits(visit: Visit, rule: SceneRule) -> Iterator[Reason]:
    if not any(one.holds(visit.institution.kind, visit.institution.level) for one in rule.institutions):
        yield _out_of_scope(visit, "institution", tuple(map(class_label, rule.institutions)))


def _place_fits(visit: Visit, rule: SceneRule) -> Iterator[Reason]:
    if not visit.lies_in(rule.place, visit.institution.region):
        yield _out_of_scope(visit, "place", (PLACE_LABELS[rule.place],))


def _institution_enabled(visit: Visit, rule: SceneRule) -> Iterator[Reason]:
    missing = sorted(set(rule.capabilities) - visit.institution.capabilities)
    if missing:
        labels = tuple(visit.pack.words.capabilities.get(one, one) for one in missing)
        yield explain(visit.pack, "institution_not_enabled", visit.parameter, capability=labels)


def _credential_accepted(visit: Visit, rule: SceneRule) -> Iterator[Reason]:
    if visit.bill.credential_kind not in rule.credentials:
        used, *accepted = (CREDENTIAL_LABELS[kind] for kind in (visit.bill.credential_kind, *rule.credentials))
        yield explain(visit.pack, "credential_not_accepted", visit.parameter, used=used, accepted=tuple(accepted))


def _system_adapted(visit: Visit) -> Iterator[Reason]:
    if visit.institution.system == "outdated":
        yield explain(visit.pack, "institution_system_outdated")


def _record_filed(visit: Visit) -> Iterator[Reason]:
    conditions = visit.member.person.conditions
    filed = conditions & {"nonlocal_record", "long_term_nonlocal"}
    if visit.pack.nonlocal_requires_record and not filed and not visit.lies_in("city", visit.institution.region):
        yield explain(visit.pack, "nonlocal_not_supported", "nonlocal_requires_record")


def _declared(visit: Visit) -> Iterator[Reason]:
    if visit.pack.trigger == "declared" and not visit.bill.declares_mutual_aid:
        yield explain(visit.pack, "not_declared", "trigger")


def _out_of_scope(visit: Visit, why: str, allowed: tuple[str, ...]) -> Reason:
    scene = SCENE_LABELS[visit.scene]
    return explain(visit.pack, "scope_not_allowed", visit.parameter, why=why, scene=scene, allowed=allowed)


def class_label(one: InstitutionClass) -> str:
    """Institutions of one kind, with their levels, in words."""
    return "".join(_LEVEL_LABELS[level] for level in one.levels) + INSTITUTION_LABELS[one.kind]


_VISIT_CHECKS: tuple[VisitCheck, ...] = (
    _member_alive,
    _member_insured,
    _member_in_order,
    _member_not_excluded,
    _scene_shared,
    _system_adapted,
    _record_filed,
    _declared,
)
_RULE_CHECKS: tuple[RuleCheck, ...] = (_institution_fits, _place_fits, _institution_enabled, _credential_accepted)
