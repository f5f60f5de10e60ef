"""Runs the SQL files of one revision as they are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import op

_FOLDER = Path(__file__).parent / "sql"


def run_sql_files(revision: str) -> None:
    """Run every file of `sql/<revision>`, in the order of their names, inside the migration's transaction."""
    # The driver's own connection: SQLAlchemy would read colons and percent signs in functions as parameters.
    connection: Any = op.get_bind().connection.driver_connection
    for file in sorted((_FOLDER / revision).glob("*.sql")):
        connection.execute(file.read_text(encoding="utf-8"))
