"""The OpenAPI document and its readable page: complete, true to the code, and in need of nothing from elsewhere."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bff.api.access import PREFIX, Level, level_of
from bff.api.examples import EXAMPLES
from bff.api.shapes import cases as case_shapes
from bff.api.shapes import own as own_shapes
from bff.api.shapes import spending as spending_shapes
from bff.api.shapes import vouchers as voucher_shapes
from bff.api.shapes.building import Shape, page_of
from bff.api.shapes.citizens import (
    AccountShape,
    InsuranceShape,
    MeShape,
    RelativeShape,
    SessionShape,
    TokenShape,
    UploadShape,
    VoucherStateShape,
)
from bff.api.shapes.records import PatientShape, PlaceShape, PurposeShape, RecordShape, ShareShape
from bff.api.shapes.refusals import VerdictShape
from bff.api.shapes.regions import RegionDetailShape, RegionShape, SlipCodeShape
from bff.api.shapes.screens import CompletionShape, FlowItemShape, ScreenShape
from bff.core_client import cases, facts, records, spending, vouchers
from bff.errors import every_error
from bff.flows.catalogue import FLOWS
from bff.openapi_document import document as printed

METHODS = {"get", "post", "put", "delete"}


@pytest.fixture
def document(lone: FlaskClient) -> dict[str, Any]:
    told = lone.get("/openapi.json").json
    assert isinstance(told, dict)
    return told


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_the_document_knows_every_route_and_no_other(lone_app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in lone_app.url_map.iter_rules()
        for method in rule.methods or ()
        if method.lower() in METHODS
    }

    assert set(operations(document)) == routes - {("GET", "/openapi.json"), ("GET", "/docs")}


def test_what_the_command_prints_is_what_is_served(lone: FlaskClient) -> None:
    """The client's types are made from it, without a server."""
    assert printed() == lone.get("/openapi.json").get_data()


def test_the_document_names_every_flow(document: dict[str, Any]) -> None:
    item = document["paths"][f"{PREFIX}/flows/{{name}}/steps/{{step}}"]
    told = [*item.get("parameters", ()), *item["put"].get("parameters", ())]

    assert next(one for one in told if one["name"] == "name")["schema"]["enum"] == sorted(FLOWS)


def test_every_operation_has_a_summary_and_an_example_of_what_is_sent_and_told(document: dict[str, Any]) -> None:
    for route, operation in operations(document).items():
        assert operation["summary"], route
        sent = operation.get("requestBody", {}).get("content", {})
        if sent and "multipart/form-data" not in sent:
            assert "example" in sent["application/json"], route
        if "204" not in operation["responses"]:
            told = operation["responses"].get("201", operation["responses"].get("200", {}))
            assert {"application/pdf", "text/plain", "text/csv"} & told["content"].keys() or "example" in told["content"][
                "application/json"
            ], route


def test_every_error_code_has_an_example(document: dict[str, Any]) -> None:
    told = {
        code: example["value"]["status"]
        for response in document["components"]["responses"].values()
        for media in response.get("content", {}).values()
        for code, example in media.get("examples", {}).items()
    }

    assert told == {error.code: error.status for error in every_error()}


def test_every_write_of_a_signed_in_caller_but_a_photo_and_a_preview_asks_for_a_key(document: dict[str, Any]) -> None:
    names = ("sessions", "uploads", "previews", "callbacks/wechat", "callbacks/alipay")
    keyless = {f"{PREFIX}/{name}" for name in names}
    for (method, path), operation in operations(document).items():
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method == "POST" and path not in keyless), path


ANSWERS: dict[tuple[str, str], type[Shape]] = {
    ("POST", "/sessions"): TokenShape,
    ("GET", "/sessions"): page_of(SessionShape),
    ("GET", "/me"): MeShape,
    ("GET", "/account"): AccountShape,
    ("GET", "/regions"): page_of(RegionShape),
    ("GET", "/regions/{code}"): RegionDetailShape,
    ("GET", "/flows"): page_of(FlowItemShape),
    ("POST", "/flows/{name}"): ScreenShape,
    ("PUT", "/flows/{name}/steps/{step}"): ScreenShape,
    ("POST", "/flows/{name}/completion"): CompletionShape,
    ("GET", "/members"): page_of(RelativeShape),
    ("GET", "/payers"): page_of(RelativeShape),
    ("GET", "/records"): page_of(RecordShape),
    ("GET", "/records/{record_id}"): RecordShape,
    ("POST", "/records/{record_id}/disputes"): case_shapes.OpenedCaseShape,
    ("GET", "/disputes"): page_of(case_shapes.CaseShape),
    ("GET", "/reports"): page_of(case_shapes.KeptReportShape),
    ("GET", "/requests"): page_of(case_shapes.PayerRequestShape),
    ("POST", "/reports"): case_shapes.ReceiptShape,
    ("POST", "/payers/{payer_id}/requests"): case_shapes.SentRequestShape,
    ("GET", "/records/summary"): spending_shapes.SummaryShape,
    ("POST", "/previews"): spending_shapes.PreviewShape,
    ("GET", "/institutions"): page_of(spending_shapes.ContractedPlaceShape),
    ("GET", "/vouchers"): voucher_shapes.VoucherListShape,
    ("POST", "/vouchers/{voucher_id}/codes"): voucher_shapes.VoucherCodeShape,
    ("GET", "/help/codes/{cashier_code}"): SlipCodeShape,
    ("POST", "/uploads"): UploadShape,
    ("GET", "/consents"): page_of(own_shapes.ConsentShape),
    ("GET", "/pledges"): page_of(own_shapes.PledgeShape),
}


