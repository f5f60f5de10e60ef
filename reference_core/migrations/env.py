"""Runs migrations over one psycopg connection; Alembic reads this file whenever it is asked to move the schema."""

from __future__ import annotations

import psycopg
from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

# Any number does that nothing else here locks: two processes that start at once must not migrate at once.
_ONE_AT_A_TIME = 4_076_301


def run() -> None:
    """Upgrade the database at `database_url`, under a lock that a second runner waits for."""
    url = context.config.attributes["database_url"]
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS core"))
        connection.commit()
        context.configure(connection=connection, version_table="schema_version", version_table_schema="core")
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
