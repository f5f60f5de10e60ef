"""Regions as the six digits of admdvs: who lies inside whom. Knows the shape of the code, never a place."""

from __future__ import annotations

import re

NATION = "000000"
_SHAPE = re.compile(r"[0-9]{6}")


def is_region(code: str) -> bool:
    """Whether `code` has the shape of a region below the nation."""
    return _SHAPE.fullmatch(code) is not None and code != NATION


def upwards(code: str) -> tuple[str, ...]:
    """The region, its city, its province, nearest first and without repeats; never the nation."""
    if not is_region(code):
        return ()
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")))


def digits_of(code: str) -> str:
    """The leading digits that everything inside a region shares with it."""
    return code.removesuffix("00").removesuffix("00")


def same_pool(scope: str, one: str, other: str, city_digits: int = 4, separate: tuple[str, ...] = ()) -> bool:
    """Whether two regions share a pool of `scope` `city`, `province` or `nation`.

    `separate` regions pool for themselves inside their city; in a municipality the city has two digits instead of four.
    """
    if scope == "nation":
        return True
    if scope == "province":
        return one[:2] == other[:2]
    return _city_pool(one, city_digits, separate) == _city_pool(other, city_digits, separate)


def _city_pool(region: str, city_digits: int, separate: tuple[str, ...]) -> str:
    return region if region in separate else region[:city_digits]
