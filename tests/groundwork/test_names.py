"""Names are compared as people mean them."""

from __future__ import annotations

import pytest

from groundwork.names import DOTS, is_same_name


@pytest.mark.parametrize("dot", [*DOTS, " · ", "・ "])
def test_any_dot_between_the_parts_of_a_name_is_the_dot_on_the_card(dot: str) -> None:
    assert is_same_name(f"阿卜杜拉{dot}买买提", "阿卜杜拉·买买提")


@pytest.mark.parametrize("other", ["阿卜杜拉买买提", "阿卜杜拉-买买提", "阿卜杜拉·买提", "阿卜杜拉··买买提"])
def test_whatever_else_differs_is_another_name(other: str) -> None:
    assert not is_same_name(other, "阿卜杜拉·买买提")
