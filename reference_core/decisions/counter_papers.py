"""Which papers a clerk must have seen before tying two people at a counter: what the city would ask for on the phone."""

from __future__ import annotations

from collections.abc import Collection

from reference_core.decisions.flow_plans.context import Fault, fault_in_words
from reference_core.packs.shelf import Pack

PAPERS = {
    "payer_id_card": "账户所有人的身份证",
    "member_id_card": "家人的身份证",
    "kinship_proof": "能看出亲属关系的材料",
    "application_form": "签好字的申请表",
    "payer_card": "账户所有人的医保卡",
    "member_card": "家人的医保卡",
    "power_of_attorney": "委托书",
}
_ALWAYS = ("payer_id_card", "member_id_card")
_FOR_PROOFS = {"documents": "kinship_proof", "signed_form": "application_form"}


def missing_papers(pack: Pack, seen: Collection[str]) -> Fault | None:
    """What the clerk has not seen yet, in words."""
    demanded = [*_ALWAYS, *(paper for proof, paper in _FOR_PROOFS.items() if proof in pack.kinship_proofs)]
    missing = [PAPERS[paper] for paper in demanded if paper not in seen]
    if not missing:
        return None
    return fault_in_words("papers_missing", f"还缺：{'、'.join(missing)}。", "请核对原件后再办理。")
