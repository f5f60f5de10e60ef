"""Who spent, where, when, and whose money it was."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.shapes.building import page_of
from bff.api.shapes.records import RecordShape
from bff.api.shapes.spending import PeriodQuery, RecordsQuery, SummaryShape
from bff.core_client.records import Record, RecordPage
from bff.core_client.spending import Summary
from groundwork.clock import china

blueprint = Resource("records", __name__, description="消费记录")


@blueprint.route("/records")
class Records(MethodView):
    @blueprint.arguments(RecordsQuery, location="query")
    @blueprint.response(200, page_of(RecordShape))
    def get(self, query: dict[str, Any]) -> RecordPage:
        """My own spending and what my account paid for others, newest first."""
        return parts().afterwards.records(person(), **query)


@blueprint.route("/records/<record_id>")
class OneRecord(MethodView):
    @blueprint.response(200, RecordShape)
    def get(self, record_id: str) -> Record:
        """One of them."""
        return parts().afterwards.record(person(), record_id)


@blueprint.route("/records/summary")
class RecordSummary(MethodView):
    @blueprint.arguments(PeriodQuery, location="query")
    @blueprint.response(200, SummaryShape)
    def get(self, query: dict[str, Any]) -> Summary:
        """A month or a year by person, kind of visit and whose money, with the city's advice; this month unless asked else."""
        this_month = f"{china(parts().clock.now()):%Y-%m}"
        return parts().afterwards.summary(person(), query or {"month": this_month})
