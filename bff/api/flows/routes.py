"""Guided flows: which there are, the screen to draw now, a step's answers, and the end."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from flask.views import MethodView

from bff.api.access import repeat_print
from bff.api.asked import Nothing, PageQuery, Start, StepAnswers
from bff.api.bodies import Resource
from bff.api.context import caller, caller_token, parts
from bff.api.flows.agreeing import open_texts
from bff.api.flows.camera import has_camera
from bff.api.flows.desk import FlowDesk
from bff.api.flows.problems import draw_with_problems
from bff.api.idempotency import fresh_token, once, required_key
from bff.api.paging import page
from bff.api.shapes.building import page_of
from bff.api.shapes.screens import CompletionShape, FlowItemShape, ScreenShape
from bff.errors import Reason
from bff.flows.catalogue import CAMERA_ELSEWHERE, CONSENT_REQUIRED, FLOWS, IDENTITY_KNOWN, IDENTITY_REQUIRED
from bff.flows.verify_identity import VERIFY_IDENTITY
from bff.store.answers import Place

blueprint = Resource("flows", __name__, description="办理：一步一步地填写、核验、提交")
draw_with_problems(blueprint)


@blueprint.route("/flows")
class Flows(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(FlowItemShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """All flows, whether I may start each, and every reason why not."""
        offers = _offers()
        places = [Place(caller().owner, name) for name, _, _ in offers]
        begun = parts().answers.in_progress(places)
        return page([_item(name, title, reasons, name in begun) for name, title, reasons in offers], **query)


@blueprint.route("/flows/<name>")
class OneFlow(MethodView):
    @once
    @blueprint.arguments(Start, required=False)
    @blueprint.response(200, ScreenShape)
    def post(self, asked: dict[str, Any], name: str) -> dict[str, Any]:
        """Start, or go on where I was."""
        return _desk(name).start(asked["answers"])

    @blueprint.response(200, ScreenShape)
    def get(self, name: str) -> dict[str, Any]:
        """The screen to draw now."""
        return _desk(name).look()

    @blueprint.response(204)
    def delete(self, name: str) -> None:
        """Give up; what I answered is forgotten."""
        _desk(name).give_up()


@blueprint.route("/flows/<name>/steps/<step>")
class FlowStep(MethodView):
    @blueprint.response(200, ScreenShape)
    def get(self, name: str, step: str) -> dict[str, Any]:
        """An earlier step with what I answered."""
        return _desk(name).look_at(step)

    @blueprint.arguments(StepAnswers)
    @blueprint.response(200, ScreenShape)
    def put(self, asked: dict[str, Any], name: str, step: str) -> dict[str, Any]:
        """Answer a step; the reply is the next screen."""
        return _desk(name).answer(step, asked["answers"])


@blueprint.route("/flows/<name>/form")
class FlowForm(MethodView):
    # A GET, since mini-programs can download with nothing else; what is printed on it was answered before.
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
    def get(self, name: str) -> Response:
        """The paper that the flow wants signed, filled in with my answers: a PDF to print."""
        pdf = _desk(name).form()
        return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'})


@blueprint.route("/flows/<name>/completion")
class FlowCompletion(MethodView):
    @once
    @blueprint.arguments(Nothing, required=False)
    @blueprint.response(200, CompletionShape)
    def post(self, asked: dict[str, Any], name: str) -> dict[str, Any]:  # noqa: ARG002  an empty body is checked to be empty
        """Carry it out. An answer with a token replaces mine."""
        answer, outcome = _desk(name).complete(required_key())
        if outcome.leaves:
            parts().sessions.retire(caller_token(), caller(), repeat_print())
        if outcome.becomes is None:
            return answer
        token = fresh_token()
        parts().sessions.replace(caller_token(), outcome.becomes, caller().owner, repeat_print(), token)
        return {**answer, "token": token}


def _desk(name: str) -> FlowDesk:
    return FlowDesk(parts(), caller(), name)


def _offers() -> list[tuple[str, str, tuple[Reason, ...]]]:
    """Name, title and reasons against it of every flow, with one question to the core at most."""
    person_id = caller().person_id
    own, unseen = VERIFY_IDENTITY, () if has_camera(parts(), caller()) else (CAMERA_ELSEWHERE,)
    if person_id is None:
        others = [flow for flow in FLOWS.values() if flow is not own]
        return [(own.name, own.title, unseen), *((flow.name, flow.title, (IDENTITY_REQUIRED,)) for flow in others)]
    ours = [(flow.name, flow.title, unseen) for flow in FLOWS.values() if flow.own_plan and flow is not own]
    if open_texts(caller(), parts().clock.now().date()):
        cities = [flow for flow in FLOWS.values() if flow.own_plan is None]
        return [(own.name, own.title, ()), *((flow.name, flow.title, (CONSENT_REQUIRED,)) for flow in cities), *ours]
    offered = parts().core.flows(person_id)
    # A city may offer what a newer release of ours will know.
    known = [(one.name, one.title, one.reasons + (unseen if one.needs_look else ())) for one in offered if one.name in FLOWS]
    return [(own.name, own.title, (IDENTITY_KNOWN,)), *known, *ours]


def _item(name: str, title: str, reasons: tuple[Reason, ...], in_progress: bool) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "can_start": not reasons,
        "reasons": [asdict(reason) for reason in reasons],
        "in_progress": in_progress,
    }
