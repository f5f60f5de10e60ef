"""What agency staff have to decide: the ties under review, the longest due first, with the photos that prove them."""

from __future__ import annotations

from datetime import datetime

from groundwork.masking import mask_id_number, mask_name
from reference_core.db import Row
from reference_core.decisions.binding_terms import ReviewDays
from reference_core.parts import Core
from reference_core.reading import moment_json
from reference_core.services.people import people
from reference_core.services.people.people import Named
from reference_core.services.relations.binding import review_json
from reference_core.vocabulary.admdvs import digits_of
from reference_core.vocabulary.kinship import word_of

# A clerk works from the top; what is further down comes up.
_LIST_MAX = 200


def list_reviews(core: Core, region: str | None) -> list[Row]:
    """The ties that wait for a decision, in one region with all that lies in it, or everywhere."""
    now = core.now()
    with core.db.connection() as tx:
        rows = tx.execute(
            "SELECT r.id::text AS id, r.region, r.kinship, r.bound_at, r.review_due_from, r.review_due_by, r.review_due_assumed, "
            "r.payer_id::text AS payer_id, r.member_id::text AS member_id, "
            "ARRAY(SELECT u.id::text FROM core.uploads u WHERE u.relation_id = r.id ORDER BY u.purpose, u.created_at) AS uploads "
            "FROM core.relations r WHERE r.needs_review AND r.reviewed_at IS NULL AND r.ended_at IS NULL "
            "AND starts_with(r.region, %s) ORDER BY r.review_due_by, r.bound_at, r.id LIMIT %s",
            [digits_of(region) if region else "", _LIST_MAX],
        ).fetchall()
        named = people.read_names(tx, core.keys, [row[side] for row in rows for side in ("payer_id", "member_id")])
    return [_review_json(row, named, now) for row in rows]


def _review_json(row: Row, named: dict[str, Named], now: datetime) -> Row:
    days = ReviewDays(row["review_due_from"], row["review_due_by"], row["review_due_assumed"])
    return {
        "relation_id": row["id"],
        "region": row["region"],
        "requested_at": moment_json(row["bound_at"]),
        **review_json(days, now),
        "relation": word_of(row["kinship"]),
        "payer": _masked(named[row["payer_id"]]),
        "member": _masked(named[row["member_id"]]),
        "uploads": row["uploads"],
    }


def _masked(one: Named) -> Row:
    return {"name_masked": mask_name(one.name), "id_number_masked": mask_id_number(one.number)}
