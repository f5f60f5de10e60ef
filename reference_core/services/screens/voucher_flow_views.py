"""The flows around vouchers as the BFF asks for them: offered, and with everything personal filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans.context import Answers, Drawing, FlowFacts, ShownMember, VoucherSide, chosen_in
from reference_core.decisions.flow_plans.plans import named_relative
from reference_core.decisions.flow_plans.vouchers import (
    OWN,
    RELATIVE,
    OwnList,
    OwnVoucher,
    needs_own_look,
    offer,
    own_side,
    plan_voucher_flow,
    relative_side,
)
from reference_core.decisions.rules.vouchers import Naming
from reference_core.origin import Asker
from reference_core.packs.common import flow_of
from reference_core.parts import Core
from reference_core.services.people import people, person_checks
from reference_core.services.people.situations import read_situation, situation_of
from reference_core.services.relations import presets
from reference_core.services.relations.relatives import Named, find_relative
from reference_core.services.screens.flow_facts import Candidate, about_person
from reference_core.services.vouchers import kinship_answers, kinship_rows
from reference_core.services.vouchers.kinships import read_naming
from reference_core.vocabulary.facts import Situation
from reference_core.vocabulary.kinship import word_of


def offers(core: Core, tx: Tx, mine: Situation, now: datetime) -> list[Row]:
    """Both flows with whether this person may start them."""
    pack = core.home_pack(mine, now)
    own = _own(core, tx, mine, now)
    mine_offered = offer(OWN, pack, own.verdict(), needs_look=needs_own_look(own))
    return [mine_offered, offer(RELATIVE, pack, _own_list(core, tx, mine, now).verdict())]


def plan(core: Core, asker: Asker, name: str, answers: Answers) -> dict[str, Any]:
    """The whole flow as this person meets it with these answers; raises `TooManyTries`."""
    now = core.now()
    # A transaction, because naming a stranger or a wrong card is counted; nothing else is written.
    with core.db.transaction() as tx:
        mine = situation_of(tx, asker.person_id, now)
        asked = _Asked(core, tx, asker, mine, answers, now)
        about = _about_own(asked) if name == OWN else _about_relative(asked)
    return plan_voucher_flow(name, core.home_pack(mine, now), about, answers, now)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One person with their answers so far."""

    core: Core
    tx: Tx
    asker: Asker
    mine: Situation
    answers: Answers
    now: datetime

    def said(self, question: str) -> str | None:
        """What was answered to a question in any step, where it is text."""
        found = (given[question] for given in self.answers.values() if given.get(question))
        return next((one for one in found if isinstance(one, str)), None)


def _own(core: Core, tx: Tx, mine: Situation, now: datetime) -> OwnVoucher:
    waiting = kinship_answers.waiting_for(tx, mine.person.id, now)
    return OwnVoucher(core.home_pack(mine, now), mine.person, len(waiting), now)


def _own_list(core: Core, tx: Tx, mine: Situation, now: datetime) -> OwnList:
    return OwnList(core.home_pack(mine, now), mine.person, kinship_rows.read_list(tx, mine.person.id), now)


def _about_own(asked: _Asked) -> FlowFacts:
    core, tx, mine = asked.core, asked.tx, asked.mine
    requests = kinship_answers.waiting_for(tx, mine.person.id, asked.now)
    names = people.masked_names(tx, core.keys, [tie.helper_id for tie in requests])
    asking = tuple(ShownMember(tie.id, names[tie.helper_id], word_of(tie.kinship), is_payer=True) for tie in requests)
    side = _with_card(asked, own_side(_own(core, tx, mine, asked.now)), mine)
    return replace(about_person(core, tx, mine, Candidate()), listed=asking, voucher=side)


def _about_relative(asked: _Asked) -> FlowFacts:
    core, tx, mine = asked.core, asked.tx, asked.mine
    before = _own_list(core, tx, mine, asked.now)
    found = _candidate(asked)
    listed = presets.shown_unlisted(core, tx, mine, before.ties, asked.now)
    about = replace(about_person(core, tx, mine, found), listed=listed)
    flow = flow_of(before.pack, RELATIVE) if before.pack else None
    if before.pack is None or flow is None:
        return replace(about, voucher=VoucherSide(before.verdict()))
    # The answers as they can be read before it is known which questions there are.
    sketch = Drawing(RELATIVE, before.pack, flow, about, asked.answers, asked.now)
    # What was chosen from the other list says already what the relative is.
    word = asked.said("relation") or (sketch.preset.relation if sketch.preset else "")
    side = relative_side(before, _naming(asked, found, word), sketch)
    return replace(about, voucher=_with_card(asked, side, found.situation))


def _candidate(asked: _Asked) -> Candidate:
    """Who is chosen from the other list, or named by hand."""
    core, tx, now = asked.core, asked.tx, asked.now
    chosen, relative = chosen_in(asked.answers, RELATIVE), named_relative(asked.answers, now)
    if chosen is not None:
        person_id = presets.member_or_nobody(tx, asked.asker.person_id, chosen, now)
    elif relative is not None:
        person_id = find_relative(core, tx, asked.asker, Named(relative.name, relative.cert_type, relative.id_number), now)
    else:
        return Candidate()
    return Candidate(True, read_situation(tx, person_id, now) if person_id else None)


def _naming(asked: _Asked, found: Candidate, word: str) -> Naming | None:
    if found.situation is None:
        return None
    pair = (asked.mine.person.id, found.situation.person.id)
    naming = read_naming(asked.core, asked.tx, pair, word, asked.now)
    return naming if isinstance(naming, Naming) else None


def _with_card(asked: _Asked, side: VoucherSide, owner: Situation | None) -> VoucherSide:
    """A bank card that was typed is compared at once, and a wrong one is counted."""
    card = asked.said("bank_card")
    pack = asked.core.home_pack(owner, asked.now) if owner else None
    if card is None or owner is None or pack is None or not side.must_be_seen or "bank_card" not in side.methods:
        return side
    sought = person_checks.Sought(asked.asker, owner.person.id, card)
    return replace(side, card_differs=person_checks.bank_card_reason(asked.core, asked.tx, pack, sought) is not None)
