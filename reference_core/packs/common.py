"""The texts that every city shares until its pack has its own: the flows around vouchers, their consents, and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from reference_core.packs.schema_texts import GUARDIANS_WORD, FlowSchema, FlowText, Pledge, PledgeSchema
from reference_core.packs.shelf import Pack

COMMON_TEXTS = Path(__file__).with_name("common_texts.yaml")


@dataclass(frozen=True, slots=True)
class CommonTexts:
    """What holds where a city says nothing."""

    flows: Mapping[str, FlowText]
    pledges: Mapping[str, Pledge]
    warnings: Mapping[str, str]


@cache
def common_texts() -> CommonTexts:
    """The texts as they are written, checked like a pack's."""
    written = yaml.safe_load(COMMON_TEXTS.read_text(encoding="utf-8"))
    return CommonTexts(
        flows={name: FlowSchema().load(said) for name, said in written["flows"].items()},
        pledges={purpose: PledgeSchema().load(said) for purpose, said in written["pledges"].items()},
        warnings=written["warnings"],
    )


def flow_of(pack: Pack, name: str) -> FlowText | None:
    """The city's own screens of a flow, or those that all share; `None` where there are neither."""
    return pack.flows.get(name) or common_texts().flows.get(name)


def pledge_of(pack: Pack, purpose: str) -> Pledge:
    """The text to sign for a purpose; raises `KeyError` where nothing is signed."""
    return pack.pledges.get(purpose) or common_texts().pledges[purpose]


def binding_text(pack: Pack, *, for_child: bool) -> Pledge | None:
    """What a payer agrees to who adds a relative: the city's pledge where its screens ask for one, a guardian's word for a young
    child, or both as one text; `None` where nothing is asked."""
    asks = any(question.name == "agree" for step in pack.flows["add-member"].steps for question in step.questions)
    own = pledge_of(pack, "add-member") if asks else None
    if not for_child:
        return own
    words = pledge_of(pack, GUARDIANS_WORD)
    if own is None:
        return words
    return replace(own, version=f"{own.version}+{words.version}", clauses=(*own.clauses, *words.clauses))


def warning_of(pack: Pack | None, whose: str) -> str:
    """What stands beside a code that is shown: `own_code` or `relative_code`."""
    own = pack.words.help.get(whose) if pack else None
    return own or common_texts().warnings[whose]
