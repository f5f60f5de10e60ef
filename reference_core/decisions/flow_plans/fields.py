"""Draws the questions of a step: options, values and texts that only the core can know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from groundwork.certificates import CERTIFICATES, IDENTITY_CARD
from groundwork.id_number import born_on, sex_of
from groundwork.masking import mask_name
from reference_core.decisions.flow_plans.context import PRESET_FIELDS, Drawing, FlowFacts, ShownMember, read_name
from reference_core.decisions.flow_plans.offers import ACCEPT, ANSWERS
from reference_core.decisions.flow_plans.promised import PROMISED
from reference_core.decisions.flow_plans.terms import scopes_of
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.member import full_quota, label_in
from reference_core.decisions.settlement.payers import shareable_fen
from reference_core.packs.schema_texts import FieldText, FlowText, StepText, SummaryItem
from reference_core.vocabulary import kinship
from reference_core.vocabulary.facts import Situation
from reference_core.vocabulary.med_types import SCENE_LABELS

Json = dict[str, Any]
LIST_FLOW = "activate-relative"
_NOT_KNOWN = "未登记"
_ABOUT_ONE_TIE = ("accept-relation", "change-limit")
_WHICH_TIE = FieldText("member", "家人")
_CHOSEN = "选了就不用再填姓名和号码"
_FROM_OTHER_LIST = {
    "relative": FieldText("relative", "从亲情账户里选", required=False, hint=_CHOSEN),
    "member": FieldText("member", "从共济家人里选", required=False, hint=_CHOSEN),
}
_NAMED_BY_HAND = frozenset({"name", "id_number"})
_SEXES = {"female": "女", "male": "男"}
_NAMED = (SummaryItem("member_name_full", "姓名"), SummaryItem("member_id_number", "证件号码"))


def draw_field(drawing: Drawing, question: FieldText) -> Json:
    """One field in the shape that every client draws."""
    drawn: Json = {"name": question.name, "kind": question.kind, "label": question.label, "required": question.required}
    if question.hint:
        drawn["hint"] = question.hint
    draw = _PERSONAL.get(question.name)
    return {**drawn, **(draw(drawing, question) if draw else {})}


def asking_which_tie(name: str, flow: FlowText) -> FlowText:
    """The flow with the question which tie is meant, on its first step, where the city left it open."""
    asks = any(question.name == "member" for step in flow.steps for question in step.questions)
    if asks or name not in _ABOUT_ONE_TIE:
        return flow
    first, *rest = flow.steps
    return replace(flow, steps=(replace(first, questions=(_WHICH_TIE, *first.questions)), *rest))


def offering_listed(name: str, flow: FlowText, about: FlowFacts) -> FlowText:
    """The flow with the relatives of the other list to choose from, where somebody would otherwise be named by hand."""
    if not about.listed or name not in PRESET_FIELDS:
        return flow
    return replace(flow, steps=tuple(_offering(step, PRESET_FIELDS[name]) for step in flow.steps))


def _offering(step: StepText, question: str) -> StepText:
    if not {one.name for one in step.questions} & _NAMED_BY_HAND:
        return step
    offered = () if "name" not in {one.name for one in step.questions} else (_FROM_OTHER_LIST[question],)
    named = (replace(one, required=one.required and one.name not in _NAMED_BY_HAND) for one in step.questions)
    return replace(step, questions=(*offered, *named))


def chosen_member(drawing: Drawing) -> ShownMember | None:
    """The member that the answers name, if they are this payer's; where there is one only, no answer is needed."""
    wanted = drawing.answer("member") or _only_tie(drawing)
    return next((member for member in drawing.about.members if member.id == wanted), None)


def _draw_consent(drawing: Drawing, _question: FieldText) -> Json:
    return {"text": list(drawing.pledge.clauses), "text_hash": drawing.pledge.text_hash}


def _draw_relations(drawing: Drawing, _question: FieldText) -> Json:
    """In the list of vouchers any relative may stand, with no quota of a kind."""
    if drawing.name == LIST_FLOW:
        single = [word for word in kinship.SINGLE_WORDS if _fits(drawing, word)]
        options: list[Json] = [{"value": word, "label": label_in(drawing.pack, word)} for word in single]
    else:
        options = [_relation_option(drawing, word) for word in drawing.pack.relations if _fits(drawing, word)]
    return {"options": options} | _preset_relation(drawing, [option["value"] for option in options])


