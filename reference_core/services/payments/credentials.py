"""Whose credential a till shows, and how many wrong ones an institution may show before it has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from reference_core.parts import Core
from reference_core.problems import NotFound, TooManyWrongCredentials, VoucherCodeUnknown, VoucherCodeUsed
from reference_core.services.people import people
from reference_core.services.vouchers.vouchers import code_prints

_ID_NUMBER_LENGTH = 18


def credential_prints(core: Core, kind: str, value: str) -> tuple[str, ...]:
    """What the shown credential is found by."""
    if kind == "voucher":
        return code_prints(core, value)
    number_prints = people.number_prints(core.keys, people.IDENTITY_CARD, value.strip().upper())
    if kind == "social_card":
        return (*people.card_prints(core.keys, value.strip()), *_card_of(core, value.strip(), number_prints))
    return number_prints


def _card_of(core: Core, value: str, number_prints: tuple[str, ...]) -> tuple[str, ...]:
    """A card also bears its holder's social-security number, which is the ID number; a till may read that."""
    if len(value) != _ID_NUMBER_LENGTH:
        return ()
    held = core.db.one(
        "SELECT card_print FROM core.people WHERE number_print = ANY (%s) AND card_print IS NOT NULL", [list(number_prints)]
    )
    return (held["card_print"],) if held else ()


def check_holder(core: Core, institution_id: str, kind: str, view: dict[str, Any], now: datetime) -> None:
    """Go on only with a good credential; wrong ones are counted, and too many of them bar good ones too."""
    if view["wrong_lately"] >= core.settings.wrong_credentials_max:
        raise TooManyWrongCredentials(retry_after_s=core.settings.wrong_credentials_window_s)
    holder = view["holder"]
    if holder is not None and holder["state"] == "good":
        return
    if holder is not None and holder["state"] == "used":
        raise VoucherCodeUsed
    _count_wrong(core, institution_id, now)
    raise VoucherCodeUnknown if kind == "voucher" else NotFound


def wrong_since(core: Core, now: datetime) -> datetime:
    """From when on wrong credentials count."""
    return now - timedelta(seconds=core.settings.wrong_credentials_window_s)


def _count_wrong(core: Core, institution_id: str, now: datetime) -> None:
    with core.db.transaction() as tx:
        # One at a time for one institution, so that a burst is told "wrong" no more often than allowed.
        tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [institution_id])
        tx.execute(
            "DELETE FROM core.wrong_credentials WHERE institution_id = %s AND at <= %s", [institution_id, wrong_since(core, now)]
        )
        counted = tx.execute(
            "INSERT INTO core.wrong_credentials (institution_id, at) SELECT %(id)s, %(now)s "
            "WHERE (SELECT count(*) FROM core.wrong_credentials WHERE institution_id = %(id)s) < %(max)s RETURNING at",
            {"id": institution_id, "now": now, "max": core.settings.wrong_credentials_max},
        ).fetchone()
    if counted is None:
        raise TooManyWrongCredentials(retry_after_s=core.settings.wrong_credentials_window_s)
