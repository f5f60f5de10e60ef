"""The register's consent ledger, authorisations that were revoked, and the callbacks that were taken already."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add everything that `sql/0004` describes."""
    run_sql_files(revision)
