"""The fifteenth schema: a dispute that is dismissed says why."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add everything that `sql/0015` describes."""
    run_sql_files(revision)
