"""What differs between two packs, whether two versions of one city or two cities, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from reference_core.packs.schema_forms import FormText
from reference_core.packs.shelf import Pack
from reference_core.pages.page import SECTIONS, Line, Paragraph, cite, scene_lines
from reference_core.pages.sayings import SAYINGS

_NOTHING = "没有这一项"
_ALL_SECTIONS = (*SECTIONS, ("旧接口", ("legacy_amount_fields",)))


def difference(one: Pack, other: Pack) -> tuple[Paragraph, ...]:
    """Section by section what the two decide differently; where it is written may differ without making a difference."""
    named = _names(one, other)
    drawn = [Paragraph(title, tuple(_choices(one, other, names, named))) for title, names in _ALL_SECTIONS]
    drawn += [
        Paragraph("能用的地方", tuple(_places(one, other, named))),
        Paragraph("办理步骤", tuple(_flows(one, other, named))),
        Paragraph("承诺书", tuple(_pledges(one, other, named))),
        Paragraph("申请表", tuple(_forms(one, other, named))),
        Paragraph("叫法和联系方式", tuple(_words(one, other, named))),
    ]
    return tuple(paragraph for paragraph in drawn if paragraph.lines)


def difference_as_markdown(one: Pack, other: Pack) -> str:
    """The difference to print."""
    first, second = _names(one, other)
    written = [f"# {first}和{second}的不同"]
    for paragraph in difference(one, other):
        written += [f"## {paragraph.title}", "\n".join(f"- {line.text}" for line in paragraph.lines)]
    return "\n\n".join(written if len(written) > 1 else [*written, "没有不同。"]) + "\n"


def _names(one: Pack, other: Pack) -> tuple[str, str]:
    """As short as they can be told apart."""
    if one.name != other.name:
        return one.name, other.name
    if one.version != other.version:
        return f"{one.name} {one.version}", f"{other.name} {other.version}"
    return _since(one), _since(other)


def _since(pack: Pack) -> str:
    return f"{pack.name}（{pack.effective_from.isoformat()} 起）"


def _choices(one: Pack, other: Pack, names: tuple[str, ...], named: tuple[str, str]) -> Iterator[Line]:
    for name in names:
        if getattr(one, name) != getattr(other, name):
            told = (SAYINGS[name].tell(pack, getattr(pack, name)) + f"（{cite(pack.source(name))}）" for pack in (one, other))
            yield _line(SAYINGS[name].title, named, *told, sources=(one.source(name), other.source(name)))


def _places(one: Pack, other: Pack, named: tuple[str, str]) -> Iterator[Line]:
    told = scene_lines(one), scene_lines(other)
    for place, (here, there) in enumerate((told, told[::-1])):
        known = {line.text for line in there}
        for line in here:
            if line.text not in known:
                yield Line(f"只在{named[place]}：{line.text}（{cite(line.source)}）", line.source)


def _flows(one: Pack, other: Pack, named: tuple[str, str]) -> Iterator[Line]:
    for name in dict.fromkeys((*one.flows, *other.flows)):
        flows = one.flows.get(name), other.flows.get(name)
        told = [" → ".join(step.title for step in flow.steps) if flow else _NOTHING for flow in flows]
        if told[0] != told[1]:
            title = next(flow.title for flow in flows if flow)
            yield _line(title, named, *told, sources=tuple(flow.source if flow else "" for flow in flows))


def _pledges(one: Pack, other: Pack, named: tuple[str, str]) -> Iterator[Line]:
    for name in dict.fromkeys((*one.pledges, *other.pledges)):
        pledges = one.pledges.get(name), other.pledges.get(name)
        if len({pledge.text_hash if pledge else "" for pledge in pledges}) > 1:
            told = (f"“{' '.join(pledge.clauses)}”" if pledge else _NOTHING for pledge in pledges)
            title = next(pledge.title for pledge in pledges if pledge)
            yield _line(title, named, *told, sources=tuple(pledge.source if pledge else "" for pledge in pledges))


def _forms(one: Pack, other: Pack, named: tuple[str, str]) -> Iterator[Line]:
    for name in dict.fromkeys((*one.forms, *other.forms)):
        forms = one.forms.get(name), other.forms.get(name)
        told = ["、".join(_lines_of(form)) if form else _NOTHING for form in forms]
        if told[0] != told[1]:
            title = next(form.title for form in forms if form)
            yield _line(title, named, *told, sources=tuple(form.source if form else "" for form in forms))


def _lines_of(form: FormText) -> Iterator[str]:
    yield from form.paragraphs
    for part in form.parts:
        yield from (f"{part.title}{item.label}" for item in part.items)
    yield from (*form.clauses, *form.signatures)


def _words(one: Pack, other: Pack, named: tuple[str, str]) -> Iterator[Line]:
    called = {"payer": "账户所有人叫", "member": "使用的家人叫", "account": "共济叫", "hotline": "咨询电话", "counter": "窗口"}
    for name, title in called.items():
        told = getattr(one.words, name), getattr(other.words, name)
        if told[0] != told[1]:
            yield _line(title, named, *told, sources=("", ""))


def _line(title: str, named: tuple[str, str], *told: str, sources: tuple[str, ...]) -> Line:
    said = "；".join(f"{name} {one}" for name, one in zip(named, told, strict=True))
    return Line(f"{title}：{said}。", " / ".join(filter(None, sources)))
