"""A world that keeps what was said in it: errors, URLs, and every word that may never be found outside of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from dev.player import Answer, Json, World

_SECRET_WORDS = frozenset(
    {
        "token",
        "code",
        "channel_code",
        "auth_code",
        "brought",
        "id_number",
        "phone",
        "bank_card",
        "bank_cards",
        "card_number",
        "response",
    }
)
_PLACES = frozenset({"url", "href", "path"})


class Eavesdropper(World):
    """Keeps error bodies, URLs asked and given, and whatever phones and the sandbox told that is confidential."""

    def __init__(self, bff_url: str, sandbox_url: str) -> None:
        super().__init__(bff_url, sandbox_url)
        self.problems: list[bytes] = []
        self.urls: list[str] = []
        self.secrets: set[str] = set()

    def call(self, method: str, url: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        answer = super().call(method, url, body, headers)
        if url.startswith(self.bff_url):
            self.urls += [url, *places_in(answer.body)]
            self.secrets |= set(confidential(body))
            if answer.status >= 400:
                self.problems.append(json.dumps(answer.body, ensure_ascii=False).encode())
        self.secrets |= set(confidential(answer.body))
        return answer


def confidential(said: Json) -> Iterator[str]:
    """Tokens, codes, names, numbers, cards and phones in what a phone, the sandbox or the BFF said."""
    if isinstance(said, list):
        for one in said:
            yield from confidential(one)
    if isinstance(said, dict):
        # A problem's own `code` is public; a code that came alone is a login, phone or payment code.
        public = {"code"} if "detail" in said or "text" in said else set()
        for name, value in said.items():
            if name in _SECRET_WORDS - public:
                yield from (one for one in (value if isinstance(value, list) else [value]) if is_telling(one))
            if name == "name" and "id_number" in said and isinstance(value, str):
                yield value
            if isinstance(value, (dict, list)):
                yield from confidential(value)


def is_telling(value: Json) -> bool:
    """Whether this is long enough to be found by nothing but itself."""
    return isinstance(value, str) and len(value) > 8


def places_in(said: Json) -> Iterator[str]:
    """The addresses that a phone is sent to."""
    if isinstance(said, list):
        for one in said:
            yield from places_in(one)
    if isinstance(said, dict):
        yield from (value for name, value in said.items() if name in _PLACES and isinstance(value, str))
        for value in said.values():
            yield from places_in(value)
