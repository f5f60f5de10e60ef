"""The city's flows as the BFF asks for them: which may be started, and the screens with everything personal filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from groundwork.masking import mask_id_number, mask_name, mask_phone
from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans import has_flow, named_relative, offer_acceptance, offer_flows, plan_flow
from reference_core.decisions.flow_plans_context import Answers, FlowFacts, ShownMember
from reference_core.decisions.flow_plans_waking import WAKE, sleeping
from reference_core.decisions.rules_changes import changeable
from reference_core.origin import Asker
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services import people
from reference_core.services.citizens import situation_of
from reference_core.services.relatives import Named, find_relative
from reference_core.services.situations import read_situation
from reference_core.services.waiting_ties import WaitingTie, waiting_for
from reference_core.vocabulary.facts import Relation, Situation
from reference_core.vocabulary.kinship import word_of

_ACCEPT = "accept-relation"
_FLOWS = ("open-account", "add-member", _ACCEPT, "change-limit", "remove-member", "close-account", WAKE)


def list_flows(core: Core, person_id: str) -> list[Row]:
    """Every flow of this person's city with whether they may start it, and all reasons why not."""
    now = core.now()
    with core.db.connection() as tx:
        situation = situation_of(tx, person_id, now)
        offers = waiting_for(core, tx, person_id, now)
    home = core.home_pack(situation, now)
    listed = [*offer_flows(home, situation, now), *offer_acceptance(_pack_of(offers, home), len(offers))]
    return sorted(listed, key=lambda offer: _FLOWS.index(offer["name"]))


def plan(core: Core, asker: Asker, name: str, answers: Answers) -> dict[str, Any]:
    """The whole flow as this person meets it with these answers; raises `NotFound`, `TooManyTries`."""
    now = core.now()
    pack, about = read_flow(core, asker, name, answers, now)
    return plan_flow(name, pack, about, answers, now)


def read_flow(core: Core, asker: Asker, name: str, answers: Answers, now: datetime) -> tuple[Pack | None, FlowFacts]:
    """The city and the facts that a flow is drawn from; raises `NotFound` where the city has no such flow, `TooManyTries`."""
    if name not in _FLOWS:
        raise NotFound
    # A transaction, because naming a stranger is counted; nothing else is written.
    with core.db.transaction() as tx:
        situation = situation_of(tx, asker.person_id, now)
        pack = core.home_pack(situation, now)
        members = _shown(core, tx, sleeping(situation, now) if name == WAKE else changeable(situation, now))
        if name == _ACCEPT:
            offers = waiting_for(core, tx, asker.person_id, now)
            pack, members = _pack_of(offers, pack), _offered(core, tx, asker.person_id, offers)
        if not has_flow(name, pack):
            raise NotFound
        found = _candidate(core, tx, asker, answers, now) if name == "add-member" else _Candidate()
        return pack, replace(_about(core, tx, situation, found), members=members)


def _pack_of(offers: Sequence[WaitingTie], home: Pack | None) -> Pack | None:
    """Whoever accepts does so on the screens of the city in which the tie was made."""
    return offers[0].pack if offers else home


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The relative whom the answers name, if they name one, and if there is one."""

    looked_up: bool = False
    situation: Situation | None = None


def _candidate(core: Core, tx: Tx, asker: Asker, answers: Answers, now: datetime) -> _Candidate:
    relative = named_relative(answers, now)
    if relative is None:
        return _Candidate()
    found = find_relative(core, tx, asker, Named(relative.name, relative.cert_type, relative.id_number), now)
    return _Candidate(True, read_situation(tx, found, now) if found else None)


def _about(core: Core, tx: Tx, situation: Situation, found: _Candidate) -> FlowFacts:
    named = people.read_names(tx, core.keys, [situation.person.id])[situation.person.id]
    return FlowFacts(
        situation=situation,
        name_masked=mask_name(named.name),
        id_number_masked=mask_id_number(named.number),
        phone_masked=mask_phone(named.phone) if named.phone else None,
        card_number_masked=mask_id_number(named.card_number) if named.card_number and len(named.card_number) > 7 else None,
        looked_up=found.looked_up,
        candidate=found.situation,
    )


def _shown(core: Core, tx: Tx, ties: Sequence[Relation]) -> tuple[ShownMember, ...]:
    names = people.masked_names(tx, core.keys, [tie.member_id for tie in ties])
    return tuple(
        ShownMember(tie.id, names[tie.member_id], word_of(tie.kinship), monthly_cap_fen=tie.monthly_cap_fen) for tie in ties
    )


def _offered(core: Core, tx: Tx, person_id: str, offers: Sequence[WaitingTie]) -> tuple[ShownMember, ...]:
    """Offers of help: who offers it or, to a guardian, for which child."""
    ties = [offer.tie for offer in offers]
    others = {tie.id: tie.payer_id if tie.member_id == person_id else tie.member_id for tie in ties}
    names = people.masked_names(tx, core.keys, list(others.values()))
    return tuple(
        ShownMember(tie.id, names[others[tie.id]], word_of(tie.kinship), is_payer=tie.member_id == person_id) for tie in ties
    )
