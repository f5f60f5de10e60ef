"""What the screens of a flow are drawn from: the city's words, the person's own facts, and the answers so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groundwork.certificates import CERTIFICATES, IDENTITY_CARD, parse_certificate
from groundwork.clock import china
from groundwork.id_number import IdNumberError, born_on, parse_id_number
from groundwork.names import DOTS
from reference_core.decisions.rules.vouchers import is_spoken_for
from reference_core.packs.common import binding_text, pledge_of
from reference_core.packs.schema_texts import FlowText, Pledge
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.facts import Situation, Verdict

# Which question chooses a relative whom the other list has already.
PRESET_FIELDS = {"add-member": "relative", "activate-relative": "member"}
Answers = Mapping[str, Mapping[str, Any]]
Fault = dict[str, str]
# Han characters, the dot inside names of other nationalities, Latin letters and inner spaces.
_NAME = re.compile(rf"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323afA-Za-z{DOTS}'’ -]{{1,50}}")


def fault_in_words(code: str, text: str, remedy: str) -> Fault:
    """What is wrong with one answer; never what was typed."""
    return {"code": code, "text": text, "remedy": remedy}


def read_name(typed: object) -> str | None:
    """A name without outer spaces, or `None` where it cannot be one."""
    if not isinstance(typed, str) or not _NAME.fullmatch(typed.strip()):
        return None
    return typed.strip()


def read_id_number(typed: object, today: date) -> str | None:
    """A whole number as it counts, or `None` where it cannot be one."""
    try:
        return parse_id_number(typed, today) if isinstance(typed, str) else None
    except IdNumberError:
        return None


def read_certificate(typed: object, cert_type: object, today: date) -> str | None:
    """A whole number of this kind of certificate, or `None` where it cannot be one."""
    if not isinstance(typed, str) or cert_type not in CERTIFICATES:
        return None
    try:
        return parse_certificate(str(cert_type), typed, today)
    except IdNumberError:
        return None


def chosen_in(answers: Answers, flow: str) -> str | None:
    """The id by which a relative was chosen from the other list, if one was."""
    said = [given.get(PRESET_FIELDS[flow]) for given in answers.values()]
    return next((one for one in said if isinstance(one, str) and one), None)


@dataclass(frozen=True, slots=True)
class ShownMember:
    """One tie as a list shows it: the member of a payer, or (`is_payer`) the payer who offers help.

    `id` is the tie's; `relation` is always what the member is to the payer. A relative of the list of vouchers is shown in the
    same way, `id` being the voucher's.
    """

    id: str
    name_masked: str
    relation: str
    is_payer: bool = False
    monthly_cap_fen: int | None = None
    id_number_masked: str = ""
    scopes: frozenset[str] | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class VoucherSide:
    """What the flows around vouchers turn on: whether one may start, how the owner must be seen, and who speaks for them.

    `correcting` says that nothing but a word in the list is to change; `card_differs` that the bank card is not the owner's.
    """

    may_start: Verdict
    must_be_seen: bool = True
    minor: bool = False
    methods: tuple[str, ...] = ()
    correcting: bool = False
    card_differs: bool = False
    refusal: Verdict | None = None


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """The person before the screen, everything already masked.

    `looked_up` says that the relative named in the answers was searched for; `candidate` is who was found. `listed` are the
    relatives who need no naming, since another list has them, and `voucher` is there in the flows around vouchers.
    """

    situation: Situation
    name_masked: str
    id_number_masked: str
    phone_masked: str | None = None
    phone_verified: bool = False
    card_number_masked: str | None = None
    members: tuple[ShownMember, ...] = ()
    looked_up: bool = False
    candidate: Situation | None = None
    listed: tuple[ShownMember, ...] = ()
    voucher: VoucherSide | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """One flow about to be drawn for one person."""

    name: str
    pack: Pack
    flow: FlowText
    about: FlowFacts
    answers: Answers
    now: datetime
    consent: str | None = None

    @property
    def pledge(self) -> Pledge:
        """The text that this flow asks somebody to agree to."""
        bound = binding_text(self.pack, for_child=self.names_child) if self.name == "add-member" else None
        return bound or pledge_of(self.pack, self.consent or self.name)

    @property
    def names_child(self) -> bool:
        """Whether the relative is a child below fourteen: by who was found, else by the number as it was typed."""
        found, number = self.about.candidate, self.typed_number
        born = found.person.born if found else born_on(number) if number else None
        return born is not None and is_spoken_for(born, self.now)

    @property
    def cert_type(self) -> object:
        """Which certificate the number is of."""
        return self.answer("cert_type") or IDENTITY_CARD

    @property
    def preset(self) -> ShownMember | None:
        """The relative chosen from another list, who need not be named."""
        wanted = self.answer(PRESET_FIELDS[self.name]) if self.name in PRESET_FIELDS else None
        return next((one for one in self.about.listed if one.id == wanted), None)

    def answer(self, question: str) -> Any:
        """What was answered to a question in any step; `None` if nothing was."""
        return next((given[question] for given in self.answers.values() if given.get(question) is not None), None)

    @property
    def typed_number(self) -> str | None:
        """The number of the relative as it was typed, once it is whole; it says nothing of whether anybody has it."""
        if self.cert_type != IDENTITY_CARD:
            return None
        return read_id_number(self.answer("id_number"), china(self.now).date())

    @property
    def phone_is_own(self) -> bool:
        """In add-member the phone asked for is the relative's, elsewhere one's own."""
        return self.name != "add-member"

    @property
    def phone_must_be_verified(self) -> bool:
        """A channel can vouch for one's own number only."""
        return self.phone_is_own and self.pack.verified_phone_required

    @property
    def known_phone(self) -> str | None:
        """One's own number, masked, where it need not be asked again."""
        known = self.about.phone_verified or not self.phone_must_be_verified
        return self.about.phone_masked if self.phone_is_own and known else None
