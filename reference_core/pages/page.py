"""A pack as a page that a resident can read: who may share, how to begin, pay and end, and where each of it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from reference_core.decisions.settlement.scene import CREDENTIAL_LABELS, PLACE_LABELS, class_label
from reference_core.packs.schema_fields import join_sources
from reference_core.packs.schema_scenes import SceneRule
from reference_core.packs.shelf import Pack
from reference_core.pages.sayings import INSUTYPE_LABELS, say
from reference_core.vocabulary.med_types import SCENE_LABELS


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and where it comes from as `Pack.source` tells it."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    title: str
    lines: tuple[Line, ...]


# Which choices belong under which title; the rest of a section is drawn from the city's words, flows and scenes.
WHO = (
    "payer_insutypes payer_statuses payer_excluded payer_pool_scope payer_voucher_required member_insutypes "
    "member_statuses resident_current_year_paid member_excluded member_pool_scope member_voucher_required cross_province "
    "city_digits separate_pools relations relation_quotas relation_filter_by_sex max_members_per_payer "
    "max_payers_per_member role_exclusive self_relation_allowed"
)
BEGIN = (
    "open_account_required pledge_on second_confirmation acceptance_required acceptance_min_age offline_supported edit_in_place"
)
NEEDED = (
    "kinship_proofs identity_photos_required real_person_on passcode_required payer_phone member_phone verified_phone_required"
)
LIMITS = "monthly_cap_selectable monthly_cap_max_fen monthly_cap_fen scopes_selectable start_selectable end_selectable"
EFFECT = "review_workdays effect_online effect_offline"
PAID = (
    "own_first own_statuses payer_selection when_short payer_money reserve_fen buckets_order trigger counts_toward_accumulators "
    "benefit_transfer manual_reimbursement"
)
WHERE = "nonlocal_requires_record nonlocal_cap_fen"
EXCLUDED = "excluded_expenses"
END = (
    "ended_by end_effect rebind_wait_days on_payer_transfer on_member_transfer "
    "on_payer_frozen on_payer_unfrozen on_account_closed"
)
HELP = (
    "kinship_slots voucher_real_person_age voucher_real_person_age_inclusive voucher_methods voucher_cooling_days "
    "minor_needs_kinship"
)
SEEN = "payer_sees"
ADVICE = "advice_reserve_fen advice_balance_before_bind_fen reminder_months"
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("谁可以和谁共济", tuple(WHO.split())),
    ("怎么开始", tuple(BEGIN.split())),
    ("要准备什么", tuple(NEEDED.split())),
    ("可以自己定什么", tuple(LIMITS.split())),
    ("什么时候生效", tuple(EFFECT.split())),
    ("费用怎么付", tuple(PAID.split())),
    ("在哪里能用", tuple(WHERE.split())),
    ("什么不能付", tuple(EXCLUDED.split())),
    ("怎么解除", tuple(END.split())),
    ("看得到什么", tuple(SEEN.split())),
    ("医保码和亲情账户", tuple(HELP.split())),
    ("建议", tuple(ADVICE.split())),
)
# Told only where a city says something: most readers have no use for their being absent.
_ONLY_IF_SET = {*ADVICE.split(), "separate_pools", "monthly_cap_max_fen", "monthly_cap_fen", "nonlocal_cap_fen", "reserve_fen"}
# Told only where another choice gives them a meaning.
_ONLY_WITH = {"acceptance_min_age": "acceptance_required"}
_ADVICE_ONLY = "这些只是建议，不照做也不影响办理。"


def page_of(pack: Pack) -> tuple[Paragraph, ...]:
    """The whole page, section by section; one with nothing to say is left out."""
    drawn = (Paragraph(title, (*_choices(pack, names), *_more(pack, title))) for title, names in SECTIONS)
    return (*(one for one in drawn if one.lines), _help(pack), _contact(pack))


def as_markdown(pack: Pack) -> str:
    """The page to print."""
    until = f"到 {pack.effective_to.isoformat()} " if pack.effective_to else ""
    written = [f"# {pack.name}：{pack.words.account}", f"{pack.version}，自 {pack.effective_from.isoformat()} 起{until}有效。"]
    for paragraph in page_of(pack):
        written += [f"## {paragraph.title}", "\n".join(f"- {one.text}（{cite(one.source)}）" for one in paragraph.lines)]
    texts = "\n".join(f"- {name}：{_document(told)}" for name, told in sorted(pack.documents.items()))
    return "\n\n".join([*written, "## 出处", texts]) + "\n"


def cite(source: str) -> str:
    """A source as a reader understands it."""
    return "；".join(_cite_one(one) for one in source.split("; "))


def scene_lines(pack: Pack) -> tuple[Line, ...]:
    """Where shared money may be spent; scenes under the same conditions stand in one sentence."""
    ordered = sorted(pack.scenes, key=_conditions)
    return tuple(_scene_line(pack, list(rules)) for _, rules in groupby(ordered, key=_conditions))


def _choices(pack: Pack, names: tuple[str, ...]) -> Iterator[Line]:
    for name in names:
        if getattr(pack, _ONLY_WITH.get(name, name)) or name not in {*_ONLY_WITH, *_ONLY_IF_SET}:
            yield Line(say(pack, name), pack.source(name))


def _more(pack: Pack, title: str) -> Iterator[Line]:
    """What a section says beside the choices: the steps of a flow, the places, that advice is no more than that."""
    if title == "怎么开始":
        yield from _flow_lines(pack, "open-account", "add-member")
    elif title == "要准备什么":
        yield from _asked_lines(pack)
        yield from _form_lines(pack)
    elif title == "在哪里能用":
        yield from scene_lines(pack)
    elif title == "怎么解除":
        yield from _flow_lines(pack, "remove-member")
    elif title == "建议" and any(getattr(pack, name) for name in ADVICE.split()):
        yield Line(_ADVICE_ONLY, join_sources(pack.source(name) for name in ADVICE.split() if getattr(pack, name)))


def _flow_lines(pack: Pack, *names: str) -> Iterator[Line]:
    for name in names:
        if name in pack.flows:
            flow = pack.flows[name]
            steps = "，".join(f"{place}. {step.title}" for place, step in enumerate(flow.steps, start=1))
            yield Line(f"{flow.title}：{steps}。", flow.source)


def _asked_lines(pack: Pack) -> Iterator[Line]:
    flow = pack.flows["add-member"]
    asked = [
        question for step in flow.steps for question in step.questions if question.kind not in ("summary", "consent", "confirm")
    ]
    labels = "、".join(question.label + ("" if question.required else "（可不填）") for question in asked)
    yield Line(f"{flow.title}时要填：{labels}。", flow.source)


def _form_lines(pack: Pack) -> Iterator[Line]:
    for form in pack.forms.values():
        parts = "、".join(part.title for part in form.parts)
        yield Line(f"{form.title}：按您填的内容生成，有{parts}，打印后签{'、'.join(form.signatures)}，再拍照上传。", form.source)


def _conditions(rule: SceneRule) -> tuple[object, ...]:
    institutions = tuple((one.kind, one.levels) for one in rule.institutions)
    return rule.insutypes, institutions, rule.place, rule.capabilities, rule.credentials, rule.note


def _scene_line(pack: Pack, rules: list[SceneRule]) -> Line:
    first = rules[0]
    who = "、".join(INSUTYPE_LABELS[one] for one in first.insutypes)
    scenes = "、".join(SCENE_LABELS[rule.scene] for rule in rules)
    where = "、".join(class_label(one) for one in first.institutions)
    shown = "、".join(CREDENTIAL_LABELS[one] for one in first.credentials)
    needed = "、".join(pack.words.capabilities.get(one, one) for one in first.capabilities)
    more = (f"，机构要开通{needed}" if needed else "") + (f"（{first.note}）" if first.note else "")
    text = f"参加{who}的家人，{scenes}：{PLACE_LABELS[first.place]}的{where}，出示{shown}{more}。"
    return Line(text, join_sources(rule.source for rule in rules))


def _help(pack: Pack) -> Paragraph:
    texts = ", ".join(sorted(pack.documents))
    lines = [Line(said, join_sources([pack.words.help_sources.get(name, texts)])) for name, said in pack.words.help.items()]
    return Paragraph("还要知道的", tuple(lines))


def _contact(pack: Pack) -> Paragraph:
    told = f"不清楚的，可以拨打 {pack.words.hotline}，或到{pack.words.counter}询问。"
    return Paragraph("问谁", (Line(told, ", ".join(sorted(pack.documents))),))


def _cite_one(source: str) -> str:
    if source == "unknown":
        return "当地没有写明，暂按此办理"
    for origin, said in (("assumed: ", "推定："), ("unverified: ", "未核实：")):
        if source.startswith(origin):
            return said + source.removeprefix(origin)
    return source


def _document(told: Mapping[str, str]) -> str:
    return "，".join(filter(None, told.values()))
