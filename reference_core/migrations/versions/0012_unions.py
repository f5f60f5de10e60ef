"""The twelfth schema: union ids are found across the apps of one owner."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add everything that `sql/0012` describes."""
    run_sql_files(revision)
