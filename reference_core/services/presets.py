"""A relative who stands in one list already need not be named again for the other."""

from __future__ import annotations

from datetime import datetime

from reference_core.db import Tx
from reference_core.problems import NotFound
from reference_core.services import kinship_rows
from reference_core.services.situations import to_relation
from reference_core.vocabulary.facts import KinshipTie, Relation


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
