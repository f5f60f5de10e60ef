"""Afterwards, when something is wrong: «not me», a report to the bureau, and what one asks of whose money one uses."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import caller, channel_user, parts, person
from bff.api.idempotency import once, required_key
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.cases import (
    CaseShape,
    KeptReportShape,
    NotMe,
    OpenedCaseShape,
    PayerRequestShape,
    ReceiptShape,
    Report,
    RequestAnswer,
    RequestToPayer,
    SentRequestShape,
)
from bff.core_client.cases import OpenedCase, Receipt, SentRequest
from bff.errors import Fault, InvalidAnswers

blueprint = Resource("cases", __name__, description="不是我、举报，以及请付钱的家人帮忙")
_NOT_ALLOWED = Fault("text_not_allowed", "这段文字没有通过平台的内容检查。", "请换一种说法，写清时间、地点和经过就好。")


@blueprint.route("/records/<record_id>/disputes")
class RecordDisputes(MethodView):
    @once
    @blueprint.arguments(NotMe, required=False)
    @blueprint.response(201, OpenedCaseShape)
    def post(self, said: dict[str, str], record_id: str) -> OpenedCase:
        """This was not me: nothing more is spent by the ties behind this payment until the counter has looked into it."""
        _check_text("reason", said.get("reason"))
        return parts().afterwards.dispute(person(), record_id, said, required_key())


@blueprint.route("/disputes")
class Disputes(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(CaseShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The cases that concern me, mine and those about ties of mine, each with what happened in it."""
        return page(parts().afterwards.disputes(person()), **query)


@blueprint.route("/reports")
class Reports(MethodView):
    @once
    @blueprint.arguments(Report)
    @blueprint.response(201, ReceiptShape)
    def post(self, said: dict[str, Any]) -> Receipt:
        """Report a stolen code or fraud, also of others; the receipt says where it went."""
        _check_text("text", said["text"])
        about = {"about": str(said["about"])} if "about" in said else {}
        return parts().afterwards.report(person(), {**said, **about}, required_key())

    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(KeptReportShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """What I reported, with the receipts."""
        return page(parts().afterwards.reports(person()), **query)


@blueprint.route("/payers/<payer_id>/requests")
class RequestsToPayer(MethodView):
    @once
    @blueprint.arguments(RequestToPayer)
    @blueprint.response(201, SentRequestShape)
    def post(self, asked: dict[str, str], payer_id: str) -> SentRequest:
        """Ask a payer to let me go, or to let me spend more."""
        return parts().afterwards.ask_payer(person(), payer_id, asked["kind"], required_key())


@blueprint.route("/requests")
class Requests(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(PayerRequestShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """What I asked of payers and what members ask of me, the last of each kind, and what became of it."""
        return page(parts().afterwards.requests(person()), **query)


@blueprint.route("/requests/<request_id>/answers")
class RequestAnswers(MethodView):
    @once
    @blueprint.arguments(RequestAnswer)
    @blueprint.response(200, SentRequestShape)
    def post(self, said: dict[str, str], request_id: str) -> SentRequest:
        """Say no to a member's request."""
        return parts().afterwards.answer_request(person(), request_id, said["answer"], required_key())


def _check_text(name: str, text: str | None) -> None:
    """What people write themselves passes the platform's check. Raises `InvalidAnswers`."""
    session = caller()
    if text and not parts().channel(session.channel).is_text_allowed(channel_user(session), text):
        raise InvalidAnswers(fields={name: _NOT_ALLOWED})
