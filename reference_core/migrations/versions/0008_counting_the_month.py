"""The eighth schema: what a tie has used this month is counted for caps of a city too, and by region."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add everything that `sql/0008` describes."""
    run_sql_files(revision)
