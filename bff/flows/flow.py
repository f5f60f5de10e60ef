"""What makes a flow: its name and title, who plans its steps, and the effect that its answers ask for at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bff.flows.consents import Consent
from bff.flows.plan import Plan


@dataclass(frozen=True, slots=True)
class BecomePerson:
    """Tie this channel identity to the citizen whom the real-person check has shown it to be."""

    name: str
    id_number: str
    phone: str
    phone_verified: bool
    check: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StepUp:
    """Let this session do one act of this purpose, by a fresh look into the camera."""

    purpose: str
    check: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Renew:
    """Nothing is left to do: what was agreed to is in the ledger already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityEffect:
    """What a city's flow asks for; `check` is the look into the camera for this very act, where the city wants one."""

    check: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OpenAccount(CityEffect):
    """Open the shared account, under the pledge whose hash is `agree` where the city has one."""

    agree: str | None
    phone: str | None
    phone_verified: bool = False


@dataclass(frozen=True, slots=True)
class BindMember(CityEffect):
    """Let a relative spend from the account: who is named or, where `relative` is the id of a voucher that one shows, its owner.
    `terms` is what else the city asked, a passcode perhaps among it."""

    named: Mapping[str, str] = field(repr=False)
    relation: str
    phone: str | None
    agree: str | None
    terms: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class AcceptRelation(CityEffect):
    """Agree to be helped, or say no."""

    relation_id: str
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class ChangeLimit(CityEffect):
    """Let a member spend more or less: only what `limits` names changes, and `None` lifts a limit."""

    relation_id: str
    limits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EndRelation(CityEffect):
    """Take a member off the account."""

    relation_id: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReactivateRelation(CityEffect):
    """Let a member spend again whose relation slept while the account was frozen."""

    relation_id: str


@dataclass(frozen=True, slots=True)
class CloseAccount(CityEffect):
    """Share with nobody any more; the money stays where it is."""


@dataclass(frozen=True, slots=True)
class ActivateVoucher(CityEffect):
    """Activate one's own voucher; `bank_card` is said where the person is proven by it and not by a look. From then on the
    `helpers` may show it on their phones, who had asked to."""

    bank_card: str | None = field(repr=False)
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivateRelative(CityEffect):
    """Activate a relative's voucher and put it into one's own list. `relative` says who, by name and number or as a member
    who is known already; the look is theirs. `other_way` is how they prove themselves later: `at_counter`, `on_own_phone`."""

    relative: Mapping[str, str] = field(repr=False)
    agree: str | None
    bank_card: str | None = field(repr=False)
    other_way: str | None


Activation = ActivateVoucher | ActivateRelative
OnRelation = AcceptRelation | ChangeLimit | EndRelation | ReactivateRelation
InTheCity = OpenAccount | BindMember | CloseAccount | OnRelation


@dataclass(frozen=True, slots=True)
class ExportMyData:
    """Tell everything that is kept of this person."""

    check: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeleteMyData:
    """Delete everything of this person that no law keeps."""

    check: Mapping[str, str]


OurOwn = BecomePerson | StepUp | Renew | ExportMyData | DeleteMyData
Effect = OurOwn | InTheCity | Activation


@dataclass(frozen=True, slots=True)
class Standing:
    """What the product's own flows must know of the caller: whether we know them, the texts that they have to agree to,
    the one act that they want a fresh look for, and whether somebody who is not known yet says that they are a child for whom
    a guardian speaks."""

    known: bool
    consents: tuple[Consent, ...]
    purpose: str | None = None
    says_child: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """`own_plan` is set where the product itself asks; otherwise the citizen's city plans the steps. One flow is
    `for_strangers`: it shows who somebody is; one is `judged_by_core` for all that, as only the core knows who relies on it.
    Where the flow `activates` a voucher, a channel that can is asked to do that with its check. `acts_for` is the choice
    that says for which relative one acts, where a flow is about somebody else from then on."""

    name: str
    title: str
    complete_label: str
    effect: Callable[[Mapping[str, Any]], Effect]
    own_plan: Callable[[Standing], Plan] | None = None
    for_strangers: bool = False
    judged_by_core: bool = False
    activates: bool = False
    acts_for: str | None = None


def camera_check(given: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The look into the camera among the answers, if the city asked for one."""
    check: Mapping[str, str] | None = given.get("real_person")
    return check


def phone_number(given: Mapping[str, Any]) -> str | None:
    """The phone among the answers, if one was given."""
    phone = given.get("phone")
    return phone["number"] if phone else None
