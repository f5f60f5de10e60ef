"""The eleventh schema: disputes with their trail, reports to the bureau, and what members ask of payers."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add everything that `sql/0011` describes."""
    run_sql_files(revision)
