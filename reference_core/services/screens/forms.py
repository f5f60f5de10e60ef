"""Makes the form that a city wants signed, filled with what its payer answered; nothing of it is kept."""

from __future__ import annotations

from reference_core.decisions.filled_forms import OwnData, fill_form, missing_answers
from reference_core.decisions.flow_plans.context import Answers, Drawing
from reference_core.decisions.flow_plans.plans import judge_flow
from reference_core.origin import Asker
from reference_core.pages.form_pdf import print_form
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers, NotFound, Refused
from reference_core.services.people import people
from reference_core.services.screens.flow_views import read_flow


def make_form(core: Core, asker: Asker, name: str, answers: Answers) -> bytes:
    """The flow's form as a PDF.

    Raises `NotFound` where this city has none, `InvalidAnswers` while something before it is unanswered, `Refused` where the
    flow would be, and `TooManyTries`: naming a stranger counts here as everywhere.
    """
    now = core.now()
    pack, about = read_flow(core, asker, name, answers, now)
    if pack is None or name not in pack.forms:
        raise NotFound
    drawing = Drawing(name, pack, pack.flows[name], about, answers, now)
    if faults := missing_answers(drawing):
        raise InvalidAnswers(fields=faults)
    verdict = judge_flow(drawing)
    if not verdict.allowed:
        raise Refused(verdict.reasons)
    return print_form(fill_form(pack.forms[name], drawing, _own_data(core, asker.person_id)), now)


def _own_data(core: Core, person_id: str) -> OwnData:
    with core.db.connection() as tx:
        named = people.read_names(tx, core.keys, [person_id])[person_id]
    return OwnData(named.name, named.number, named.card_number, named.phone)
