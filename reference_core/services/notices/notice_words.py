"""The words that a notice needs and must not keep: whose tie it is about (masked), where a payment was, what a rule says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reference_core.db import Row, Tx
from reference_core.decisions.reasons import told_without_facts
from reference_core.parts import Core
from reference_core.services.people import people
from reference_core.vocabulary.kinship import label_of, word_of
from reference_core.vocabulary.reason_catalogue import entry_of, known_rules

_TIES: Mapping[str, str] = {
    "relations": "SELECT id::text AS id, kinship, payer_id::text AS giver, member_id::text AS taker FROM core.relations "
    "WHERE id = ANY (%(ids)s) AND %(me)s IN (payer_id, member_id)",
    "kinships": "SELECT id::text AS id, kinship, helper_id::text AS giver, relative_id::text AS taker FROM core.kinships "
    "WHERE id = ANY (%(ids)s) AND %(me)s IN (helper_id, relative_id)",
}


def words(core: Core, person_id: str, asked: dict[str, Any]) -> Row:
    """Words for what this person's notices name; whatever is not theirs to know is left out."""
    with core.db.connection() as tx:
        return {
            **{kind: _ties(core, tx, kind, person_id, asked[kind]) for kind in _TIES},
            "settlements": _places(tx, person_id, asked["settlements"]),
            "rules": {rule: _rule(rule) for rule in asked["rules"] if rule in known_rules()},
        }


def _ties(core: Core, tx: Tx, kind: str, me: str, ids: Iterable[Any]) -> Row:
    rows = tx.execute(_TIES[kind], {"ids": list(ids), "me": me}).fetchall()
    other = {row["id"]: row["taker"] if row["giver"] == me else row["giver"] for row in rows}
    names = people.masked_names(tx, core.keys, sorted(set(other.values())))
    return {row["id"]: {"name_masked": names[other[row["id"]]], "relation": _relation(row, me)} for row in rows}


def _relation(row: Row, me: str) -> str:
    """What the other side is to me, where the kept code says it; the code says what the taker is to the giver."""
    return label_of(word_of(row["kinship"])) if row["giver"] == me else "家人"


def _places(tx: Tx, me: str, ids: Iterable[Any]) -> Row:
    rows = tx.execute(
        "SELECT s.id::text AS id, i.name, CASE WHEN s.member_id = %(me)s THEN s.reasons ELSE '[]' END AS reasons, "
        "core.balance_after(%(me)s, s.id) AS balance_fen "
        "FROM core.settlements s JOIN core.institutions i ON i.id = s.institution_id "
        "WHERE s.id = ANY (%(ids)s) AND (s.member_id = %(me)s OR EXISTS (SELECT FROM core.settlement_parts p "
        "WHERE p.settlement_id = s.id AND p.person_id = %(me)s))",
        {"ids": list(ids), "me": me},
    ).fetchall()
    return {
        row["id"]: {
            "place": row["name"],
            "balance_after_fen": row["balance_fen"],
            "reasons": [_said(reason) for reason in row["reasons"]],
        }
        for row in rows
    }


def _said(reason: Row) -> Row:
    return {"text": reason["text"], "next_step": reason["next_step"]}


def _rule(rule: str) -> Row:
    said = told_without_facts(entry_of(rule))
    return {"text": said.text, "next_step": said.next_step}
