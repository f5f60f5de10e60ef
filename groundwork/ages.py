"""Ages to the day: when somebody has turned so many years, and until when the law lets a guardian speak for a child."""

from __future__ import annotations

from datetime import date

# Below this age a child's data are handled by the guardian's consent, which the law asks for apart (PIPL art. 31).
SPOKEN_FOR = 14


def birthday(born: date, age: int) -> date:
    """The day on which somebody turns this age; who was born on 29 February does so on 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def has_turned(born: date, age: int, today: date) -> bool:
    """Whether somebody has that age."""
    return birthday(born, age) <= today
