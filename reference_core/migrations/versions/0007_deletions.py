"""Deletions that people asked for, and what of an ended tie they may still have emptied."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add everything that `sql/0007` describes."""
    run_sql_files(revision)
