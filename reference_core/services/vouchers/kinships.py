"""Puts a relative's voucher on a helper's phone: named, seen or spoken for, and told; one transaction, both people locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundwork.clock import china
from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans.context import fault_in_words
from reference_core.decisions.reasons import explain
from reference_core.decisions.rules.vouchers import (
    Naming,
    check_required,
    is_minor,
    is_other_word,
    is_spoken_for,
    may_name,
    may_start_list,
    needs_check,
    needs_renewal,
    resolved,
)
from reference_core.idempotency import Answer, Scope, once, refusal
from reference_core.origin import Asker
from reference_core.packs.common import pledge_of
from reference_core.packs.schema_texts import GUARDIANS_CONSENT
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers, NotFound
from reference_core.reading import moment_json
from reference_core.services.notices import events
from reference_core.services.people import people, person_checks
from reference_core.services.people.situations import read_situations
from reference_core.services.relations.guardians import CHILD_VOUCHER, guardians_word
from reference_core.services.relations.pledges import Signing, sign_pledge
from reference_core.services.relations.presets import member_of_relation
from reference_core.services.relations.relatives import Named, find_relative
from reference_core.services.vouchers import activation_guards, kinship_rows
from reference_core.services.vouchers.kinship_rows import NewTie
from reference_core.vocabulary.facts import KinshipTie, Reason

_OWN_CONSENT = "activate-relative"
_WAITING = {"counter": "under_review", "relative": "awaiting_acceptance"}


@dataclass(frozen=True, slots=True)
class _Adding:
    """One naming that may go on, with all that was said with it."""

    core: Core
    tx: Tx
    naming: Naming
    asked: dict[str, Any]
    helper: Asker

    @property
    def now(self) -> datetime:
        return self.naming.now

    @property
    def minor(self) -> bool:
        return is_minor(self.naming.relative.born, self.now)

    @property
    def must_be_seen(self) -> bool:
        return needs_check(self.naming.pack, self.naming.relative.born, china(self.now).date())


def add(core: Core, helper: Asker, asked: dict[str, Any], scope: Scope) -> Answer:
    """Name a relative for one's list, or say every reason why not.

    Raises `InvalidAnswers`, `TextChanged`, `TooManyTries`, `TooManyActivations`.
    """
    now, helper_id = core.now(), helper.person_id

    def work(tx: Tx) -> Answer:
        relative_id = _find(core, tx, helper, asked, now)
        people.lock_people(tx, [helper_id] if relative_id is None else [helper_id, relative_id])
        kinship_rows.clear_unanswered(tx, helper_id, now)
        naming = read_naming(core, tx, (helper_id, relative_id), asked["relation"], now)
        if isinstance(naming, tuple):
            return refusal(naming)
        verdict = may_name(naming)
        if not verdict.allowed:
            return refusal(verdict.reasons)
        return _carry_out(_Adding(core, tx, naming, asked, helper))

    return once(core.db, scope, now, work)


def _find(core: Core, tx: Tx, helper: Asker, asked: dict[str, Any], now: datetime) -> str | None:
    """Whoever shares this helper's money needs no name again."""
    if asked.get("member"):
        return member_of_relation(tx, helper.person_id, asked["member"], now)
    named = Named(asked["name"], asked["cert_type"], asked["id_number"])
    return find_relative(core, tx, helper, named, now)


def read_naming(core: Core, tx: Tx, pair: tuple[str, str | None], word: str, now: datetime) -> Naming | tuple[Reason, ...]:
    """Everything the rules ask about the two, or why nothing can be asked of them."""
    helper_id, relative_id = pair
    found = read_situations(tx, tuple(one for one in pair if one is not None), now)
    if helper_id not in found:
        raise NotFound
    home = core.home_pack(found[helper_id], now)
    ties = kinship_rows.read_list(tx, helper_id)
    if home is None or relative_id is None:
        start = may_start_list(home, found[helper_id].person, ties, now).reasons
        # The same reason as when a member of the shared account is named in vain: nobody can tell the two doors apart.
        return start if home is None else (explain(home, "member_not_found", "member_insutypes"), *start)
    relative = found[relative_id]
    pack = core.home_pack(relative, now) or home
    return Naming(home, pack, found[helper_id].person, relative.person, word, ties, now)


def _carry_out(adding: _Adding) -> Answer:
    naming, tie = adding.naming, adding.naming.standing_tie
    if tie is not None and is_other_word(naming, tie) and not needs_renewal(naming, tie):
        return _correct(adding, tie)
    ways = _ways(adding)
    if adding.must_be_seen and not ways:
        return refusal([check_required(naming.pack, "relative")])
    way = ways[0] if ways else "guardian"
    if way == "bank_card" and (reason := _card_reason(adding)):
        return refusal([reason])
    activation_guards.check_caps(adding.core, adding.tx, adding.helper, adding.now)
    if way == "face":
        person_checks.use_check(adding.core, adding.tx, adding.asked["verified_by"], adding.now)
    if tie is not None:
        kinship_rows.end(adding.tx, tie, "renewed", naming.helper.id, adding.now)
    return _put_in_list(adding, way)


