"""The one way to Redis: no silent retries, short time limits, and one error of ours when it does not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from bff.errors import StoreUnavailable

T = TypeVar("T")
Value = str | bytes | int | float


class RedisDoor:
    """A pool of connections. A command is sent once: a retried INCR or SET NX would count or lock twice."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._redis = redis.Redis(
            connection_pool=redis.ConnectionPool.from_url(
                url,
                retry=Retry(NoBackoff(), 0),
                socket_timeout=timeout_s,
                socket_connect_timeout=timeout_s,
                max_connections=100,
            )
        )

    def script(self, lua: str) -> Callable[[Sequence[str], Sequence[Value]], Any]:
        """A Lua script as a function of keys and arguments; Redis runs it as one step."""
        script: Script = self._redis.register_script(lua)

        def run(keys: Sequence[str], arguments: Sequence[Value]) -> Any:
            return self.do(lambda _: script(keys=list(keys), args=list(arguments)))

        return run

    def do(self, work: Callable[[redis.Redis], T]) -> T:
        """Run commands; whatever goes wrong between us and Redis is `StoreUnavailable`."""
        try:
            return work(self._redis)
        except redis.RedisError as fault:
            raise StoreUnavailable from fault

    def answers(self) -> bool:
        """Whether Redis takes commands right now."""
        return bool(self.do(lambda client: client.ping()))
