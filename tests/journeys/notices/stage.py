"""What tests of the worker share: events for people, what their phones got, and what the inbox says of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import psycopg

from dev.player import Json, Phone, World
from tests.journeys.cast import employee


@dataclass(frozen=True)
class Stage:
    """People with phones, and the database that the feed is in."""

    world: World
    database_url: str
    phones: Sequence[Phone]
    person_ids: Sequence[str]

    def happens(self, count: int) -> None:
        """So many events, for one person after the other, each in a transaction of its own."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            for number in range(count):
                person_id = self.person_ids[number % len(self.person_ids)]
                event = {"kind": "account_opened", "person_id": person_id, "data": {"number": number}}
                connection.execute("SELECT core.record_events(%s, now())", [json.dumps([event])])

    def inboxes(self) -> list[Json]:
        """Every notice of every phone, page by page, as its owner reads it."""
        found: list[Json] = []
        for phone in self.phones:
            cursor = ""
            while True:
                page = phone.get(f"/notices?limit=100{cursor}").ok()
                found += page["items"]
                if page["next_cursor"] is None:
                    break
                cursor = f"&cursor={page['next_cursor']}"
        return found

    def arrived(self) -> Counter[str]:
        """How often each notice came to a phone, by its id, which the page that it opens carries."""
        said = [
            message
            for phone in self.phones
            for message in self.world.play("GET", f"/phones/{phone.person['id_number']}/messages").ok()
        ]
        return Counter(parse_qs(urlsplit(message["page"]).query)["notice"][0] for message in said)


def somebody(world: World, database_url: str) -> tuple[Phone, str]:
    """A new person's phone, and the id that the core knows them by: the one that was not there before."""
    before = _citizens(database_url)
    phone = Phone(world, employee(world)).arrive()
    (person_id,) = _citizens(database_url) - before
    return phone, person_id


def _citizens(database_url: str) -> set[str]:
    """Everybody who ever proved who they are; when does not tell, since a test before may have moved the clock."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT DISTINCT person_id::text FROM app.holders WHERE person_id IS NOT NULL").fetchall()
    return {str(row[0]) for row in rows}
