"""Asks the books whether they still hold together: `python -m reference_core.check_ledger`."""

from __future__ import annotations

import os
import sys

import psycopg

from groundwork.environment import Environment


def violations(database_url: str) -> list[tuple[str, str]]:
    """Every broken rule of the ledger with where it was found; an empty list is what there should be."""
    with psycopg.connect(database_url) as connection:
        return [(rule, where) for rule, where in connection.execute("SELECT rule, where_found FROM core.ledger_violations")]


def main() -> int:
    """Report to whoever runs it, and by the exit code."""
    environment = Environment(os.environ)
    database_url = environment.read("DATABASE_URL", str)
    environment.finish()
    found = violations(database_url)
    for rule, where in found:
        sys.stdout.write(f"{rule}: {where}\n")
    sys.stdout.write(f"{len(found)} violations\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
