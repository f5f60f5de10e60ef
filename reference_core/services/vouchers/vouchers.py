"""One-time codes of one's own voucher or of a listed relative's: random, short-lived, kept as a keyed hash, used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groundwork.chance import new_secret
from reference_core.db import Row, Tx
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.vouchers import may_show
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.packs.common import warning_of
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.problems import StepUpRequired
from reference_core.reading import moment_json
from reference_core.services.notices import events
from reference_core.services.people import people, person_checks
from reference_core.services.people.situations import situation_of
from reference_core.services.relations.presets import listed_relative
from reference_core.vocabulary.facts import KinshipTie, Reason, Situation
from reference_core.vocabulary.kinship import word_of

CODE_BITS = 128
STEP_UP_PURPOSE = "show_relative_code"
_CHECK_LASTS = timedelta(minutes=10)
# Codes this old cannot matter to anybody: not tied, not used a second time, not asked about.
_FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Showing:
    """Whose code is shown, and by which tie where it is a relative's."""

    person_id: str
    voucher_id: str
    pack: Pack | None
    tie: KinshipTie | None = None


def show_code(core: Core, person_id: str, voucher_id: str, asked: dict[str, Any], scope: Scope) -> Answer:
    """A fresh code; the answer cannot be repeated, since the code itself is not kept.

    Raises `NotFound` for a voucher of somebody else's, `StepUpRequired` where a city asks who holds the phone.
    """
    now = core.now()

    def work(tx: Tx) -> Answer:
        me = situation_of(tx, person_id, now)
        own = tx.execute("SELECT FROM core.vouchers WHERE id = %s AND person_id = %s", [voucher_id, person_id]).fetchone()
        if own is not None:
            pack = core.home_pack(me, now)
            if not me.person.voucher_active:
                return refusal([explain(pack, "voucher_not_activated", "payer_voucher_required", who="me")])
            return _issue(core, tx, _Showing(person_id, voucher_id, pack), person_id, asked)
        found = _relative(core, tx, me, voucher_id, now)
        if isinstance(found, tuple):
            return refusal(found)
        _check_step_up(core, tx, me, found, asked)
        return _issue(core, tx, found, person_id, asked)

    return once(core.db, scope, now, work)


def _relative(core: Core, tx: Tx, me: Situation, voucher_id: str, now: datetime) -> _Showing | tuple[Reason, ...]:
    tie = listed_relative(tx, me.person.id, voucher_id, now)
    relative = situation_of(tx, tie.relative_id, now)
    pack = core.home_pack(relative, now)
    verdict = may_show(pack, tie, relative.person, now)
    return _Showing(tie.relative_id, voucher_id, pack, tie) if verdict.allowed else verdict.reasons


def _check_step_up(core: Core, tx: Tx, me: Situation, showing: _Showing, asked: dict[str, Any]) -> None:
    """The city of whoever holds the phone and that of the relative may each ask for it."""
    now = core.now()
    asking = [pack for pack in (core.home_pack(me, now), showing.pack) if pack and STEP_UP_PURPOSE in pack.real_person_on]
    if not asking:
        return
    by = asked.get("verified_by")
    if by is None or not person_checks.seen_by_camera(by, "self", now, _CHECK_LASTS):
        raise StepUpRequired(purpose=STEP_UP_PURPOSE)
    person_checks.use_check(core, tx, by, now)


def _issue(core: Core, tx: Tx, showing: _Showing, shown_by: str, asked: dict[str, Any]) -> Answer:
    now = core.now()
    code = new_secret(CODE_BITS)
    expires_at = now + timedelta(seconds=core.settings.voucher_code_life_s)
    tx.execute("DELETE FROM core.voucher_codes WHERE expires_at < %s", [now - _FORGET_AFTER])
    tx.execute(
        "INSERT INTO core.voucher_codes (code_print, voucher_id, person_id, issued_at, expires_at, region, shown_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            code_prints(core, code)[0],
            showing.voucher_id,
            showing.person_id,
            now,
            expires_at,
            asked.get("region"),
            shown_by,
        ],
    )
    by = "helper" if showing.tie else "self"
    events.record(tx, now, events.Event("voucher_code_shown", showing.person_id, {"voucher_id": showing.voucher_id, "by": by}))
    shown: Row = {"code": code, "expires_at": moment_json(expires_at), "ttl_s": core.settings.voucher_code_life_s}
    return Answer(201, shown | _beside(core, tx, showing), repeatable=False)


def _beside(core: Core, tx: Tx, showing: _Showing) -> Row:
    """What stands beside a code: whose it is, and that it is nobody else's (XA-13, NH-10)."""
    return {
        "name_masked": people.masked_names(tx, core.keys, [showing.person_id])[showing.person_id],
        "relation": word_of(showing.tie.kinship) if showing.tie else None,
        "warning": warning_of(showing.pack, "relative_code" if showing.tie else "own_code"),
    }


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
