"""The sixth schema: how vouchers were activated, kinship lists, guards against proxy farming, and codes read far away."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add everything that `sql/0006` describes."""
    run_sql_files(revision)
