"""The person before the screens of a flow, and the relative whom their answers name, as far as either may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.masking import mask_id_number, mask_name, mask_phone
from reference_core.db import Tx
from reference_core.decisions.flow_plans.context import FlowFacts
from reference_core.parts import Core
from reference_core.services.people import people
from reference_core.vocabulary.facts import Situation


@dataclass(frozen=True, slots=True)
class Candidate:
    """The relative whom the answers name, if they name one, and if there is one."""

    looked_up: bool = False
    situation: Situation | None = None


def about_person(core: Core, tx: Tx, situation: Situation, found: Candidate) -> FlowFacts:
    """What is shown of whoever acts."""
    named = people.read_names(tx, core.keys, [situation.person.id])[situation.person.id]
    return FlowFacts(
        situation=situation,
        name_masked=mask_name(named.name),
        id_number_masked=mask_id_number(named.number),
        phone_masked=mask_phone(named.phone) if named.phone else None,
        phone_verified=named.phone_verified,
        card_number_masked=mask_id_number(named.card_number) if named.card_number and len(named.card_number) > 7 else None,
        looked_up=found.looked_up,
        candidate=found.situation,
    )
