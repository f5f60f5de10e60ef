"""A month or a year of spending by person, kind of visit and source of the money; what came back is taken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from reference_core.db import Row, Tx
from reference_core.decisions.spending_advice import advise_on_spending
from reference_core.parts import Core
from reference_core.services.afterwards.record_rows import MYSELF
from reference_core.services.people import people
from reference_core.services.people.situations import situation_of
from reference_core.vocabulary.kinship import label_of, word_of
from reference_core.vocabulary.med_types import SCENE_LABELS, scene_of
from reference_core.vocabulary.periods import Period

_OWN, _SHARED, _CASH = "own", "shared", "cash"
_SOURCES = {_OWN: "我的账户，自己用", _SHARED: "我的账户，家人用", _CASH: "现金等其他方式"}
# One's own visits with every part of them; of anybody else's only what one's own account gave. The pool's money is no spending.
_PARTS = (
    "SELECT s.member_id::text AS member_id, s.med_type, i.kind, p.source, p.person_id::text AS person_id, "
    "p.relation_id::text AS relation_id, r.kinship, r.bound_at, "
    "sum(p.amount_fen - coalesce(b.back_fen, 0))::bigint AS sum_fen "
    "FROM core.settlements s JOIN core.institutions i ON i.id = s.institution_id "
    "JOIN core.settlement_parts p ON p.settlement_id = s.id LEFT JOIN core.relations r ON r.id = p.relation_id "
    "LEFT JOIN LATERAL (SELECT sum(f.amount_fen) AS back_fen FROM core.refund_parts f "
    "  WHERE f.settlement_id = p.settlement_id AND f.position = p.position) b ON true "
    "WHERE s.id IN (SELECT id FROM core.settlements WHERE member_id = %(me)s "
    "  UNION SELECT settlement_id FROM core.settlement_parts WHERE person_id = %(me)s) "
    "AND (s.member_id = %(me)s OR p.person_id = %(me)s) AND s.at >= %(since)s AND s.at < %(until)s "
    "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY r.bound_at"
)


def summarise(core: Core, person_id: str, period: Period) -> Row:
    """Only what this person may see (Y-14), with what their city advises; raises `NotFound`."""
    now = core.now()
    with core.db.connection() as tx:
        person = situation_of(tx, person_id, now)
        parts = read_spending(tx, person_id, period)
        others = {one for part in parts for one in (part["member_id"], part["person_id"]) if one}
        names = people.masked_names(tx, core.keys, sorted(others))
    advice = advise_on_spending(core.home_pack(person, now), person)
    return {
        "total_fen": sum(part["sum_fen"] for part in parts),
        **by_each(parts, person_id, names),
        "advice": [asdict(one) for one in advice],
    }


def read_spending(tx: Tx, me: str, period: Period) -> list[Row]:
    """The parts of this period that are mine to see, summed up; the tie that was made last comes last."""
    return tx.execute(_PARTS, {"me": me, "since": period.since, "until": period.until}).fetchall()


def by_each(parts: list[Row], me: str, names: dict[str, str]) -> Row:
    """The same money three times: by person, by kind of visit, by source; the most first."""

    def person(part: Row) -> tuple[str, str, str]:
        if part["member_id"] == me:
            return me, MYSELF, "我自己"
        relation = label_of(word_of(part["kinship"]))
        return part["member_id"], part["relation_id"], f"{relation}（{names[part['member_id']]}）"

    def kind(part: Row) -> tuple[str, str, str]:
        scene = scene_of(part["med_type"], part["kind"])
        return scene, scene, SCENE_LABELS[scene]

    def source(part: Row) -> tuple[str, str, str]:
        if part["source"] == "payer" and part["person_id"] != me:
            return part["person_id"], part["relation_id"], f"{names[part['person_id']]}的账户"
        which = _SHARED if part["source"] == "payer" else part["source"]
        return which, which, _SOURCES[which]

    said = {"person": person, "kind": kind, "source": source}
    return {f"by_{what}": _grouped(parts, what, told) for what, told in said.items()}


def _grouped(parts: list[Row], what: str, told: Callable[[Row], tuple[str, str, str]]) -> list[Row]:
    groups: dict[str, Row] = {}
    for part in parts:
        key, word, label = told(part)
        before_fen = groups[key]["sum_fen"] if key in groups else 0
        groups[key] = {what: word, "label": label, "sum_fen": before_fen + part["sum_fen"]}
    return sorted(groups.values(), key=lambda group: (-group["sum_fen"], group["label"]))
