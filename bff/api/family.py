"""Who may spend from my account, and whose account I may spend from."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.citizens import RelativeShape

blueprint = Resource("family", __name__, description="共济关系：我的家庭成员，谁的账户我可以用")
_RELATIVES = page_of(RelativeShape)


@blueprint.route("/members")
class Members(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, _RELATIVES)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Who may spend from my account."""
        return page(parts().core.members(person()), **query)


@blueprint.route("/payers")
class Payers(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, _RELATIVES)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Whose money I may use, since when, for what."""
        return page(parts().core.payers(person()), **query)
