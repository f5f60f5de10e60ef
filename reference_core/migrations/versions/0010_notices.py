"""The tenth schema: each person's inbox with what became of every push, what they allowed, and what was told ahead once."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add everything that `sql/0010` describes."""
    run_sql_files(revision)