def _ways(adding: _Adding) -> list[str]:
    """By which of the four ways the relative is to be seen; raises `InvalidAnswers` for two, or where none is asked."""
    asked = adding.asked
    seen = person_checks.seen_by_camera(asked.get("verified_by"), "relative", adding.now)
    given = {"face": seen, "bank_card": asked.get("bank_card"), "counter": asked.get("at_counter")}
    ways = [way for way, said in {**given, "relative": asked.get("on_own_phone")}.items() if said]
    if ways and not adding.must_be_seen:
        fault = fault_in_words("not_asked", "这位家人还没有到需要核验本人的年龄。", "请由监护人同意后直接办理。")
        raise InvalidAnswers(fields={"real_person": fault})
    if len(ways) > 1:
        raise InvalidAnswers(fields={"real_person": fault_in_words("choose_one_way", "选了不止一种办法。", "请只选一种办法。")})
    return ways


def _card_reason(adding: _Adding) -> Reason | None:
    naming = adding.naming
    sought = person_checks.Sought(adding.helper, naming.relative.id, str(adding.asked["bank_card"]))
    return person_checks.bank_card_reason(adding.core, adding.tx, naming.pack, sought)


def _put_in_list(adding: _Adding, way: str) -> Answer:
    naming, tx, now = adding.naming, adding.tx, adding.now
    waits_for = way if way in _WAITING else None
    own_pledge, guardian_pledge = _consents(adding, waits_for)
    new = NewTie(
        helper_id=naming.helper.id,
        relative_id=naming.relative.id,
        word=resolved(naming) or naming.word,
        own_consent=not adding.minor and waits_for is None,
        waits_for=waits_for,
        own_pledge_id=own_pledge,
        guardian_pledge_id=guardian_pledge,
        verified_by=_evidence(adding, way),
    )
    row = kinship_rows.insert(tx, new, now)
    pair = (naming.helper.id, naming.relative.id)
    voucher_id = kinship_rows.voucher_of(tx, naming.relative.id)
    kinship_rows.tell_both(tx, row["id"], pair, "kinship_requested" if waits_for else "kinship_added", now, voucher_id=voucher_id)
    if waits_for is None:
        activate_for(tx, row["id"], pair, way, now)
    activation_guards.count(adding.core, tx, adding.helper, {"kinship": row["id"], "relative": pair[1]}, now)
    consent = _guardians_consent(adding) if guardian_pledge and is_spoken_for(naming.relative.born, now) else {}
    return Answer(201, {**_answer(adding, voucher_id, new, row), **consent})


def activate_for(tx: Tx, kinship_id: str, pair: tuple[str, str], method: str, now: datetime) -> None:
    """Activate a relative's voucher on behalf of a helper; its owner is told in every case."""
    helper_id, relative_id = pair
    slept = kinship_rows.activate_voucher(tx, relative_id, method, helper_id, now)
    data = {"kinship_id": kinship_id, "method": method, "was_active": not slept}
    events.record(tx, now, events.Event("voucher_activated_by_helper", relative_id, data))


def _consents(adding: _Adding, waits_for: str | None) -> tuple[str | None, str | None]:
    """The relative's own signature, given beside the helper, and the guardian's; who is not here signs later."""
    naming, asked = adding.naming, adding.asked
    if not adding.minor and waits_for is not None:
        return None, None
    said = asked.get("guardian_agree") or asked.get("agree") if adding.minor else asked.get("agree")
    if said is None:
        fault = fault_in_words("required", "还没有同意。", "请看完同意书，同意后再继续。")
        raise InvalidAnswers(fields={"agree": fault})
    by = asked.get("verified_by") or {"method": "bank_card" if asked.get("bank_card") else "signed_in"}
    signer, purpose = (naming.helper.id, GUARDIANS_CONSENT) if adding.minor else (naming.relative.id, _OWN_CONSENT)
    pledge_id = sign_pledge(adding.tx, naming.home, Signing(signer, purpose, said, by, adding.now))
    return (None, pledge_id) if adding.minor else (pledge_id, None)


def _guardians_consent(adding: _Adding) -> Row:
    """What the guardian of a young child signed, for the ledger of consents."""
    signed = pledge_of(adding.naming.home, GUARDIANS_CONSENT)
    return guardians_word(adding.core, adding.tx, CHILD_VOUCHER, signed, adding.naming.relative.id)


def _correct(adding: _Adding, tie: KinshipTie) -> Answer:
    """The same relative under another word: nothing else about the tie changes."""
    naming, tx = adding.naming, adding.tx
    word = resolved(naming) or naming.word
    kinship_rows.rename(tx, tie, word)
    pair = (naming.helper.id, naming.relative.id)
    voucher_id = kinship_rows.voucher_of(tx, naming.relative.id)
    kinship_rows.tell_both(tx, tie.id, pair, "kinship_corrected", adding.now, voucher_id=voucher_id)
    new = NewTie(pair[0], pair[1], word, tie.own_consent)
    return Answer(201, _answer(adding, voucher_id, new, {"id": tie.id, "slip": None, "waits_until": None}))


def _answer(adding: _Adding, voucher_id: str, new: NewTie, row: Row) -> Row:
    relative = adding.naming.relative
    answer = {
        "id": voucher_id,
        "kinship_id": row["id"],
        "relation": new.word,
        "name_masked": people.masked_names(adding.tx, adding.core.keys, [relative.id])[relative.id],
        # While the relative has not agreed, how their voucher stands is nobody's business.
        "status": "not_activated" if new.waits_for else "active",
        "outcome": _WAITING[new.waits_for] if new.waits_for else "done",
    }
    if row["slip"]:
        answer["slip"] = row["slip"]
    return answer | ({"waits_until": moment_json(row["waits_until"])} if row["waits_until"] else {})


def _evidence(adding: _Adding, way: str) -> Row:
    by = adding.asked.get("verified_by") if way == "face" else None
    return by or {"method": way, "at": adding.now.isoformat()}
