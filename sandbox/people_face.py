"""`/people`: who lives in this world; making somebody, and life happening to them, is reported to the core's registry."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from groundwork.clock import Clock
from sandbox.bodies import read_body
from sandbox.core_client import CoreSilent, CoreUnreachable, Registry
from sandbox.person_facts import REPORTED_NEW, ChangesSchema, PersonSchema, complete, merge, with_statuses
from sandbox.problems import Problem, core_unreachable, person_unknown
from sandbox.store import Facts, Store


def people_face(store: Store, registry: Registry, world_clock: Clock) -> Blueprint:
    """The blueprint of `/people`."""
    face = Blueprint("people", __name__)

    @face.get("/people")
    def list_people() -> Response:
        return jsonify(store.people())

    @face.post("/people")
    def make_person() -> Response | tuple[Response, int]:
        facts = complete(read_body(PersonSchema()), world_clock.now().date(), store.is_taken)
        # The number is ours before the core is asked, so that no two calls ask it for the same one.
        if not store.add_person(facts):
            raise Problem(409, "already_known", "这个号码已经有人了", "身份证号在这个世界里已经有人使用。")
        try:
            answer = registry.report("/registry/people", reported(facts))
        except CoreUnreachable:
            store.forget_person(facts["id_number"])
            raise core_unreachable() from None
        except CoreSilent:
            # The core may know this person now. We keep them, and the next start tells the core again.
            raise _silent() from None
        if not answer.ok:
            store.forget_person(facts["id_number"])
            return answer.passed_on()
        return jsonify(facts), 201

    @face.patch("/people/<id_number>")
    def change_person(id_number: str) -> Response:
        before = store.person(id_number)
        if before is None:
            raise person_unknown()
        changes = read_body(ChangesSchema())
        try:
            answer = registry.report("/registry/people/changes", {**certified(before), **with_statuses(before, changes)})
        except CoreUnreachable:
            raise core_unreachable() from None
        except CoreSilent:
            raise _silent() from None
        if not answer.ok:
            return answer.passed_on()
        facts = store.change_person(id_number, lambda facts: merge(facts, changes))
        return jsonify({**facts, "transfer_out": answer.json()["transfer_out"]})

    return face


def reported(facts: Facts) -> dict[str, Any]:
    """What the core is told of a new person; what an older world kept nothing of is left to the core."""
    return {name: facts[name] for name in REPORTED_NEW if name in facts}


def certified(facts: Facts) -> Facts:
    """By which certificate the core knows somebody; older worlds knew one kind only."""
    return {name: facts[name] for name in ("cert_type", "id_number") if name in facts}


def _silent() -> Problem:
    return Problem(504, "core_silent", "核心系统没有回应", "可能已经办成，请先查询再重试。", retry=True)
