"""The second schema: terms of a tie, reviews and acceptance, uploads, and tries at naming a relative."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add everything that `sql/0002` describes."""
    run_sql_files(revision)