def _preset_relation(drawing: Drawing, offered: list[str]) -> Json:
    """What the other list says already, in the words of this one."""
    known = drawing.preset
    fitting = [word for word in offered if known is not None and known.relation in kinship.members_of(word)]
    return {"value": fitting[0]} if fitting else {}


def _fits(drawing: Drawing, word: str) -> bool:
    """Where the city filters, relatives that contradict the sex in the number are left out, whether somebody has it or not."""
    number = drawing.typed_number
    filters = drawing.pack.relation_filter_by_sex or drawing.name == LIST_FLOW
    return not filters or number is None or kinship.resolve(word, sex_of(number)) is not None


def _relation_option(drawing: Drawing, word: str) -> Json:
    option: Json = {"value": word, "label": label_in(drawing.pack, word)}
    # A group is full when every relative in it is: father and mother may each be there once.
    full = [full_quota(drawing.pack, drawing.about.situation, single, drawing.now) for single in kinship.members_of(word)]
    blocked = [one for one in full if one is not None]
    if len(blocked) == len(full):
        limited, limit = blocked[0]
        label = label_in(drawing.pack, limited)
        reason = explain(drawing.pack, "relation_quota_exceeded", "relation_quotas", relation=label, limit=limit)
        option |= {"disabled": True, "reason": reason.text}
    return option


def _draw_members(drawing: Drawing, question: FieldText) -> Json:
    if drawing.name == LIST_FLOW:
        return _draw_listed(drawing, question)
    if drawing.about.voucher is not None:
        return _draw_listed(drawing, question) | {"multiple": True}
    drawn: Json = {"options": [{"value": one.id, "label": _tie_label(drawing, one)} for one in drawing.about.members]}
    only = _only_tie(drawing)
    return drawn | ({"value": only} if only else {})


def _only_tie(drawing: Drawing) -> str | None:
    """Whoever accepts and has one offer need not choose."""
    members = drawing.about.members
    return members[0].id if drawing.name == "accept-relation" and len(members) == 1 else None


def _tie_label(drawing: Drawing, tie: ShownMember) -> str:
    if tie.is_payer:
        return tie.name_masked
    label = f"{label_in(drawing.pack, tie.relation)} {tie.name_masked}"
    capped = drawing.name == "change-limit" and tie.monthly_cap_fen is not None
    return f"{label}（现在每月 {yuan(tie.monthly_cap_fen or 0)}）" if capped else label


def _draw_answers(_drawing: Drawing, _question: FieldText) -> Json:
    return {"options": [{"value": value, "label": label} for value, label in ANSWERS.items()], "value": ACCEPT}


def _draw_region(drawing: Drawing, _question: FieldText) -> Json:
    return {"options": [{"value": drawing.pack.code, "label": drawing.pack.name}], "value": drawing.pack.code}


def _draw_certificates(drawing: Drawing, _question: FieldText) -> Json:
    """Money is shared with whom an identity card names; a voucher may be anybody's (XA-16)."""
    offered = CERTIFICATES if drawing.name == LIST_FLOW else {IDENTITY_CARD: CERTIFICATES[IDENTITY_CARD]}
    return {"options": [{"value": code, "label": label} for code, label in offered.items()], "value": IDENTITY_CARD}


def _draw_listed(drawing: Drawing, _question: FieldText) -> Json:
    return {"options": [{"value": one.id, "label": _tie_label(drawing, one)} for one in drawing.about.listed]}


def _draw_preset(masked: Callable[[ShownMember], str]) -> Callable[[Drawing, FieldText], Json]:
    return lambda drawing, _question: {"value": masked(drawing.preset)} if drawing.preset else {}


def _draw_look(drawing: Drawing, _question: FieldText) -> Json:
    return {"about": "relative"} if drawing.name == LIST_FLOW else {}


def _draw_scopes(drawing: Drawing, _question: FieldText) -> Json:
    return {"options": [{"value": one, "label": SCENE_LABELS[one]} for one in scopes_of(drawing.pack)], "multiple": True}


def _draw_phone(drawing: Drawing, question: FieldText) -> Json:
    known = {"value": drawing.known_phone} if drawing.known_phone else {}
    if not drawing.phone_must_be_verified:
        return known
    return {**known, "vouched": True, "hint": question.hint or "请授权使用在微信或支付宝登记的手机号，手填的不算"}


def _draw_form(drawing: Drawing, _question: FieldText) -> Json:
    """The city's form, where it has one to print; else people bring their own."""
    form = drawing.pack.forms.get(drawing.name)
    return {"form": {"title": form.title}} if form else {}