@pytest.mark.parametrize(("route", "shape"), ANSWERS.items(), ids=lambda one: " ".join(one) if isinstance(one, tuple) else "")
def test_every_example_fits_its_shape(route: tuple[str, str], shape: type[Shape]) -> None:
    method, path = route

    assert shape().validate(EXAMPLES[method, PREFIX + path][1] or {}) == {}


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (AccountShape, facts.Account),
        (RecordShape, records.Record),
        (PatientShape, records.Patient),
        (PurposeShape, records.Purpose),
        (case_shapes.OpenedCaseShape, cases.OpenedCase),
        (case_shapes.CaseShape, cases.Case),
        (case_shapes.ReceiptShape, cases.Receipt),
        (case_shapes.SentRequestShape, cases.SentRequest),
        (spending_shapes.PreviewShape, spending.Preview),
        (spending_shapes.ImaginedShareShape, spending.ImaginedShare),
        (spending_shapes.ContractedPlaceShape, spending.ContractedPlace),
        (spending_shapes.SummaryShape, spending.Summary),
        (RelativeShape, facts.Relative),
        (voucher_shapes.VoucherShape, vouchers.Voucher),
        (voucher_shapes.AdviceShape, vouchers.Advice),
        (voucher_shapes.HelperShape, vouchers.Helper),
        (VerdictShape, facts.Verdict),
        (InsuranceShape, facts.Insurance),
        (VoucherStateShape, facts.VoucherState),
        (RegionShape, facts.Region),
        (PlaceShape, records.Place),
        (ShareShape, records.Share),
        (SlipCodeShape, facts.SlipCode),
        (UploadShape, facts.Upload),
        (own_shapes.PledgeShape, facts.Pledge),
    ],
    ids=lambda one: one.__name__,
)
def test_what_is_declared_is_what_goes_out(shape: type[Shape], value: type[Any]) -> None:
    """Values go out as they are, so their members must be those of the declaration."""
    declared = {field.data_key or name for name, field in shape().fields.items()}

    assert declared == {member.name for member in dataclasses.fields(value)}


def test_the_readable_page_lists_everything_and_needs_no_other_host(lone: FlaskClient, document: dict[str, Any]) -> None:
    answer = lone.get("/docs")
    page = answer.text

    assert answer.mimetype == "text/html"
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    for path in document["paths"]:
        assert path in page
    for error in every_error():
        assert f'id="{error.code}"' in page


def test_a_route_that_nobody_listed_is_closed() -> None:
    assert level_of("GET", f"{PREFIX}/something-new") is Level.REAL_PERSON
    assert level_of("POST", f"{PREFIX}/regions") is Level.REAL_PERSON
    assert level_of("HEAD", f"{PREFIX}/regions") is Level.PUBLIC


def test_only_what_was_promised_answers_before_somebody_is_verified(document: dict[str, Any]) -> None:
    by_level: dict[Level, set[str]] = {level: set() for level in Level}
    for method, path in operations(document):
        rule = path.replace("{", "<").replace("}", ">")
        by_level[level_of(method, rule)].add(f"{method} {path.removeprefix(PREFIX)}")

    assert by_level[Level.PUBLIC] == {
        "GET /healthz", "GET /readyz", "GET /metrics",
        "POST /sessions", "GET /regions", "GET /regions/{code}", "GET /help/codes/{cashier_code}",
        "GET /callbacks/wechat", "POST /callbacks/wechat", "POST /callbacks/alipay",
    }  # fmt: skip
    assert {route.split(" ")[1].split("/")[1] for route in by_level[Level.SIGNED_IN]} == {"sessions", "me", "flows", "consents"}
    assert by_level[Level.REAL_PERSON] == {
        "GET /account", "GET /notices", "POST /notices/{notice_id}/read", "GET /notices/preferences", "PUT /notices/preferences",
        "GET /members", "GET /payers", "GET /records", "GET /records/{record_id}", "GET /vouchers",
        "DELETE /vouchers/{voucher_id}", "DELETE /vouchers/helpers/{helper_id}", "POST /vouchers/{voucher_id}/codes",
        "POST /uploads", "GET /flows/{name}/form", "GET /pledges", "GET /records/summary", "POST /previews", "GET /institutions",
        "POST /records/{record_id}/disputes", "GET /records.csv", "GET /records/statement.pdf",
        "GET /disputes", "POST /reports", "POST /payers/{payer_id}/requests",
        "GET /reports", "GET /requests", "POST /requests/{request_id}/answers",
    }  # fmt: skip
