"""Who spent, where, when, and whose money it was."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.shapes import RecordShape, page_of
from bff.core_client.records import Record, RecordPage

blueprint = Resource("records", __name__, description="消费记录")


@blueprint.route("/records")
class Records(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(RecordShape))
    def get(self, query: dict[str, Any]) -> RecordPage:
        """My own spending and what my account paid for others, newest first."""
        return parts().core.records(person(), **query)


@blueprint.route("/records/<record_id>")
class OneRecord(MethodView):
    @blueprint.response(200, RecordShape)
    def get(self, record_id: str) -> Record:
        """One of them."""
        return parts().core.record(person(), record_id)
