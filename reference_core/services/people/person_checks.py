"""Whether the person whose voucher it is was seen for this act: by a look into the camera, or by their own bank card."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans.context import fault_in_words
from reference_core.decisions.reasons import explain
from reference_core.origin import Asker
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers
from reference_core.services.people import people
from reference_core.services.relations.relatives import check_tries, count_try
from reference_core.vocabulary.facts import Reason

_CHECK_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sought:
    """Who shows which card, and whose it should be."""

    asker: Asker
    person_id: str
    card: str


def seen_by_camera(by: Row | None, about: str, now: datetime, lasts: timedelta = _CHECK_LASTS) -> bool:
    """Whether this is a fresh look at the right person; a look at the helper says nothing of the relative, and one without an id
    could be brought again and again."""
    if by is None or by["method"] != "face" or by.get("check_id") is None or (by.get("about") or "self") != about:
        return False
    return bool(now - lasts <= by["at"] <= now + lasts)


def use_check(core: Core, tx: Tx, by: Row, now: datetime) -> None:
    """Use up a look into the camera; raises `InvalidAnswers` where it proved something before."""
    print_ = core.keys.fingerprints("used_check", by["channel"], by["check_id"])
    known = tx.execute("SELECT FROM core.used_checks WHERE check_print = ANY (%s)", [list(print_)]).fetchone()
    used = (
        known
        or not tx.execute(
            "INSERT INTO core.used_checks (check_print, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [print_[0], now]
        ).rowcount
    )
    if used:
        fault = fault_in_words("check_used", "这次刷脸已经用过了。", "请重新刷一次脸。")
        raise InvalidAnswers(fields={"real_person": fault})


def bank_card_reason(core: Core, tx: Tx, pack: Pack, sought: Sought) -> Reason | None:
    """Why this card does not prove the person; wrong ones are counted, and too many raise `TooManyTries`."""
    now = core.now()
    if "bank_card" not in pack.voucher_methods:
        return explain(pack, "bank_card_differs", "voucher_methods")
    tried = core.keys.fingerprints("member_try", sought.asker.person_id, sought.person_id, digits_of(sought.card))
    check_tries(core, tx, sought.asker, tried, now)
    if _is_registered(core, tx, sought.person_id, sought.card):
        return None
    count_try(core, tx, sought.asker, tried[0], now)
    return explain(pack, "bank_card_differs", "voucher_methods")


def digits_of(card: str) -> str:
    """A card's number however it was spaced."""
    return "".join(character for character in card if character not in " -")


def _is_registered(core: Core, tx: Tx, person_id: str, card: str) -> bool:
    row = tx.execute("SELECT bank_cards_sealed FROM core.people WHERE id = %s", [person_id]).fetchone() or {}
    known = people.open_cards(core.keys, person_id, row["bank_cards_sealed"])
    shown = _print(core, card)
    # Every card is compared, so that the time tells nothing of which one matched.
    return sum(hmac.compare_digest(shown, _print(core, one)) for one in known) > 0


def _print(core: Core, card: str) -> str:
    return core.keys.fingerprints("bank_card", digits_of(card))[0]
