"""The thirteenth schema: what a member asks of a payer is answered."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add everything that `sql/0013` describes."""
    run_sql_files(revision)
