"""`/institutions`: the contracted hospitals, health centres, pharmacies and insurers of this world."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate

from sandbox.bodies import read_body
from sandbox.capabilities import Capabilities
from sandbox.core_client import CoreSilent, CoreUnreachable, Registry
from sandbox.problems import core_unreachable
from sandbox.store import Store

KINDS = ("hospital", "primary_care", "pharmacy", "insurer")


class InstitutionSchema(Schema):
    """One institution; `level` 1 is primary, 3 the highest; `system` is how far its vendor has brought the till's software."""

    id = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{1,40}\Z"))
    name = fields.String(required=True, validate=validate.Length(1, 100))
    region = fields.String(required=True, validate=validate.Regexp(r"[0-9]{6}\Z"))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    level = fields.Integer(strict=True, load_default=1, validate=validate.OneOf((1, 2, 3)))
    capabilities = fields.List(fields.String(validate=validate.Length(1, 50)), load_default=None)
    system = fields.String(load_default="current", validate=validate.OneOf(("current", "outdated")))


def institutions_face(store: Store, registry: Registry, capabilities: Capabilities) -> Blueprint:
    """The blueprint of `/institutions`."""
    face = Blueprint("institutions", __name__)

    @face.get("/institutions")
    def list_institutions() -> Response:
        return jsonify([capabilities.shown(one) for one in store.institutions()])

    @face.post("/institutions")
    def put_institution() -> Response:
        facts = capabilities.unless_told(read_body(InstitutionSchema()))
        try:
            told = capabilities.spelt_out(facts)
            answer = registry.report("/registry/institutions", told)
        except (CoreUnreachable, CoreSilent):
            # Safe to say even of a lost reply: the same institution may be told again.
            raise core_unreachable() from None
        if not answer.ok:
            return answer.passed_on()
        store.put_institution(facts)
        return jsonify(told)

    return face
