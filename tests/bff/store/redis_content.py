"""All that lies in a Redis, as bytes, to look for what must not be there."""

from __future__ import annotations

from typing import Any

import redis


def everything(client: redis.Redis) -> bytes:
    """Every key and every value."""
    found: list[bytes] = []
    for key in client.scan_iter():
        found.append(key)
        kind = client.type(key)
        value: Any = client.hgetall(key) if kind == b"hash" else client.get(key)
        found += [part for pair in value.items() for part in pair] if isinstance(value, dict) else [value]
    return b"\n".join(found)
