"""Every write is done once per key: the answer is kept in the transaction of its effect, and so is a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from groundwork.sealing import KeyRing
from reference_core.db import Database, Row, Tx
from reference_core.problems import KeyReused, KeySpent, Refused
from reference_core.vocabulary.facts import Reason


@dataclass(frozen=True, slots=True)
class Scope:
    """One key of one caller for one operation; `body_prints` are the body's keyed hashes, newest key first."""

    door: str
    actor: str
    operation: str
    key: str
    body_prints: tuple[str, ...]

    def as_json(self) -> Row:
        """As the database's functions take it."""
        return {
            "door": self.door,
            "actor": self.actor,
            "operation": self.operation,
            "key": self.key,
            "body_print": self.body_prints[0],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answers. An answer that is not `repeatable` is forgotten: its key is spent."""

    status: int
    body: Row
    repeatable: bool = True


def refusal(reasons: Iterable[Reason]) -> Answer:
    """A refusal that is remembered like any other outcome."""
    refused = Refused(reasons)
    return Answer(refused.status, refused.body())


def scope_of(keys: KeyRing, *, door: str, actor: str, operation: str, key: str, body: Any) -> Scope:
    """The scope of one write; the body leaves only its keyed hash behind."""
    written = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
    return Scope(door, actor, operation, key, keys.fingerprints("idempotency", written))


def recall(remembered: Row, scope: Scope) -> Answer:
    """The remembered answer; raises `KeyReused` for another body and `KeySpent` for what is never repeated."""
    if remembered["body_print"] not in scope.body_prints:
        raise KeyReused
    if remembered["answer"] is None:
        raise KeySpent
    return Answer(remembered["status"], remembered["answer"])


def once(db: Database, scope: Scope, at: datetime, work: Callable[[Tx], Answer], schema: str = "core") -> Answer:
    """Do `work` in one transaction with its key, or give the answer that the key already has."""
    with db.transaction() as tx:
        remembered = _claim(tx, scope, at, schema)
        if remembered is not None:
            return recall(remembered, scope)
        answer = work(tx)
        _keep(tx, scope, answer, schema)
    return answer


def _claim(tx: Tx, scope: Scope, at: datetime, schema: str) -> Row | None:
    # Waits for a transaction that holds the same key, so two at once become one and its replay.
    claimed = tx.execute(
        f"INSERT INTO {schema}.idempotency (door, actor, key, operation, body_print, at) "  # noqa: S608  # one of our two schemas
        "VALUES (%(door)s, %(actor)s, %(key)s, %(operation)s, %(body_print)s, %(at)s) ON CONFLICT DO NOTHING RETURNING key",
        {**scope.as_json(), "at": at},
    ).fetchone()
    if claimed is not None:
        return None
    return tx.execute(
        f"SELECT body_print, status, answer FROM {schema}.idempotency "  # noqa: S608  # one of our two schemas
        "WHERE door = %(door)s AND actor = %(actor)s AND key = %(key)s AND operation = %(operation)s",
        scope.as_json(),
    ).fetchone()


def _keep(tx: Tx, scope: Scope, answer: Answer, schema: str) -> None:
    tx.execute(
        f"UPDATE {schema}.idempotency SET status = %(status)s, answer = %(answer)s "  # noqa: S608  # one of our two schemas
        "WHERE door = %(door)s AND actor = %(actor)s AND key = %(key)s AND operation = %(operation)s",
        {**scope.as_json(), "status": answer.status, "answer": Jsonb(answer.body) if answer.repeatable else None},
    )
