"""Whose vouchers somebody may show: one's own first, then the relatives', with what is due and what the two lists differ in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from reference_core.db import Row, Tx
from reference_core.decisions.kinship_advice import Advice, BothLists, advise
from reference_core.decisions.rules.vouchers import due_reason
from reference_core.packs.shelf import Pack
from reference_core.parts import Core
from reference_core.reading import moment_json
from reference_core.services.people import people
from reference_core.services.people.citizens import voucher_state
from reference_core.services.people.situations import read_situations, situation_of
from reference_core.services.vouchers import kinship_rows
from reference_core.vocabulary.facts import KinshipTie, Reason
from reference_core.vocabulary.kinship import word_of


def list_vouchers(core: Core, person_id: str) -> Row:
    """The vouchers that this person may show, and advice that mends one list by the other."""
    now = core.now()
    with core.db.connection() as tx:
        mine = situation_of(tx, person_id, now)
        ties = [tie for tie in kinship_rows.read_list(tx, person_id) if tie.stands(now)]
        others = {tie.relative_id for tie in ties} | {tie.member_id for tie in mine.as_payer if tie.stands(now)}
        known = {person_id: mine, **read_situations(tx, tuple(others), now)}
        helpers = [tie for tie in kinship_rows.read_helpers(tx, person_id) if tie.stands(now)]
        helper_names = people.masked_names(tx, core.keys, [tie.helper_id for tie in helpers])
        rows = _voucher_rows(tx, list(known))
        names = people.masked_names(tx, core.keys, list(known))
    lists = BothLists(
        pack=core.home_pack(mine, now),
        mine=mine,
        ties=ties,
        people={one: situation.person for one, situation in known.items()},
        names=names,
        vouchers={one: row["id"] for one, row in rows.items()},
        now=now,
    )
    items = [_own_json(lists, rows[person_id])]
    items += [_relative_json(core.home_pack(known[tie.relative_id], now), lists, tie, rows[tie.relative_id]) for tie in ties]
    advice = [_advice_json(one) for one in advise(lists)]
    return {"items": items, "next_cursor": None, "advice": advice, "helpers": _helpers(helpers, helper_names, now)}


def _voucher_rows(tx: Tx, person_ids: list[str]) -> dict[str, Row]:
    rows = tx.execute(
        "SELECT id::text AS id, person_id::text AS person_id, activated_at, suspended_at FROM core.vouchers "
        "WHERE person_id = ANY (%s::uuid[])",
        [person_ids],
    ).fetchall()
    return {row["person_id"]: row for row in rows}


def _own_json(lists: BothLists, row: Row) -> Row:
    me = lists.mine.person
    shown = {"id": row["id"], "relation": None, "name_masked": lists.names[me.id], **voucher_state(row)}
    return shown | _due(due_reason(lists.pack, None, me, lists.now))


def _relative_json(pack: Pack | None, lists: BothLists, tie: KinshipTie, row: Row) -> Row:
    """While a relative has not agreed, how their voucher stands is nobody's business."""
    status = tie.status(lists.now)
    agreed = status == "active"
    return {
        "id": row["id"],
        "kinship_id": tie.id,
        "relation": word_of(tie.kinship),
        "name_masked": lists.names[tie.relative_id],
        **voucher_state(row if agreed else {"activated_at": None, "suspended_at": None}),
        **({} if agreed else {"waits": status}),
        **_due(due_reason(pack, tie, lists.people[tie.relative_id], lists.now)),
    }


def _due(reason: Reason | None) -> Row:
    return {"check_due": asdict(reason)} if reason else {}


def _advice_json(advice: Advice) -> Row:
    reason = advice.reason
    told = {"rule": reason.rule, "text": reason.text, "next_step": reason.next_step, "source": reason.source}
    return told | {"flow": advice.flow, "answers": dict(advice.answers)}


def _helpers(ties: Sequence[KinshipTie], names: Mapping[str, str], now: datetime) -> list[Row]:
    """Who may show my voucher or asks to; `relation` is what I am to them."""
    return [
        {
            "kinship_id": tie.id,
            "name_masked": names[tie.helper_id],
            "relation": word_of(tie.kinship),
            "status": tie.status(now),
            "since": moment_json(tie.confirmed_at),
        }
        for tie in ties
    ]
