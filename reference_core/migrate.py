"""Brings a database to the newest schema: `python -m reference_core.migrate`; running it again changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

from alembic import command
from alembic.config import Config

from groundwork.environment import Environment


def migrate(database_url: str) -> None:
    """Upgrade the database to head; safe to run twice, and from two processes at once."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def main() -> None:
    """Read DATABASE_URL and migrate."""
    environment = Environment(os.environ)
    database_url = environment.read("DATABASE_URL", str)
    environment.finish()
    migrate(database_url)


if __name__ == "__main__":
    main()
