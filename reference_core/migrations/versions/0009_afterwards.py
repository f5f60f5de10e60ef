"""The ninth schema: facts of a payment for tills and previews alike."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add everything that `sql/0009` describes."""
    run_sql_files(revision)
