"""When two spellings are one name: keyboards know many dots for the one that stands between the parts of a name."""

from __future__ import annotations

import re

# Inside a class of a regular expression: every dot that people type there, the one on identity cards first.
DOTS = "·•・‧∙⋅･．."
_DOT = re.compile(rf"\s*[{DOTS}]\s*")


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings differ in the kind of their dots, and spaces around them, at most."""
    return _as_on_cards(one) == _as_on_cards(other)


def _as_on_cards(name: str) -> str:
    return _DOT.sub("·", name.strip())
