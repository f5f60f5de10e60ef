"""Trying a payment beforehand: what it would be, and where one could pay."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.shapes.building import page_of
from bff.api.shapes.spending import ContractedPlaceShape, Imagined, PlacesQuery, PreviewShape
from bff.core_client.spending import PlacePage, Preview

blueprint = Resource("previews", __name__, description="付费前先试算")


@blueprint.route("/previews")
class Previews(MethodView):
    @blueprint.arguments(Imagined)
    @blueprint.response(200, PreviewShape)
    def post(self, imagined: dict[str, Any]) -> Preview:
        """What a till would answer for this payment, who would pay and why. Nothing is kept and nothing is paid."""
        return parts().afterwards.preview(person(), imagined)


@blueprint.route("/institutions")
class Institutions(MethodView):
    @blueprint.arguments(PlacesQuery, location="query")
    @blueprint.response(200, page_of(ContractedPlaceShape))
    def get(self, query: dict[str, Any]) -> PlacePage:
        """Hospitals, pharmacies and insurers to choose from, by name."""
        return parts().afterwards.institutions(person(), **query)
