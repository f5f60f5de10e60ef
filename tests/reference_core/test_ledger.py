"""The books defend themselves: what the database refuses whoever asks, and what the check of the books finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from reference_core.parts import Core
from reference_core.settings import Settings
from tests.reference_core.callers import CITY, Json, World


@pytest.fixture
def raw(settings: Settings, core: Core) -> Iterator[psycopg.Connection]:
    """A connection past all our code; what it did is rolled back."""
    connection = psycopg.connect(settings.database_url)
    yield connection
    connection.rollback()
    connection.close()


def run(command: str, database_url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": database_url}
    return subprocess.run(
        [sys.executable, "-m", f"reference_core.{command}"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def account_of(raw: psycopg.Connection, person: Json) -> int:
    row = raw.execute("SELECT id FROM core.accounts WHERE person_id = %s AND balance_fen > 0", [person["person_id"]]).fetchone()
    assert row is not None
    return int(row[0])


def new_transfer(raw: psycopg.Connection) -> int:
    row = raw.execute(
        "INSERT INTO core.transfers (kind, at) VALUES ('adjustment', '2026-01-01T00:00+08') RETURNING id"
    ).fetchone()
    assert row is not None
    return int(row[0])


def post(raw: psycopg.Connection, transfer: int, account: int, amount_fen: int) -> None:
    raw.execute(
        "INSERT INTO core.postings (transfer_id, account_id, amount_fen) VALUES (%s, %s, %s)", [transfer, account, amount_fen]
    )


def test_a_personal_account_below_zero_is_refused_by_the_database(world: World, raw: psycopg.Connection) -> None:
    account = account_of(raw, world.employee(500))

    with pytest.raises(psycopg.errors.CheckViolation, match="personal_balance_is_never_negative"):
        post(raw, new_transfer(raw), account, -501)


def test_a_transfer_whose_postings_do_not_add_to_zero_is_refused_at_commit(world: World, raw: psycopg.Connection) -> None:
    post(raw, new_transfer(raw), account_of(raw, world.employee(500)), 100)

    with pytest.raises(psycopg.errors.CheckViolation, match="do not add to zero"):
        raw.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core.postings SET amount_fen = amount_fen + 1",
        "DELETE FROM core.postings",
        "TRUNCATE core.postings CASCADE",
        "UPDATE core.transfers SET kind = 'refund'",
        "DELETE FROM core.accounts",
        "UPDATE core.accounts SET credits_fen = credits_fen + 1",
        "INSERT INTO core.accounts (kind, region, credits_fen) VALUES ('funding', '999999', 5)",
    ],
)
def test_nobody_rewrites_the_books(world: World, raw: psycopg.Connection, statement: str) -> None:
    world.employee(500)

    with pytest.raises(psycopg.errors.RestrictViolation):
        raw.execute(statement.encode())


@pytest.mark.parametrize("table", ["relations", "pledges", "mutual_aid_accounts", "settlements", "settlement_parts"])
def test_history_is_never_deleted(world: World, raw: psycopg.Connection, table: str) -> None:
    son, mother = world.employee(500), world.resident()
    world.family(son, mother)
    world.pay(world.institution(), mother, 100).ok()

    with pytest.raises(psycopg.errors.RestrictViolation):
        raw.execute(f"DELETE FROM core.{table}".encode())  # noqa: S608  # a table of the list above


def test_the_check_finds_each_kind_of_broken_book(world: World, raw: psycopg.Connection) -> None:
    """The triggers are switched off first, as a careless administrator could."""
    person = world.employee(500)
    settlement = world.pay(world.institution(), person, 100).ok()["settlement_id"]
    account = account_of(raw, person)
    raw.execute("SET session_replication_role = replica")
    post(raw, new_transfer(raw), account, -7)
    new_transfer(raw)
    raw.execute("UPDATE core.settlement_parts SET amount_fen = 99 WHERE settlement_id = %s", [settlement])

    found = {row[0] for row in raw.execute("SELECT rule FROM core.ledger_violations")}

    assert found == {
        "transfer_does_not_sum_to_zero",
        "transfer_without_postings",
        "account_totals_differ_from_postings",
        "settlement_parts_differ_from_its_figures",
        "settlement_parts_differ_from_postings",
    }


def test_the_check_is_a_command_that_says_how_many_it_found(settings: Settings, world: World) -> None:
    world.employee(500)

    told = run("check_ledger", settings.database_url)

    assert (told.returncode, told.stdout) == (0, "0 violations\n")


def test_the_command_names_what_is_broken_and_where_and_fails(settings: Settings, raw: psycopg.Connection) -> None:
    raw.execute("SET session_replication_role = replica")
    transfer = new_transfer(raw)
    raw.commit()

    try:
        told = run("check_ledger", settings.database_url)
    finally:
        raw.execute("DELETE FROM core.transfers WHERE id = %s", [transfer])
        raw.commit()

    assert told.returncode == 1
    assert told.stdout.startswith("transfer_without_postings: ")
    assert str(transfer) in told.stdout
    assert told.stdout.endswith("\n1 violations\n")


def test_a_command_without_its_database_says_what_is_missing() -> None:
    told = run("check_ledger", "")

    assert told.returncode != 0
    assert "DATABASE_URL is missing" in told.stderr


def test_migrating_again_changes_nothing(settings: Settings, world: World) -> None:
    person = world.employee(500)

    assert run("migrate", settings.database_url).returncode == 0

    assert world.account(person)["balance_fen"] == 500


def test_a_balance_that_an_agency_reports_is_reached_by_postings(world: World, core: Core) -> None:
    """Lower: the prior years' oldest money stays as long as it may; higher: the difference is brought in."""
    person = world.employee(balance_fen=1_000, prior_year_fen=400)
    for total, prior, expected in [
        (700, None, (300, 400)),
        (200, None, (0, 200)),
        (900, 500, (400, 500)),
        (900, 500, (400, 500)),
    ]:
        told = {"insutype": "310", "status": "normal", "balance_fen": total}
        world.change(person, insurances=[told if prior is None else {**told, "prior_year_fen": prior}])

        account = world.account(person)
        assert (account["current_year_fen"], account["prior_year_fen"]) == expected

    moved = core.db.rows(
        "SELECT DISTINCT t.id FROM core.transfers t JOIN core.postings p ON p.transfer_id = t.id "
        "JOIN core.accounts a ON a.id = p.account_id WHERE t.kind = 'adjustment' AND a.person_id = %s",
        [person["person_id"]],
    )
    assert len(moved) == 3


def test_a_deposit_is_money_of_the_year_it_comes_in(world: World) -> None:
    person = world.employee(balance_fen=1_000, prior_year_fen=400)

    world.change(person, deposit_fen=250)

    assert world.account(person)["current_year_fen"] == 850


def test_money_that_came_in_was_funded_by_the_persons_region(world: World, core: Core) -> None:
    before = core.db.one(
        "SELECT coalesce(sum(balance_fen), 0)::bigint AS fen FROM core.accounts WHERE kind = 'funding' AND region = %s", [CITY]
    )

    world.employee(1_234)

    after = core.db.one(
        "SELECT sum(balance_fen)::bigint AS fen FROM core.accounts WHERE kind = 'funding' AND region = %s", [CITY]
    )
    assert before is not None
    assert after is not None
    assert after["fen"] == before["fen"] - 1_234
