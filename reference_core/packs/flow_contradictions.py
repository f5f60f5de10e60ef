"""Where the screens of a pack's flows and its choices contradict each other: what is demanded must be asked, and only that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reference_core.packs.schema_texts import PLACEHOLDERS, FlowText
from reference_core.vocabulary.reason_catalogue import names_in

if TYPE_CHECKING:
    from reference_core.packs.shelf import Pack

Contradiction = tuple[tuple[str, ...], str]
_NEEDED = {"add-member": {"name", "id_number", "relation"}, "remove-member": {"member"}}
_ACTS = {"open": "open-account", "bind": "add-member", "unbind": "remove-member", "change": "change-limit"}


def _pledges(pack: Pack) -> Iterator[Contradiction]:
    if pack.pledge_on == "open" and not pack.open_account_required:
        yield ("parameters", "pledge_on"), "nobody would sign: open_account_required is false"
    flow = {"open": "open-account", "bind": "add-member"}.get(pack.pledge_on)
    if flow is not None and flow not in pack.pledges:
        yield ("pledges",), f"needs the text that pledge_on asks for, under {flow}"
    for name, drawn in pack.flows.items():
        asks = any(field.name == "agree" for step in drawn.steps for field in step.questions)
        if asks and name not in pack.pledges:
            yield ("flows", name), "asks to agree, but pledges has no text for it"
        if name == flow and not asks:
            yield ("flows", name), "must ask to agree: pledge_on says that the pledge is signed here"


def _flows(pack: Pack) -> Iterator[Contradiction]:
    if pack.open_account_required != ("open-account" in pack.flows):
        yield ("flows",), "must have open-account where open_account_required is true, and only there"
    for name, needed in _NEEDED.items():
        if name not in pack.flows:
            yield ("flows",), f"must have {name}"
        elif missing := sorted(needed - set(_asked(pack.flows[name]))):
            yield ("flows", name), f"must ask {', '.join(missing)}"
    for name, flow in pack.flows.items():
        for said, names in (("step", [step.step for step in flow.steps]), ("question", _asked(flow))):
            if twice := sorted({one for one in names if names.count(one) > 1}):
                yield ("flows", name), f"has the {said} {', '.join(twice)} twice; keep one"


def _asked(flow: FlowText) -> list[str]:
    return [question.name for step in flow.steps for question in step.questions if question.name != "summary"]


def _demands(pack: Pack) -> Iterator[Contradiction]:
    """What a choice demands of somebody must be asked somewhere, and nothing is asked that no choice demands."""
    bind = "add-member"
    proofs = set(pack.kinship_proofs)
    photos = "documents" in proofs or pack.identity_photos_required
    yield from _asked_exactly(pack, "kinship_proofs", bind, "documents", photos)
    yield from _asked_exactly(pack, "kinship_proofs", bind, "signed_form", "signed_form" in proofs)
    yield from _asked_exactly(pack, "second_confirmation", bind, "confirm_id_number", pack.second_confirmation)
    for act, flow in _ACTS.items():
        yield from _asked_exactly(pack, "real_person_on", flow, "real_person", act in pack.real_person_on)
    yield from _asked_exactly(pack, "monthly_cap_selectable", bind, "monthly_cap_fen", pack.monthly_cap_selectable)
    yield from _asked_exactly(pack, "scopes_selectable", bind, "scopes", pack.scopes_selectable)
    yield from _asked_exactly(pack, "start_selectable", bind, "starts_on", pack.start_selectable)
    yield from _asked_exactly(pack, "end_selectable", bind, "ends_on", pack.end_selectable)
    for parameter, flow, use in (("payer_phone", "open-account", pack.payer_phone), ("member_phone", bind, pack.member_phone)):
        if use != "optional":
            yield from _asked_exactly(pack, parameter, flow, "phone", use == "required")
    opening = pack.flows.get("open-account")
    if pack.verified_phone_required and (opening is None or "phone" not in _asked(opening)):
        yield (
            ("parameters", "verified_phone_required"),
            "needs open-account to ask phone: a channel vouches for the payer's own only",
        )
    asked = any("passcode" in _asked(flow) for flow in pack.flows.values())
    if asked != pack.passcode_required:
        yield ("parameters", "passcode_required"), "must be true where a flow asks a passcode, and only there"


def _asked_exactly(pack: Pack, parameter: str, flow: str, question: str, demanded: bool) -> Iterator[Contradiction]:
    if flow not in pack.flows:
        return
    asked = question in _asked(pack.flows[flow])
    if demanded and not asked:
        yield ("flows", flow), f"must ask {question}, since {parameter} demands it"
    if asked and not demanded:
        yield ("flows", flow), f"asks {question}, which {parameter} does not demand; drop the question or change {parameter}"


def _counts(pack: Pack) -> Iterator[Contradiction]:
    """What stands in braces is counted for whoever reads it."""
    for name, flow in pack.flows.items():
        for place, step in enumerate(flow.steps):
            for said in (*step.paragraphs, step.speech):
                if wrong := _wrong_in_braces(pack, said):
                    yield ("flows", name, "steps", str(place)), wrong


def _wrong_in_braces(pack: Pack, said: str) -> str | None:
    try:
        strange = sorted(names_in(said) - set(PLACEHOLDERS))
    except ValueError:
        return "has a brace without its other half; write {members} or {limit}, or no brace"
    if strange:
        return f"asks for {{{strange[0]}}}; only {{members}} and {{limit}} are counted"
    if "{limit}" in said and pack.max_members_per_payer is None:
        return "tells a {limit} where max_members_per_payer sets none; drop it or set one"
    return None


def _forms(pack: Pack) -> Iterator[Contradiction]:
    """A form is printed for a flow that wants it back, signed."""
    for name in pack.forms:
        if name not in pack.flows or "signed_form" not in _asked(pack.flows[name]):
            yield ("forms", name), "would never be printed: its flow asks no signed_form; add the question or drop the form"


def _waking(pack: Pack) -> Iterator[Contradiction]:
    name = "reactivate-relation"
    if name not in pack.flows:
        return
    if pack.on_payer_unfrozen != "reactivate":
        yield ("flows", name), "would never be used: on_payer_unfrozen is not reactivate; drop the flow or change it"
    if "member" not in _asked(pack.flows[name]):
        yield ("flows", name), "must ask member"
    yield from _asked_exactly(pack, "real_person_on", name, "real_person", "change" in pack.real_person_on)


FLOW_CHECKS = (_pledges, _flows, _demands, _counts, _forms, _waking)
