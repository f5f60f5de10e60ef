"""What I agreed to, word for word, and the way to take it back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import caller, parts
from bff.api.flows.agreeing import withdraw
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.own import ConsentShape
from bff.errors import IdentityRequired

blueprint = Resource("consents", __name__, description="我的同意：同意过什么，随时可以撤回")


@blueprint.route("/consents")
class Consents(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(ConsentShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Every text that I agreed to, newest first, withdrawn or not."""
        kept = parts().register.consents(caller().identity_id)
        # Whoever agreed sees it and takes it back before they are known; whoever agreed to nothing has nothing here yet.
        if not kept and caller().person_id is None:
            raise IdentityRequired
        return page([{**asdict(one), "withdrawable": one.withdrawn_at is None} for one in kept], **query)


@blueprint.route("/consents/<consent_id>")
class OneConsent(MethodView):
    @blueprint.response(204)
    def delete(self, consent_id: str) -> None:
        """Take it back: from now on nothing is done that needs it, on whichever phone."""
        withdraw(parts(), caller(), consent_id)
