"""All that the core keeps of one citizen, told on request: their own in clear, of others no more than masked names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reference_core.db import Row, Tx
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services.afterwards import records
from reference_core.services.people import people
from reference_core.vocabulary.kinship import word_of


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of `tables` that concern `me`. `other` is somebody whose name is masked, `kinship` a code put into our words."""

    name: str
    tables: tuple[str, ...]
    query: str


SECTIONS = (
    Section(
        "insurances", ("insurances",), "SELECT insutype, status, region, paid_year FROM core.insurances WHERE person_id = %(me)s"
    ),
    Section(
        "vouchers",
        ("vouchers",),
        "SELECT activated_at, suspended_at, activated_method, activated_by AS other FROM core.vouchers WHERE person_id = %(me)s",
    ),
    Section(
        "voucher_codes",
        ("voucher_codes",),
        "SELECT issued_at, expires_at, used_at, region, CASE WHEN person_id <> %(me)s THEN person_id ELSE shown_by END AS other "
        "FROM core.voucher_codes WHERE person_id = %(me)s OR shown_by = %(me)s ORDER BY issued_at",
    ),
    Section(
        "far_reads",
        ("far_reads",),
        "SELECT at, region, cleared_until FROM core.far_reads WHERE shown_by = %(me)s ORDER BY at",
    ),
    Section(
        "identity_checks",
        ("identity_checks",),
        "SELECT verified ->> 'channel' AS channel, verified ->> 'method' AS method, at FROM core.identity_checks "
        "WHERE person_id = %(me)s ORDER BY id",
    ),
    Section(
        "account_movements",
        ("accounts",),
        "SELECT t.at, t.kind, a.deposit_year, p.amount_fen FROM core.postings p JOIN core.accounts a ON a.id = p.account_id "
        "JOIN core.transfers t ON t.id = p.transfer_id WHERE a.person_id = %(me)s ORDER BY p.id",
    ),
    Section(
        "shared_accounts",
        ("mutual_aid_accounts",),
        "SELECT region, opened_at, suspended_at, closed_at FROM core.mutual_aid_accounts WHERE person_id = %(me)s "
        "ORDER BY opened_at",
    ),
    Section(
        "pledges",
        ("pledges",),
        "SELECT purpose, title, text, version, region, signed_at FROM core.pledges WHERE person_id = %(me)s ORDER BY signed_at",
    ),
    Section(
        "relations",
        ("relations",),
        "SELECT CASE WHEN payer_id = %(me)s THEN 'payer' ELSE 'member' END AS my_role, kinship, region, bound_at, "
        "effective_from, ended_at, monthly_cap_fen, scopes, starts_on, ends_on, "
        "CASE WHEN payer_id = %(me)s THEN member_id ELSE payer_id END AS other "
        "FROM core.relations WHERE %(me)s IN (payer_id, member_id) ORDER BY bound_at",
    ),
    Section(
        "kinships",
        ("kinships", "proxy_activations"),
        "SELECT CASE WHEN helper_id = %(me)s THEN 'helper' ELSE 'relative' END AS my_role, kinship, requested_at, confirmed_at, "
        "ended_at, CASE WHEN helper_id = %(me)s THEN relative_id ELSE helper_id END AS other, "
        "(SELECT count(*) FROM core.proxy_activations p WHERE p.kinship_id = k.id) AS activations "
        "FROM core.kinships k WHERE %(me)s IN (helper_id, relative_id) ORDER BY requested_at",
    ),
    Section(
        "uploads",
        ("uploads",),
        "SELECT media_type, created_at, purpose FROM core.uploads WHERE person_id = %(me)s ORDER BY created_at",
    ),
    Section("tries", ("member_tries",), "SELECT at FROM core.member_tries WHERE person_id = %(me)s ORDER BY at"),
    Section("events", ("events",), "SELECT at, kind FROM core.events WHERE person_id = %(me)s ORDER BY id"),
    Section(
        "disputes",
        ("disputes",),
        "SELECT settlement_id::text AS record, opened_at, decision, because, decided_at FROM core.disputes "
        "WHERE opened_by = %(me)s ORDER BY opened_at",
    ),
    Section(
        "reports", ("reports",), "SELECT receipt_number, kind, region, at FROM core.reports WHERE person_id = %(me)s ORDER BY at"
    ),
    Section("deletions", ("deletions",), "SELECT at FROM core.deletions WHERE person_id = %(me)s ORDER BY at"),
)
# Told in sections of their own making below.
ALSO_TOLD = ("people", "settlements", "settlement_parts")


def export(core: Core, person_id: str) -> Row:
    """Every section; raises `NotFound`."""
    with core.db.connection() as tx:
        told: Row = {"person": _person(core, tx, person_id)}
        for section in SECTIONS:
            rows = tx.execute(section.query.encode(), {"me": person_id}).fetchall()
            told[section.name] = _in_words(core, tx, rows, person_id)
    return {**told, "records": records.all_records(core, person_id)}


def _person(core: Core, tx: Tx, person_id: str) -> Row:
    row = tx.execute(
        "SELECT cert_type, phone_assurance, bank_cards_sealed, sex, born, region, conditions, card_state, died_on, created_at "
        "FROM core.people WHERE id = %s",
        [person_id],
    ).fetchone()
    if row is None:
        raise NotFound
    named = people.read_names(tx, core.keys, [person_id])[person_id]
    cards = people.open_cards(core.keys, person_id, row.pop("bank_cards_sealed"))
    own = {"name": named.name, "id_number": named.number, "phone": named.phone, "card_number": named.card_number}
    return {**own, "bank_cards": cards, **{name: _plain(value) for name, value in row.items()}}


def _in_words(core: Core, tx: Tx, rows: list[Row], me: str) -> list[Row]:
    others = {str(row["other"]) for row in rows if row.get("other") is not None}
    names = people.masked_names(tx, core.keys, sorted(others - {me}))
    return [_told(row, names) for row in rows]


def _told(row: Row, names: dict[str, str]) -> Row:
    told = {name: _plain(value) for name, value in row.items() if name not in ("other", "kinship")}
    if "kinship" in row:
        told["relation"] = word_of(row["kinship"])
    if "other" in row:
        told["name_masked"] = names.get(str(row["other"]))
    return told


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
