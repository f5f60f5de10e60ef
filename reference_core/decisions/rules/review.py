"""Why a tie was turned down, by an agency or by the relative, in words that say what to do before asking again."""

from __future__ import annotations

from collections.abc import Iterable

from reference_core.decisions.reasons import explain, in_order
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Reason

UNSAID = "application_not_approved"
# What a clerk may give as a reason, and the choice of the city's pack that each follows from.
_PARAMETERS = {
    "documents_unclear": "identity_photos_required",
    "kinship_not_proven": "kinship_proofs",
    "signed_form_incomplete": "kinship_proofs.signed_form",
    UNSAID: "review_workdays",
}
REVIEW_REASONS = tuple(_PARAMETERS)
DECLINED = "relation_declined"


def why_declined(pack: Pack | None) -> tuple[Reason, ...]:
    """What the payer is told when the relative, or who speaks for them, said no."""
    return (explain(pack, DECLINED, "acceptance_required"),)


def why_turned_down(pack: Pack | None, rules: Iterable[str]) -> tuple[Reason, ...]:
    """What a clerk named, the most useful first."""
    return in_order(explain(pack, rule, _PARAMETERS[rule]) for rule in rules)
