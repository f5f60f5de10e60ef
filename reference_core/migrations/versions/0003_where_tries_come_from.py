"""The third schema: from which device and network a relative was named in vain."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add everything that `sql/0003` describes."""
    run_sql_files(revision)
