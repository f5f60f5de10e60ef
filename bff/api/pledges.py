"""What I signed, to read again."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.own import PledgeShape

blueprint = Resource("pledges", __name__, description="我的承诺书")


@blueprint.route("/pledges")
class Pledges(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(PledgeShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The pledges as I signed them, newest first."""
        return page(parts().core.pledges(person()), **query)
