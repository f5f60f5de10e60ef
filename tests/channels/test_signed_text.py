"""The exact text of an answer's members, which is what a signature is under."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bff.channels.signed_text import read_members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "text",
    [
        '{"code":"10000"}',
        '{"note":"an { unbalanced } } brace"}',
        '{"a":{"b":[1,{"c":"}"}]}}',
        '"c2VhbGVk"',
        '{ "spaced" :  1 }',
        '{"url":"https:\\/\\/a\\/b"}',
        '{"quote":"\\"}{"}',
        '{"中":"文"}',
    ],
)
def test_a_members_text_is_what_was_sent(text: str) -> None:
    members = read_members(f'{{"first":1,\n "node" : {text} , "sign":"s"}}')

    assert members["node"].text == text
    assert members["node"].value == json.loads(text)


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.sampled_from([None, 2]))
def test_any_object_comes_apart_into_its_members(value: dict[str, object], indent: int | None) -> None:
    written = json.dumps(value, indent=indent)
    members = read_members(written)

    assert {name: member.value for name, member in members.items()} == value
    assert all(json.loads(member.text) == member.value for member in members.values())
    assert all(member.text in written for member in members.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"{}"',
        "{",
        '{"a"}',
        '{"a":}',
        '{"a":1,}',
        '{"a":1 "b":2}',
        '{"a":1}{}',
        '{"a":1} x',
        "{1:2}",
        '{"a":1,"a":2}',
        "<html></html>",
        '{"a":' + "[" * 200_000,
    ],
)
def test_what_is_not_one_object_is_refused(text: str) -> None:
    """A name that comes twice too: two readers could take different ones for the signed one."""
    with pytest.raises(ValueError):  # noqa: PT011  # its words are for nobody
        read_members(text)
