"""The way to PostgreSQL: a pool of connections that commit each statement, and transactions where several belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from psycopg import Connection, sql
from psycopg.rows import dict_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from reference_core.problems import OutcomeUnknown, TryAgain

Row = dict[str, Any]
Tx = Connection[Row]

# A lock is held for one server-side call, so seconds of waiting mean that something is wrong.
_SESSION = "-c timezone=Asia/Shanghai -c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=15s"
_POOL_PATIENCE_S = 5.0


class Database:
    """A pool with the few verbs that the core needs; every failure of the database leaves as a `CoreError`."""

    def __init__(self, url: str, size: int, role: str | None = None) -> None:
        self._role = role
        self._pool: ConnectionPool[Tx] = ConnectionPool(
            url,
            connection_class=Connection[Row],
            # prepare_threshold 1: a statement asked twice on one connection is planned once.
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "prepare_threshold": 1,
                "options": _SESSION,
                "connect_timeout": 5,
            },
            min_size=1,
            max_size=size,
            timeout=_POOL_PATIENCE_S,
            configure=self._prepare,
            open=False,
        )

    def open(self) -> None:
        """Start connecting in the background; a database that is away shows in `ready`, not here."""
        self._pool.open()

    def close(self) -> None:
        """Give every connection back."""
        self._pool.close()

    def ready(self) -> bool:
        """Whether a query is answered now."""
        try:
            return self.one("SELECT 1 AS one") == {"one": 1}
        except (TryAgain, OutcomeUnknown):
            return False

    @contextmanager
    def connection(self) -> Iterator[Tx]:
        """One connection for a few statements, each on its own."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise _plainly(error) from error

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """One transaction; it commits when the block ends and rolls back when the block raises."""
        with self.connection() as connection, connection.transaction():
            yield connection

    def one(self, query: str, parameters: Sequence[Any] | Row = ()) -> Row | None:
        """The first row of one statement, or `None`."""
        with self.connection() as connection:
            return connection.execute(query.encode(), parameters).fetchone()

    def rows(self, query: str, parameters: Sequence[Any] | Row = ()) -> list[Row]:
        """All rows of one statement."""
        with self.connection() as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def _prepare(self, connection: Tx) -> None:
        set_json_dumps(orjson.dumps, connection)
        set_json_loads(orjson.loads, connection)
        if self._role is None:
            return
        # Where the migrating user may not create roles there is none, and the register shares the core's user.
        known = connection.execute(
            "SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(rolname, 'MEMBER')", [self._role]
        ).fetchone()
        if known is not None:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(self._role)))


def _plainly(error: psycopg.OperationalError | PoolTimeout) -> TryAgain | OutcomeUnknown:
    """Refused, rolled back and timed-out statements did nothing; a connection lost at work may have committed."""
    state = getattr(error, "sqlstate", None)
    if isinstance(error, PoolTimeout) or (state is not None and not state.startswith(("57P", "08"))):
        return TryAgain()
    return OutcomeUnknown()
