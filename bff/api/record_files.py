"""Records to take along: a table that a spreadsheet opens, and a year on paper."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from flask import Response
from flask.views import MethodView

from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.shapes.spending import ExportQuery, YearQuery
from bff.core_client.records import Record

blueprint = Resource("record_files", __name__, description="导出消费记录")

# Without it spreadsheets take the file for another encoding.
_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = (
    "时间",
    "使用人",
    "机构",
    "用途",
    "费用总额（元）",
    "统筹支付（元）",
    "自己账户（元）",
    "共济账户（元）",
    "现金等（元）",
    "我的账户余额（元）",
    "状态",
)
_STATES = {"settled": "已支付", "partly_refunded": "已退一部分", "refunded": "已全部退回", "disputed": "核查中"}


@blueprint.route("/records.csv")
class RecordTable(MethodView):
    @blueprint.arguments(ExportQuery, location="query")
    @blueprint.response(200, {"type": "string"}, content_type="text/csv")
    def get(self, query: dict[str, Any]) -> Response:
        """All my records, or those that the query asks for, as a table for a spreadsheet."""
        written = _written_table(parts().afterwards.every_record(person(), **query))
        return _download(written.encode(), "text/csv; charset=utf-8", "records.csv")


@blueprint.route("/records/statement.pdf")
class YearlyStatement(MethodView):
    @blueprint.arguments(YearQuery, location="query")
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
    def get(self, query: dict[str, int]) -> Response:
        """A year of my account as a PDF, to hand to an employer or the tax office."""
        year = query["year"]
        return _download(parts().afterwards.statement(person(), year), "application/pdf", f"statement-{year}.pdf")


def _written_table(records: Iterator[Record]) -> str:
    """The table with its head; no cell is a formula, whatever an institution is called."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(_HEAD)
    for one in records:
        writer.writerow(map(_safe, _row(one)))
    return _BOM + table.getvalue()


def _row(one: Record) -> tuple[str, ...]:
    who = "本人" if one.member.relation == "self" else one.member.name_masked
    figures = (one.bill_fen, one.fund_fen, one.own_fen, one.payer_fen, one.cash_fen, one.balance_after_fen)
    at = one.at.strftime("%Y-%m-%d %H:%M")
    return (at, who, one.institution.name, one.purpose.label, *map(_yuan, figures), _STATES[one.status])


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
