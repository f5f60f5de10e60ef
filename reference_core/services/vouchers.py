"""One's own voucher and its codes: random, short-lived, kept as a keyed hash, used once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from groundwork.chance import new_secret
from reference_core.db import Tx
from reference_core.decisions.reasons import explain
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.reading import moment_json
from reference_core.services import events, people
from reference_core.services.citizens import situation_of, voucher_state

CODE_BITS = 128
# Codes this old cannot matter to anybody: not tied, not used a second time, not asked about.
_FORGET_AFTER = timedelta(days=1)


def list_vouchers(core: Core, person_id: str) -> list[dict[str, Any]]:
    """The vouchers that this person may show; one's own comes first and is always there."""
    with core.db.connection() as tx:
        row = tx.execute(
            "SELECT id::text AS id, activated_at, suspended_at FROM core.vouchers WHERE person_id = %s", [person_id]
        ).fetchone()
        if row is None:
            raise NotFound
        name = people.masked_names(tx, core.keys, [person_id])[person_id]
    return [{"id": row["id"], "relation": None, "name_masked": name, **voucher_state(row)}]


def show_code(core: Core, person_id: str, voucher_id: str, scope: Scope) -> Answer:
    """A fresh code of one's own voucher; the answer cannot be repeated, since the code itself is not kept."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        voucher = tx.execute(
            "SELECT person_id FROM core.vouchers WHERE id = %s AND person_id = %s", [voucher_id, person_id]
        ).fetchone()
        if voucher is None:
            raise NotFound
        situation = situation_of(tx, person_id, now)
        if not situation.person.voucher_active:
            return refusal([explain(core.home_pack(situation, now), "voucher_not_activated", "payer_voucher_required", who="me")])
        code = new_secret(CODE_BITS)
        expires_at = now + timedelta(seconds=core.settings.voucher_code_life_s)
        tx.execute("DELETE FROM core.voucher_codes WHERE expires_at < %s", [now - _FORGET_AFTER])
        tx.execute(
            "INSERT INTO core.voucher_codes (code_print, voucher_id, person_id, issued_at, expires_at) "
            "VALUES (%s, %s, %s, %s, %s)",
            [code_prints(core, code)[0], voucher_id, person_id, now, expires_at],
        )
        events.record(tx, now, events.Event("voucher_code_shown", person_id, {"voucher_id": voucher_id}))
        shown = {"code": code, "expires_at": moment_json(expires_at), "ttl_s": core.settings.voucher_code_life_s}
        return Answer(201, shown, repeatable=False)

    return once(core.db, scope, now, work)


def code_prints(core: Core, code: str) -> tuple[str, ...]:
    """What a code is found by, newest key first."""
    return core.keys.fingerprints("voucher_code", code)


def tie_code(core: Core, code_print: str, institution_id: str) -> bool:
    """Keep a good code for this institution for a while without using it up; `False` where it is no longer good."""
    now = core.now()
    tied = core.db.one(
        "UPDATE core.voucher_codes c SET tied_to = %(institution)s, tied_until = coalesce(tied_until, %(until)s) "
        "WHERE code_print = %(code)s AND core.code_is_good(c, %(institution)s, %(now)s) RETURNING code_print",
        {
            "institution": institution_id,
            "until": now + timedelta(seconds=core.settings.voucher_code_tie_s),
            "code": code_print,
            "now": now,
        },
    )
    return tied is not None
