"""The first schema: people, ledger, sharing, settlements, and the app register beside them."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything that `sql/0001` describes."""
    run_sql_files(revision)
