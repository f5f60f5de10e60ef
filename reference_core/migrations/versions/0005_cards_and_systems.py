"""The fifth schema: how a card, a till's system and a year's premium stand, and why an agency turned a tie down."""

from __future__ import annotations

from reference_core.migrations.sql_files import run_sql_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add everything that `sql/0005` describes."""
    run_sql_files(revision)
