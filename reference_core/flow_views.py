"""The city's flows as the BFF asks for them: which may be started, and the screens with everything personal filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from groundwork.masking import mask_id_number, mask_name, mask_phone
from reference_core import people
from reference_core.citizens import situation_of
from reference_core.db import Row, Tx
from reference_core.facts import Situation
from reference_core.flow_plans import named_relative, offer_flows, plan_flow
from reference_core.flow_plans_context import Answers, FlowFacts, ShownMember
from reference_core.kinship import word_of
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.relatives import Named, find_relative
from reference_core.situations import read_situation

FLOWS = ("open-account", "add-member", "remove-member")


def list_flows(core: Core, person_id: str) -> list[Row]:
    """Every flow with whether this person may start it, and all reasons why not."""
    now = core.now()
    with core.db.connection() as tx:
        situation = situation_of(tx, person_id, now)
    return offer_flows(core.home_pack(situation, now), situation, now)


def plan(core: Core, person_id: str, name: str, answers: Answers) -> dict[str, Any]:
    """The whole flow as this person meets it with these answers; raises `TooManyTries`."""
    if name not in FLOWS:
        raise NotFound
    now = core.now()
    # A transaction, because naming a stranger is counted; nothing else is written.
    with core.db.transaction() as tx:
        situation = situation_of(tx, person_id, now)
        about = _about(core, tx, situation, answers if name == "add-member" else {}, now)
    return plan_flow(name, core.home_pack(situation, now), about, answers, now)


def _about(core: Core, tx: Tx, situation: Situation, answers: Answers, now: datetime) -> FlowFacts:
    named = people.read_names(tx, core.keys, [situation.person.id])[situation.person.id]
    relative = named_relative(answers, now)
    candidate = None
    if relative is not None:
        named_one = Named(relative.name, relative.cert_type, relative.id_number)
        found = find_relative(core, tx, situation.person.id, named_one, now)
        candidate = read_situation(tx, found, now) if found else None
    return FlowFacts(
        situation=situation,
        name_masked=mask_name(named.name),
        id_number_masked=mask_id_number(named.number),
        phone_masked=mask_phone(named.phone) if named.phone else None,
        card_number_masked=mask_id_number(named.card_number) if named.card_number and len(named.card_number) > 7 else None,
        members=_members(core, tx, situation, now),
        looked_up=relative is not None,
        candidate=candidate,
    )


def _members(core: Core, tx: Tx, situation: Situation, now: datetime) -> tuple[ShownMember, ...]:
    standing = [tie for tie in situation.as_payer if tie.stands(now)]
    names = people.masked_names(tx, core.keys, [tie.member_id for tie in standing])
    return tuple(ShownMember(tie.id, names[tie.member_id], word_of(tie.kinship)) for tie in standing)
