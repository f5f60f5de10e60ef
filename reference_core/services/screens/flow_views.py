"""The city's flows as the BFF asks for them: which may be started, and the screens with everything personal filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans.context import Answers, FlowFacts, ShownMember, chosen_in
from reference_core.decisions.flow_plans.leaving import LEAVE, leavable
from reference_core.decisions.flow_plans.plans import named_relative, offer_acceptance, offer_flows, plan_flow
from reference_core.decisions.flow_plans.vouchers import VOUCHER_FLOWS
from reference_core.decisions.flow_plans.waking import WAKE, sleeping
from reference_core.decisions.rules.changes import cap_in_force_fen, changeable
from reference_core.origin import Asker
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services.people import people
from reference_core.services.people.situations import read_situation, situation_of
from reference_core.services.relations import presets
from reference_core.services.relations.relatives import Named, find_relative
from reference_core.services.relations.waiting_ties import WaitingTie, waiting_for
from reference_core.services.screens import voucher_flow_views
from reference_core.services.screens.flow_facts import Candidate, about_person
from reference_core.vocabulary.facts import Relation
from reference_core.vocabulary.kinship import word_of

_ACCEPT = "accept-relation"
_FLOWS = (*VOUCHER_FLOWS, "open-account", "add-member", _ACCEPT, "change-limit", "remove-member", LEAVE, "close-account", WAKE)


def list_flows(core: Core, person_id: str) -> list[Row]:
    """Every flow of this person's city with whether they may start it, and all reasons why not."""
    now = core.now()
    with core.db.connection() as tx:
        situation = situation_of(tx, person_id, now)
        offers = waiting_for(core, tx, person_id, now)
        vouchers = voucher_flow_views.offers(core, tx, situation, now)
    home = core.home_pack(situation, now)
    listed = [*vouchers, *offer_flows(home, situation, now), *offer_acceptance(_pack_of(offers, home), len(offers))]
    return sorted(listed, key=lambda offer: _FLOWS.index(offer["name"]))


def plan(core: Core, asker: Asker, name: str, answers: Answers) -> dict[str, Any]:
    """The whole flow as this person meets it with these answers; raises `NotFound`, `TooManyTries`."""
    if name in VOUCHER_FLOWS:
        return voucher_flow_views.plan(core, asker, name, answers)
    now = core.now()
    pack, about = read_flow(core, asker, name, answers, now)
    return plan_flow(name, pack, about, answers, now)


def read_flow(core: Core, asker: Asker, name: str, answers: Answers, now: datetime) -> tuple[Pack | None, FlowFacts]:
    """The city and the facts that a flow is drawn from; raises `NotFound` for no flow of ours, `TooManyTries`."""
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
        if name == LEAVE:
            members = _payers(core, tx, leavable(situation, now))
        adding = name == "add-member"
        listed = presets.shown_unshared(core, tx, situation, now) if adding else ()
        found = _candidate(core, tx, asker, answers, now) if adding else Candidate()
        return pack, replace(about_person(core, tx, situation, found), members=members, listed=listed)


def _pack_of(offers: Sequence[WaitingTie], home: Pack | None) -> Pack | None:
    """Whoever accepts does so on the screens of the city in which the tie was made."""
    return offers[0].pack if offers else home


def _candidate(core: Core, tx: Tx, asker: Asker, answers: Answers, now: datetime) -> Candidate:
    chosen = chosen_in(answers, "add-member")
    if chosen is not None:
        person_id = presets.relative_in_list_or_nobody(tx, asker.person_id, chosen, now)
        return Candidate(person_id is not None, read_situation(tx, person_id, now) if person_id else None)
    relative = named_relative(answers, now)
    if relative is None:
        return Candidate()
    found = find_relative(core, tx, asker, Named(relative.name, relative.cert_type, relative.id_number), now)
    return Candidate(True, read_situation(tx, found, now) if found else None)


def _shown(core: Core, tx: Tx, ties: Sequence[Relation]) -> tuple[ShownMember, ...]:
    names = people.masked_names(tx, core.keys, [tie.member_id for tie in ties])
    return tuple(
        ShownMember(tie.id, names[tie.member_id], word_of(tie.kinship), monthly_cap_fen=tie.monthly_cap_fen) for tie in ties
    )


def _payers(core: Core, tx: Tx, ties: Sequence[Relation]) -> tuple[ShownMember, ...]:
    """Whose money this person uses."""
    names = people.masked_names(tx, core.keys, [tie.payer_id for tie in ties])
    return tuple(ShownMember(tie.id, names[tie.payer_id], word_of(tie.kinship), is_payer=True) for tie in ties)


def _offered(core: Core, tx: Tx, person_id: str, offers: Sequence[WaitingTie]) -> tuple[ShownMember, ...]:
    """Offers of help: who offers it or, to a guardian, for which child."""
    ties = [offer.tie for offer in offers]
    others = {tie.id: tie.payer_id if tie.member_id == person_id else tie.member_id for tie in ties}
    names = people.masked_names(tx, core.keys, list(others.values()))
    return tuple(
        ShownMember(
            tie.id,
            names[others[tie.id]],
            word_of(tie.kinship),
            is_payer=tie.member_id == person_id,
            monthly_cap_fen=cap_in_force_fen(offer.pack, tie),
            scopes=tie.scopes,
            starts_on=tie.starts_on,
        )
        for tie, offer in zip(ties, offers, strict=True)
    )
