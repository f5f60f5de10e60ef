"""A year of one's own account on paper, to hand to an employer or the tax office: own visits and what it paid for the family."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundwork.clock import china
from groundwork.masking import mask_id_number
from reference_core.db import Row
from reference_core.pages.form_pdf import Statement, print_statement
from reference_core.parts import Core
from reference_core.problems import NotFound
from reference_core.services.afterwards.record_rows import Wanted
from reference_core.services.afterwards.records import all_records
from reference_core.services.people import people
from reference_core.vocabulary.periods import year_of

_HEAD = ("日期", "使用人", "机构", "用途", "我的账户支付（元）", "说明")
_STATES = {"settled": "", "partly_refunded": "已退一部分", "refunded": "已全部退回", "disputed": "核查中"}


def yearly_statement(core: Core, person_id: str, year: int) -> bytes:
    """The PDF; raises `NotFound`."""
    with core.db.connection() as tx:
        named = people.read_names(tx, core.keys, [person_id]).get(person_id)
    if named is None:
        raise NotFound
    now, records = core.now(), all_records(core, person_id, Wanted(period=year_of(year)))
    spent = _spent_of(core, person_id, [record["id"] for record in records])
    mine = [record for record in reversed(records) if record["id"] in spent]
    statement = Statement(
        title=f"{year} 年医保个人账户使用对账单",
        lines=(
            f"账户所有人：{named.name}    证件号码：{mask_id_number(named.number)}",
            f"打印时间：{china(now):%Y-%m-%d %H:%M}    金额为退款后的实际支付",
        ),
        head=_HEAD,
        rows=tuple(_line(record, spent[record["id"]]) for record in mine),
        totals=_totals(mine, spent),
    )
    return print_statement(statement, now)


def _spent_of(core: Core, person_id: str, settlement_ids: Sequence[str]) -> dict[str, int]:
    """What the account paid of each, less what came back; those that it had no part in are left out."""
    rows = core.db.rows(
        "SELECT p.settlement_id::text AS id, sum(p.amount_fen - coalesce(b.back_fen, 0))::bigint AS fen "
        "FROM core.settlement_parts p LEFT JOIN LATERAL (SELECT sum(f.amount_fen) AS back_fen FROM core.refund_parts f "
        "  WHERE f.settlement_id = p.settlement_id AND f.position = p.position) b ON true "
        "WHERE p.person_id = %s AND p.settlement_id = ANY (%s::uuid[]) GROUP BY 1",
        [person_id, list(settlement_ids)],
    )
    return {row["id"]: row["fen"] for row in rows}


def _line(record: Row, spent_fen: int) -> tuple[str, ...]:
    mine = record["member"]["relation"] == "self"
    who = "本人" if mine else record["member"]["name_masked"]
    day = datetime.fromisoformat(record["at"]).date().isoformat()
    return day, who, record["institution"]["name"], record["purpose"]["label"], _yuan(spent_fen), _STATES[record["status"]]


def _totals(records: list[Row], spent: dict[str, int]) -> tuple[str, ...]:
    own_fen = sum(spent[one["id"]] for one in records if one["member"]["relation"] == "self")
    all_fen = sum(spent[one["id"]] for one in records)
    return (f"本人使用：{_yuan(own_fen)} 元", f"家人使用：{_yuan(all_fen - own_fen)} 元", f"合计：{_yuan(all_fen)} 元")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
