"""What each city allows, in words and as data; open to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import parts
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.regions import RegionDetailShape, RegionShape, SlipCodeShape
from bff.core_client.facts import SlipCode
from bff.flows.catalogue import own_reason

blueprint = Resource("regions", __name__, description="各地规定和收银台代码")


@blueprint.route("/regions")
class Regions(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(RegionShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The cities that are served."""
        return page(parts().core.regions(), **query)


@blueprint.route("/regions/<code>")
class OneRegion(MethodView):
    @blueprint.response(200, RegionDetailShape)
    def get(self, code: str) -> Mapping[str, Any]:
        """What this city allows, with its sources."""
        return parts().core.region(code)


@blueprint.route("/help/codes/<cashier_code>")
class SlipCodes(MethodView):
    @blueprint.response(200, SlipCodeShape)
    def get(self, cashier_code: str) -> SlipCode:
        """What a code on a till's slip means."""
        own = own_reason(cashier_code)
        if own is None:
            return parts().core.slip_code(cashier_code)
        reason, clerk_text = own
        return SlipCode(reason.cashier_code, reason.rule, reason.text, clerk_text, reason.owner, reason.next_step)
