"""Parameters about the tie itself: how it is made, proven, reviewed, changed and ended."""

from __future__ import annotations

from dataclasses import dataclass

from reference_core.packs.schema_fields import WorkingDays, flag, number, parameter, word, words

_EFFECTS = ("at_once", "next_day", "next_month", "chosen_date", "after_review_and_acceptance")
_FIELD_USES = ("required", "optional", "absent")


@dataclass(frozen=True, kw_only=True)
class BindingRules:
    """How a relation begins and ends."""

    open_account_required: bool = parameter(flag(), False, "the payer opens sharing once before adding anybody")
    pledge_on: str = parameter(word("open", "bind", "never"), "never", "when the payer signs the pledge")
    second_confirmation: bool = parameter(flag(), False, "name and number are shown once more and confirmed")
    kinship_proofs: tuple[str, ...] = parameter(
        words("pledge", "documents", "signed_form"), ("pledge",), "what proves the kinship; an empty list for nothing"
    )
    identity_photos_required: bool = parameter(flag(), False, "photos of both identity cards")
    real_person_on: tuple[str, ...] = parameter(
        words("open", "bind", "unbind", "change", "show_relative_code"), (), "acts for which one looks into the camera again"
    )
    passcode_required: bool = parameter(flag(), False, "the payer sets a passcode for sharing")
    payer_phone: str = parameter(word(*_FIELD_USES), "optional", "the payer's phone number when opening")
    member_phone: str = parameter(word(*_FIELD_USES), "optional", "the member's phone number when binding")
    verified_phone_required: bool = parameter(
        flag(), False, "of the payer's own number, when opening, digits are not enough: the channel must vouch for it"
    )
    acceptance_required: bool = parameter(flag(), False, "the member must accept")
    acceptance_min_age: int = parameter(number(0, 99), 18, "below this age the guardian accepts instead")
    review_workdays: tuple[int, int] | None = parameter(WorkingDays(), None, "working days an agency takes to review, or none")
    effect_online: str = parameter(word(*_EFFECTS), "at_once", "when a tie made on the phone takes effect")
    effect_offline: str = parameter(word(*_EFFECTS), "at_once", "when a tie made at the counter takes effect")
    end_effect: str = parameter(word("at_once", "next_day", "next_month"), "at_once", "when an end takes effect")
    ended_by: tuple[str, ...] = parameter(words("payer", "member"), ("payer",), "who may end a tie")
    edit_in_place: bool = parameter(flag(), False, "wrong data can be corrected without binding anew")
    rebind_wait_days: int = parameter(number(0, 3660), 0, "days after an end before the same member may be bound again")
    monthly_cap_selectable: bool = parameter(flag(), False, "the payer may set a cap per month")
    monthly_cap_max_fen: int | None = parameter(
        number(1, 10**9, nothing=True), None, "the highest cap one may set; null for no limit"
    )
    monthly_cap_fen: int | None = parameter(
        number(1, 10**9, nothing=True), None, "a cap per month and tie that the city sets for everybody"
    )
    scopes_selectable: bool = parameter(flag(), False, "the payer may choose what for")
    start_selectable: bool = parameter(flag(), False, "the payer may choose the first day")
    end_selectable: bool = parameter(flag(), False, "the payer may choose the last day")
    offline_supported: bool = parameter(flag(), True, "a counter does the same")
    on_payer_transfer: str = parameter(
        word("must_unbind_first", "ends", "not_shared"), "not_shared", "when the payer's insurance moves away"
    )
    on_member_transfer: str = parameter(
        word("must_unbind_first", "ends", "not_shared"), "not_shared", "when the member's insurance moves away"
    )
    on_payer_frozen: str = parameter(word("suspends", "ends", "not_shared"), "not_shared", "when the payer's account is frozen")
    on_payer_unfrozen: str = parameter(word("resumes", "reactivate"), "resumes", "when it is unfrozen again")
    on_account_closed: str = parameter(word("ends", "not_shared"), "not_shared", "when the payer's account is closed")
