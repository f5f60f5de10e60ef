"""The shared account of one payer: how it stands, and how it is opened with a pledge signed."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from groundwork.chance import new_id
from reference_core.db import Tx
from reference_core.decisions.flow_plans.context import fault_in_words
from reference_core.decisions.rules.verdicts import may_open
from reference_core.decisions.settlement.payers import shareable_fen
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers
from reference_core.reading import moment_json
from reference_core.services.notices import events
from reference_core.services.people import people
from reference_core.services.people.situations import situation_of
from reference_core.services.relations.demanded_answers import asked_in, check_answers
from reference_core.services.relations.pledges import Signing, sign_pledge
from reference_core.vocabulary.facts import Situation

_EMPLOYEE = "310"


def account_json(tx: Tx, situation: Situation, pack: Pack | None) -> dict[str, Any]:
    """The account as its owner sees it; `none` where there is no employee's account at all."""
    held = tx.execute(
        "SELECT opened_at, suspended_at, closed_at FROM core.mutual_aid_accounts WHERE person_id = %s "
        "ORDER BY opened_at DESC LIMIT 1",
        [situation.person.id],
    ).fetchone()
    status = _status(situation, held, pack)
    balance = situation.balance
    return {
        "status": status,
        "opened_at": moment_json(held["opened_at"]) if held else None,
        "balance_fen": balance.total_fen,
        "prior_year_fen": balance.prior_year_fen,
        "current_year_fen": balance.current_year_fen,
        "shareable_fen": shareable_fen(pack, balance.prior_year_fen, balance.total_fen) if pack and status == "opened" else 0,
    }


def own_account(core: Core, person_id: str) -> dict[str, Any]:
    """How this person's account stands; raises `NotFound` for an id that nobody has."""
    now = core.now()
    with core.db.connection() as tx:
        situation = situation_of(tx, person_id, now)
        return account_json(tx, situation, core.home_pack(situation, now))


def open_account(core: Core, person_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """Open sharing for this payer; the pledge is kept exactly as the pack of the day words it."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        people.lock_people(tx, [person_id])
        situation = situation_of(tx, person_id, now)
        pack = core.home_pack(situation, now)
        verdict = may_open(pack, situation, now)
        if pack is None or not verdict.allowed:
            return refusal(verdict.reasons)
        check_answers(pack, "open-account", asked, now)
        _check_phone(core, tx, pack, person_id, asked)
        pledge_id = None
        if pack.pledge_on == "open":
            signed = Signing(person_id, "open-account", asked.get("agree"), asked["verified_by"], now)
            pledge_id = sign_pledge(tx, pack, signed)
        _insert_account(core, tx, person_id, {**asked, "pledge_id": pledge_id, "pack": pack, "now": now})
        events.record(tx, now, events.Event("account_opened", person_id, {"region": pack.code}))
        return Answer(201, {"status": "opened", "opened_at": moment_json(now), "pledge_id": pledge_id, "outcome": "done"})

    return once(core.db, scope, now, work)


def _check_phone(core: Core, tx: Tx, pack: Pack, person_id: str, asked: dict[str, Any]) -> None:
    """Raises `InvalidAnswers` where the city wants a number that a channel vouched for, and neither this one nor the known is."""
    if not pack.verified_phone_required or "phone" not in asked_in(pack, "open-account"):
        return
    if asked.get("phone"):
        vouched = asked["phone_assurance"] == "verified"
    else:
        vouched = people.verified_phone(tx, core.keys, person_id) is not None
    if not vouched:
        told = fault_in_words("phone_unverified", "手机号没有经过核验。", "请点手机号授权，用微信或支付宝登记的手机号。")
        raise InvalidAnswers(fields={"phone": told})


def _insert_account(core: Core, tx: Tx, person_id: str, opened: dict[str, Any]) -> None:
    account_id, phone, pack = new_id(), opened.get("phone"), opened["pack"]
    tx.execute(
        "INSERT INTO core.mutual_aid_accounts "
        "(id, person_id, region, pack_version, opened_at, pledge_id, phone_sealed, verified_by) "
        "VALUES (%(id)s, %(person_id)s, %(region)s, %(version)s, %(now)s, %(pledge_id)s, %(phone)s, %(verified_by)s)",
        {
            "id": account_id,
            "person_id": person_id,
            "region": pack.code,
            "version": pack.version,
            "now": opened["now"],
            "pledge_id": opened["pledge_id"],
            "phone": core.keys.seal(phone.encode(), f"core.mutual_aid_accounts.phone/{account_id}") if phone else None,
            "verified_by": Jsonb(opened["verified_by"]),
        },
    )


def _status(situation: Situation, held: dict[str, Any] | None, pack: Pack | None) -> str:
    has_account = (
        any(insurance.insutype == _EMPLOYEE for insurance in situation.person.insurances) or situation.balance.total_fen > 0
    )
    if held is None:
        # Where a city asks for no opening, whoever has an account has it open.
        is_open = pack is not None and not pack.open_account_required
        return ("opened" if is_open else "not_opened") if has_account else "none"
    if held["closed_at"] is not None:
        return "closed"
    return "suspended" if held["suspended_at"] is not None else "opened"
