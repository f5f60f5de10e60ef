"""The fourteenth schema: the register knows until when a guardian speaks for a citizen."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add everything that `sql/0014` describes."""
    run_sql_files(revision)
