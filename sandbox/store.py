"""What the sandbox remembers from one start to the next: people, institutions, channel subjects, messages (SQLite)."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS people (position INTEGER PRIMARY KEY, id_number TEXT NOT NULL UNIQUE, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS institutions (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS subjects (
    channel TEXT NOT NULL, app_id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, id_number TEXT NOT NULL,
    PRIMARY KEY (channel, app_id, kind, subject)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (position INTEGER PRIMARY KEY, id_number TEXT NOT NULL, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kinships (
    channel TEXT NOT NULL, id_number TEXT NOT NULL, relatives TEXT NOT NULL, PRIMARY KEY (channel, id_number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_of_person ON messages (id_number, position);
"""


class Store:
    """One file, one connection, one writer or reader at a time: a developer's world is small."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(folder / "sandbox.sqlite3", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def people(self) -> list[Facts]:
        """Everybody, in the order in which they were made."""
        return [json.loads(facts) for (facts,) in self._rows("SELECT facts FROM people ORDER BY position")]

    def person(self, id_number: str) -> Facts | None:
        """One person's facts, or `None`."""
        rows = self._rows("SELECT facts FROM people WHERE id_number = ?", id_number)
        return json.loads(rows[0][0]) if rows else None

    def add_person(self, facts: Facts) -> bool:
        """Remember a new person; `False` if the number is taken."""
        with self._transaction() as db:
            done = db.execute("INSERT OR IGNORE INTO people (id_number, facts) VALUES (?, ?)", (facts["id_number"], _text(facts)))
            return done.rowcount == 1

    def change_person(self, id_number: str, change: Callable[[Facts], Facts]) -> Facts:
        """Replace one known person's facts by what `change` makes of them."""
        with self._transaction() as db:
            (written,) = db.execute("SELECT facts FROM people WHERE id_number = ?", (id_number,)).fetchone()
            facts = change(json.loads(written))
            db.execute("UPDATE people SET facts = ? WHERE id_number = ?", (_text(facts), id_number))
            return facts

    def forget_person(self, id_number: str) -> None:
        """Take back a person whom the core did not take."""
        with self._transaction() as db:
            db.execute("DELETE FROM people WHERE id_number = ?", (id_number,))

    def is_taken(self, field: str, value: str) -> bool:
        """Whether somebody has this phone or card number."""
        return bool(self._rows("SELECT 1 FROM people WHERE json_extract(facts, ?) = ? LIMIT 1", f"$.{field}", value))

    def owner_of_phone(self, phone: str) -> str | None:
        """The ID number of whoever has this phone, or `None`."""
        rows = self._rows("SELECT id_number FROM people WHERE json_extract(facts, '$.phone') = ? LIMIT 1", phone)
        return str(rows[0][0]) if rows else None

    def institutions(self) -> list[Facts]:
        """Every institution, in the order in which they were made."""
        return [json.loads(facts) for (facts,) in self._rows("SELECT facts FROM institutions ORDER BY position")]

    def put_institution(self, facts: Facts) -> None:
        """Add an institution, or replace the one of that id in its place."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO institutions (id, facts) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET facts = excluded.facts",
                (facts["id"], _text(facts)),
            )

    def put_subject(self, channel: str, app_id: str, kind: str, subject: str, id_number: str) -> None:
        """Remember whom a channel means by a subject."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO subjects VALUES (?, ?, ?, ?, ?)", (channel, app_id, kind, subject, id_number))

    def subject_owner(self, channel: str, app_id: str, kind: str, subject: str) -> str | None:
        """The ID number behind a subject, or `None`."""
        rows = self._rows(
            "SELECT id_number FROM subjects WHERE channel = ? AND app_id = ? AND kind = ? AND subject = ?",
            channel,
            app_id,
            kind,
            subject,
        )
        return str(rows[0][0]) if rows else None

    def add_message(self, id_number: str, message: Facts) -> None:
        """Keep what a channel delivered to a person."""
        with self._transaction() as db:
            db.execute("INSERT INTO messages (id_number, facts) VALUES (?, ?)", (id_number, _text(message)))

    def messages(self, id_number: str) -> list[Facts]:
        """What was delivered to a person, oldest first."""
        return [
            json.loads(facts)
            for (facts,) in self._rows("SELECT facts FROM messages WHERE id_number = ? ORDER BY position", id_number)
        ]

    def put_kinships(self, channel: str, id_number: str, relatives: list[Facts]) -> None:
        """Replace the relatives whose vouchers a platform shows on somebody's phone."""
        with self._transaction() as db:
            written = json.dumps(relatives, ensure_ascii=False)
            db.execute("INSERT OR REPLACE INTO kinships VALUES (?, ?, ?)", (channel, id_number, written))

    def kinships(self, channel: str, id_number: str) -> list[Facts]:
        """Those relatives: their facts, with the platform's word for the tie as `relation`."""
        rows = self._rows("SELECT relatives FROM kinships WHERE channel = ? AND id_number = ?", channel, id_number)
        told = json.loads(rows[0][0]) if rows else []
        found = ((self.person(relative["id_number"]), relative) for relative in told)
        return [{**facts, "relation": relative["relation"]} for facts, relative in found if facts is not None]


def _text(facts: Facts) -> str:
    return json.dumps(facts, ensure_ascii=False)
