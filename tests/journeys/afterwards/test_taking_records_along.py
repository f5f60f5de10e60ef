"""Records as a table for a spreadsheet, and a year of the account on paper."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from dev.player import Json, Phone, World
from tests.journeys.cast import CITY, PHARMACY_VISIT, payer_with, resident
from tests.printed import has_own_fonts, text_of


@pytest.fixture
def mother(world: World) -> Phone:
    return Phone(world, resident(world)).arrive()


@pytest.fixture
def son(world: World, mother: Phone) -> Phone:
    return payer_with(world, mother.person, "mother")


def table_of(phone: Phone, query: str = "") -> tuple[bytes, list[Json]]:
    written = phone.download(f"/api/v1/records.csv{query}")
    return written, list(csv.DictReader(StringIO(written.decode("utf-8-sig"))))


def test_a_spreadsheet_opens_the_table_and_runs_nothing_in_it(world: World, son: Phone, mother: Phone) -> None:
    trap = world.institution(CITY, "pharmacy", name='=HYPERLINK("http://x")', capabilities=["one_card"])
    mother.pay(trap, 12_345, PHARMACY_VISIT).ok()
    son.pay(world.institution(CITY, "pharmacy"), 5, PHARMACY_VISIT).ok()

    written, rows = table_of(son)

    assert written.startswith(b"\xef\xbb\xbf")
    assert [(one["使用人"], one["共济账户（元）"], one["自己账户（元）"]) for one in rows] == [
        ("本人", "0.00", "0.05"),
        (son.members()[0]["name_masked"], "123.45", "0.00"),
    ]
    assert rows[1]["机构"] == '\'=HYPERLINK("http://x")'
    assert [one["使用人"] for one in table_of(son, "?person=self")[1]] == ["本人"]
    assert table_of(mother)[1][0]["我的账户余额（元）"] == ""


def test_a_year_of_the_account_is_printed_with_what_came_back_taken_off(world: World, son: Phone, mother: Phone) -> None:
    pharmacy = world.institution(CITY, "pharmacy")
    paid = mother.pay(pharmacy, 12_345, PHARMACY_VISIT).ok()["settlement_id"]
    son.pay(pharmacy, 5, PHARMACY_VISIT).ok()
    world.till(pharmacy, "refunds", {"settlement_id": paid, "amount_fen": 345}).ok()
    year = son.records()[0]["at"][:4]

    pdf = son.download(f"/api/v1/records/statement.pdf?year={year}")

    said = text_of(pdf)
    assert has_own_fonts(pdf)
    assert "".join(son.person["name"].split()) in said
    for figure in ("本人使用：0.05元", "家人使用：120.00元", "合计：120.05元", "已退一部分"):
        assert figure in said
    assert son.person["id_number"] not in said
    assert mother.person["name"] not in said
    assert "合计：0.00元" in text_of(mother.download(f"/api/v1/records/statement.pdf?year={year}"))
    son.get("/records/statement.pdf?year=soon").problem(400, "malformed_body")