def _draw_summary(drawing: Drawing, question: FieldText) -> Json:
    return {"items": [_draw_item(drawing, item) for item in question.items]}


def _draw_named(drawing: Drawing, _question: FieldText) -> Json:
    """Name and number in full, as they were typed: whoever confirms them must be able to read them (Y-10)."""
    return {"items": [_draw_item(drawing, item) for item in _NAMED]}


def _draw_item(drawing: Drawing, item: SummaryItem) -> Json:
    """One line; a private one is for this screen alone and must never stand in an error."""
    drawn: Json = {"label": item.label, "value": _shown(drawing, item)}
    return drawn | ({"private": True} if item.show in _AS_TYPED else {})


def _shown(drawing: Drawing, item: SummaryItem) -> str:
    return _SUMMARIES[item.show](drawing) or _NOT_KNOWN


def _shown_member(drawing: Drawing) -> str | None:
    """Whom the answers mean: one of the list, or somebody named by hand."""
    member, typed = chosen_member(drawing) or drawing.preset, drawing.answer("name")
    if member is not None:
        return member.name_masked
    return mask_name(typed.strip()) if isinstance(typed, str) and typed.strip() else None


def _typed_name(drawing: Drawing) -> str | None:
    return drawing.preset.name_masked if drawing.preset else read_name(drawing.answer("name"))


def _typed_number(drawing: Drawing) -> str | None:
    return drawing.preset.id_number_masked if drawing.preset else drawing.typed_number


def _typed_sex(drawing: Drawing) -> str | None:
    number = drawing.typed_number
    return _SEXES[sex_of(number)] if number else None


def _typed_birthday(drawing: Drawing) -> str | None:
    number = drawing.typed_number
    return born_on(number).isoformat() if number else None


def _shown_payer(drawing: Drawing) -> str | None:
    """Who offers; a guardian who accepts for the child is the one who offers too (Y-18)."""
    tie = chosen_member(drawing)
    return tie.name_masked if tie is not None and tie.is_payer else drawing.about.name_masked


def _shown_promise(say: Callable[[ShownMember], str]) -> Callable[[Drawing], str | None]:
    def shown(drawing: Drawing) -> str | None:
        tie = chosen_member(drawing)
        return say(tie) if tie is not None else None

    return shown


def _shown_relation(drawing: Drawing) -> str | None:
    member, word = chosen_member(drawing), drawing.answer("relation")
    if member is not None:
        return label_in(drawing.pack, member.relation)
    return label_in(drawing.pack, word) if isinstance(word, str) and kinship.is_word(word) else None


def _shown_shareable(drawing: Drawing) -> str:
    situation: Situation = drawing.about.situation
    return yuan(shareable_fen(drawing.pack, situation.balance.prior_year_fen, situation.balance.total_fen))


def yuan(fen: int) -> str:
    """Money as it is shown to people."""
    return f"{fen // 100}.{fen % 100:02d} 元"


# What is echoed from the answers, unmasked.
_AS_TYPED: dict[str, Callable[[Drawing], str | None]] = {
    "member_name_full": _typed_name,
    "member_id_number": _typed_number,
    "member_sex": _typed_sex,
    "member_born": _typed_birthday,
}
_SUMMARIES: dict[str, Callable[[Drawing], str | None]] = {
    "name": lambda drawing: drawing.about.name_masked,
    "id_number": lambda drawing: drawing.about.id_number_masked,
    "phone": lambda drawing: drawing.about.phone_masked,
    "region": lambda drawing: drawing.pack.name,
    "card_number": lambda drawing: drawing.about.card_number_masked,
    "balance": lambda drawing: yuan(drawing.about.situation.balance.total_fen),
    "shareable": _shown_shareable,
    "member": _shown_member,
    "relation": _shown_relation,
    "payer": _shown_payer,
    **{name: _shown_promise(say) for name, say in PROMISED.items()},
    **_AS_TYPED,
}
_PERSONAL: dict[str, Callable[[Drawing, FieldText], Json]] = {
    "agree": _draw_consent,
    "name": _draw_preset(lambda one: one.name_masked),
    "id_number": _draw_preset(lambda one: one.id_number_masked),
    "relative": _draw_listed,
    "real_person": _draw_look,
    "relation": _draw_relations,
    "member": _draw_members,
    "accepted": _draw_answers,
    "region": _draw_region,
    "cert_type": _draw_certificates,
    "scopes": _draw_scopes,
    "phone": _draw_phone,
    "signed_form": _draw_form,
    "summary": _draw_summary,
    "confirm_id_number": _draw_named,
}
