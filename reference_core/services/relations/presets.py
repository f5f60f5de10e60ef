"""A relative who stands in one list already need not be named again for the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from groundwork.masking import mask_id_number, mask_name
from reference_core.db import Tx
from reference_core.decisions.flow_plans.context import ShownMember
from reference_core.decisions.rules.people import standing
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services.people import people
from reference_core.services.people.situations import to_relation
from reference_core.services.vouchers import kinship_rows
from reference_core.vocabulary.facts import KinshipTie, Relation, Situation
from reference_core.vocabulary.kinship import word_of


def member_of_relation(tx: Tx, payer_id: str, relation_id: str, now: datetime) -> str:
    """Who is helped by this tie of this payer's; raises `NotFound` for a tie that is another's or has ended."""
    return standing_relation(tx, payer_id, relation_id, now).member_id


def standing_relation(tx: Tx, payer_id: str, relation_id: str, now: datetime) -> Relation:
    """One standing tie of this payer; raises `NotFound`."""
    row = tx.execute(
        "SELECT core.relation_facts(r) AS tie FROM core.relations r WHERE r.id = %s AND r.payer_id = %s", [relation_id, payer_id]
    ).fetchone()
    tie = to_relation(row["tie"]) if row else None
    if tie is None or not tie.stands(now):
        raise NotFound
    return tie


def listed_relative(tx: Tx, helper_id: str, voucher_id: str, now: datetime) -> KinshipTie:
    """The tie by which this voucher stands in this helper's list; raises `NotFound`."""
    row = tx.execute("SELECT person_id::text AS id FROM core.vouchers WHERE id = %s", [voucher_id]).fetchone()
    ties = kinship_rows.read_list(tx, helper_id)
    found = next((tie for tie in ties if row and tie.relative_id == row["id"] and tie.stands(now)), None)
    if found is None:
        raise NotFound
    return found


def relative_in_list(tx: Tx, helper_id: str, voucher_id: str, now: datetime) -> str:
    """Who the relative of this voucher is, once they agreed to be in the list; raises `NotFound`."""
    tie = listed_relative(tx, helper_id, voucher_id, now)
    if tie.status(now) != "active":
        raise NotFound
    return tie.relative_id


def member_or_nobody(tx: Tx, payer_id: str, relation_id: str, now: datetime) -> str | None:
    """Who is helped by this tie, where an id that leads nowhere is simply no choice."""
    if not is_id(relation_id):
        return None
    try:
        return member_of_relation(tx, payer_id, relation_id, now)
    except NotFound:
        return None


def relative_in_list_or_nobody(tx: Tx, helper_id: str, voucher_id: str, now: datetime) -> str | None:
    """The same, where an id that leads nowhere is simply no choice."""
    if not is_id(voucher_id):
        return None
    try:
        return relative_in_list(tx, helper_id, voucher_id, now)
    except NotFound:
        return None


def is_id(said: str) -> bool:
    """Whether something that was said could be an id at all."""
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def shown_unshared(core: Core, tx: Tx, mine: Situation, now: datetime) -> tuple[ShownMember, ...]:
    """The relatives whose voucher I show and who cannot use my money yet; `id` is the voucher's."""
    shared = {tie.member_id for tie in standing(mine.as_payer, now)}
    ties = [tie for tie in kinship_rows.read_list(tx, mine.person.id) if tie.status(now) == "active"]
    return _shown(core, tx, {kinship_rows.voucher_of(tx, tie.relative_id): tie for tie in ties if tie.relative_id not in shared})


def shown_unlisted(core: Core, tx: Tx, mine: Situation, ties: Sequence[KinshipTie], now: datetime) -> tuple[ShownMember, ...]:
    """The relatives who may use my money and whose voucher I cannot show, or show as something else; `id` is the tie's."""
    listed = {tie.relative_id: tie.kinship for tie in ties if tie.stands(now)}
    shared = [tie for tie in standing(mine.as_payer, now) if listed.get(tie.member_id) != tie.kinship]
    return _shown(core, tx, {tie.id: tie for tie in shared})


def _shown(core: Core, tx: Tx, ties: Mapping[str, KinshipTie | Relation]) -> tuple[ShownMember, ...]:
    whose = {one: tie.relative_id if isinstance(tie, KinshipTie) else tie.member_id for one, tie in ties.items()}
    named = people.read_names(tx, core.keys, list(whose.values()))
    return tuple(
        ShownMember(
            id=one,
            name_masked=mask_name(named[whose[one]].name),
            relation=word_of(tie.kinship),
            id_number_masked=mask_id_number(named[whose[one]].number),
        )
        for one, tie in ties.items()
    )
