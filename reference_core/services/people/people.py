"""People's personal data: sealed where it is kept, found by keyed fingerprints, masked where it is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groundwork.chance import new_id
from groundwork.masking import mask_name
from groundwork.sealing import KeyRing
from reference_core.db import Tx

IDENTITY_CARD = "01"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of somebody at first; `insured` people come from the registry, others prove themselves."""

    cert_type: str
    number: str
    name: str
    sex: str
    born: date
    region: str
    phone: str | None = None
    phone_assurance: str | None = None
    card_number: str | None = None
    bank_cards: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    died_on: date | None = None
    card_state: str = "in_use"


@dataclass(frozen=True, slots=True)
class Named:
    """A person's own data in clear, for masking or comparing, never for keeping."""

    id: str
    name: str
    number: str
    phone: str | None
    card_number: str | None
    phone_verified: bool


def number_prints(keys: KeyRing, cert_type: str, number: str) -> tuple[str, ...]:
    """What a certificate is found by, newest key first."""
    return keys.fingerprints("certificate", cert_type, number)


def card_prints(keys: KeyRing, card_number: str) -> tuple[str, ...]:
    """What a social-security card is found by, newest key first."""
    return keys.fingerprints("social_card", card_number)


def find_id(tx: Tx, keys: KeyRing, cert_type: str, number: str) -> str | None:
    """Whose certificate this is."""
    prints = list(number_prints(keys, cert_type, number))
    row = tx.execute("SELECT id::text AS id FROM core.people WHERE number_print = ANY (%s)", [prints]).fetchone()
    return None if row is None else str(row["id"])


def hold_number(tx: Tx, keys: KeyRing, cert_type: str, number: str) -> None:
    """Let one transaction at a time look up and enter this certificate."""
    lock = number_prints(keys, cert_type, number)[-1]
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])


def insert_person(tx: Tx, keys: KeyRing, person: NewPerson, now: datetime) -> str:
    """Enter a person with a voucher that is not active yet; returns the new id."""
    person_id = new_id()
    tx.execute(
        "INSERT INTO core.people (id, cert_type, number_print, card_print, name_sealed, number_sealed, phone_sealed, "
        "phone_assurance, card_sealed, card_state, bank_cards_sealed, sex, born, region, conditions, died_on, created_at) "
        "VALUES (%(id)s, %(cert_type)s, %(number_print)s, %(card_print)s, %(name)s, %(number)s, %(phone)s, %(phone_assurance)s, "
        "%(card)s, %(card_state)s, %(bank_cards)s, %(sex)s, %(born)s, %(region)s, %(conditions)s, %(died_on)s, %(now)s)",
        {
            "id": person_id,
            "cert_type": person.cert_type,
            "number_print": number_prints(keys, person.cert_type, person.number)[0],
            "card_print": card_prints(keys, person.card_number)[0] if person.card_number else None,
            "name": seal(keys, "name", person_id, person.name),
            "number": seal(keys, "number", person_id, person.number),
            "phone": seal(keys, "phone", person_id, person.phone),
            "phone_assurance": person.phone_assurance,
            "card": seal(keys, "card", person_id, person.card_number),
            "card_state": person.card_state,
            "bank_cards": seal(keys, "bank_cards", person_id, json.dumps(person.bank_cards)),
            "sex": person.sex,
            "born": person.born,
            "region": person.region,
            "conditions": sorted(set(person.conditions)),
            "died_on": person.died_on,
            "now": now,
        },
    )
    tx.execute("INSERT INTO core.vouchers (id, person_id) VALUES (%s, %s)", [new_id(), person_id])
    return person_id


def lock_people(tx: Tx, person_ids: Sequence[str]) -> None:
    """Keep everybody else from changing these people's facts or ties; by ascending id, like every other lock on people."""
    tx.execute("SELECT FROM core.people WHERE id = ANY (%s::uuid[]) ORDER BY id FOR NO KEY UPDATE", [list(person_ids)])


def read_names(tx: Tx, keys: KeyRing, person_ids: Sequence[str]) -> dict[str, Named]:
    """The personal data of these people, by id."""
    rows = tx.execute(
        "SELECT id::text AS id, name_sealed, number_sealed, phone_sealed, phone_assurance, card_sealed FROM core.people "
        "WHERE id = ANY (%s::uuid[])",
        [list(person_ids)],
    ).fetchall()
    return {row["id"]: _named(keys, row) for row in rows}


def verified_phone(tx: Tx, keys: KeyRing, person_id: str) -> str | None:
    """The number that a platform vouched for, if one did and it is still kept."""
    row = tx.execute(
        "SELECT phone_sealed FROM core.people WHERE id = %s AND phone_assurance = 'verified' AND phone_sealed IS NOT NULL",
        [person_id],
    ).fetchone()
    return None if row is None else open_sealed(keys, "phone", person_id, row["phone_sealed"])


def masked_names(tx: Tx, keys: KeyRing, person_ids: Sequence[str]) -> dict[str, str]:
    """What may be shown of these people's names, by id."""
    rows = tx.execute(
        "SELECT id::text AS id, name_sealed FROM core.people WHERE id = ANY (%s::uuid[])", [list(person_ids)]
    ).fetchall()
    return {row["id"]: mask_name(open_name(keys, row["id"], row["name_sealed"])) for row in rows}


def seal(keys: KeyRing, what: str, person_id: str, clear: str | None) -> bytes | None:
    """One value of one person, sealed for its own place; nothing stays nothing."""
    return None if clear is None else keys.seal(clear.encode(), _place(what, person_id))


def open_name(keys: KeyRing, person_id: str, sealed: bytes) -> str:
    """The name of one person in clear."""
    return open_sealed(keys, "name", person_id, sealed)


def open_sealed(keys: KeyRing, what: str, person_id: str, sealed: bytes) -> str:
    """One sealed value of one person in clear."""
    return keys.open(sealed, _place(what, person_id)).decode()


def open_cards(keys: KeyRing, person_id: str, sealed: bytes | None) -> list[str]:
    """The numbers of the bank cards on record, which may be none."""
    cards: list[str] = json.loads(open_sealed(keys, "bank_cards", person_id, sealed)) if sealed else []
    return cards


def _named(keys: KeyRing, row: dict[str, Any]) -> Named:
    def opened(what: str) -> str | None:
        sealed = row[f"{what}_sealed"]
        return None if sealed is None else keys.open(sealed, _place(what, row["id"])).decode()

    vouched = row["phone_assurance"] == "verified"
    return Named(row["id"], opened("name") or "", opened("number") or "", opened("phone"), opened("card"), vouched)


def _place(what: str, person_id: str) -> str:
    return f"core.people.{what}/{person_id}"
