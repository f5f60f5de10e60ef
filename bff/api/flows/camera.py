"""Real-person checks: begun once for what was answered so far, on one channel, and good for one use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from bff.api.context import Parts, channel_user
from bff.channels.base import Check, CheckResult, NamedPerson
from bff.errors import CheckPending, CheckUnknown, InvalidAnswers
from bff.flows import engine
from bff.flows.catalogue import CAMERA_ELSEWHERE
from bff.flows.fields import LookTaken
from bff.flows.other_ways import face_not_passed, telling_elsewhere, without_camera
from bff.flows.plan import RELATIVE, Plan, Step
from bff.store.sessions import Session
from groundwork.certificates import IDENTITY_CARD

# Kept beside the steps' answers; a step's name never starts so.
CHECK = "#check"
FACE = "face"
# Whoever has an identity card, as everybody who proves themselves here.
_SOMEBODY = NamedPerson("", "", IDENTITY_CARD)


@dataclass(frozen=True, slots=True)
class Camera:
    """The checks of one caller. What is kept of one names the step, the identity and a print of the answers so far; where
    the flow `activates` a voucher, it is the platform's own check for that, if the platform has one."""

    parts: Parts
    session: Session
    activates: bool = False

    def is_live(self, kept: Mapping[str, Any] | None, plan: Plan, answers: engine.Answers, step: Step) -> bool:
        """Whether a check that was begun may still be used for this step."""
        if kept is None or kept["step"] != step.name:
            return False
        expires_at = datetime.fromisoformat(kept["expires_at"])
        return expires_at > self.parts.clock.now() and self._is_bound(kept, plan, answers, step)

    def proven_answers(self, plan: Plan, answers: engine.Answers) -> dict[str, Mapping[str, Any]]:
        """The answers without those looks into a camera that no longer speak for what was answered before them."""
        proven: dict[str, Mapping[str, Any]] = {}
        for step in plan.steps:
            given = answers.get(step.name)
            if given is None:
                continue
            look = given.get(step.real_person.name) if step.real_person else None
            if look is None or self._is_bound(look, plan, proven, step):
                proven[step.name] = given
        return proven

    def where_it_can(self, plan: Plan, answers: engine.Answers) -> Plan:
        """The plan without those looks that may be left out and that this channel cannot take: not every one has a camera,
        and none knows every kind of certificate. Who cannot come to the end so is told where they can, before all else."""
        possible = replace(plan, steps=tuple(self._possible(step, plan, answers) for step in plan.steps))
        if has_camera(self.parts, self.session) or not any(step.real_person for step in possible.steps):
            return possible
        return telling_elsewhere(possible, CAMERA_ELSEWHERE)

    def refuse_where_none(self, plan: Plan) -> None:
        """Who cannot look into a camera here is told so before they are asked anything. Raises `CheckNotPossible`."""
        if any(step.real_person for step in plan.steps) and not has_camera(self.parts, self.session):
            # In the channel's own words, which say where there is one.
            self.parts.channel(self.session.channel).begin_check(channel_user(self.session), _SOMEBODY)

    def begin(self, plan: Plan, answers: engine.Answers, step: Step) -> dict[str, Any]:
        """Begin a check, which costs money, and return what to keep of it."""
        check, activates = self._begun(plan, answers, step)
        return {
            "step": step.name,
            "id": check.id,
            "channel": check.channel,
            "expires_at": check.expires_at.isoformat(),
            "url": check.url,
            "authorise_at": dict(check.authorise_at) if check.authorise_at else None,
            "keep": dict(check.keep),
            "activates": activates,
            **self._binding(plan, answers, step),
        }

    def finish(
        self, kept: Mapping[str, Any] | None, taken: LookTaken, plan: Plan, answers: engine.Answers, step: Step
    ) -> dict[str, Any]:
        """Ask the channel how the check ended; the answer to keep when it passed.

        Raises `CheckPending`, `CheckUnknown`, or `InvalidAnswers` when the face did not pass.
        """
        if kept is None or kept["id"] != taken.check_id or not self.is_live(kept, plan, answers, step):
            raise CheckUnknown
        match self._ended(kept, taken.brought):
            case CheckResult.PENDING:
                raise CheckPending
            case CheckResult.EXPIRED:
                raise CheckUnknown
            case CheckResult.NOT_PASSED:
                raise InvalidAnswers(fields={_field_name(step): face_not_passed(step)})
            case CheckResult.PASSED:
                at = self.parts.clock.now().isoformat()
                binding = self._binding(plan, answers, step)
                return {"check_id": taken.check_id, "channel": kept["channel"], "method": FACE, "at": at, **binding}

    def _begun(self, plan: Plan, answers: engine.Answers, step: Step) -> tuple[Check, bool]:
        """The check, and whether it is the platform's own for activating a voucher."""
        channel, user = self.parts.channel(self.session.channel), channel_user(self.session)
        person = self._who_looks(plan, answers, step)
        if _is_relative(step):
            # A plain check is of the account's own owner: only this one says that somebody else looks, contract or not.
            return channel.begin_activation(user, person, self._who_acts(plan, answers)), True
        if self.activates and channel.activates:
            return channel.begin_activation(user, person), True
        return channel.begin_check(user, person), False

    def _ended(self, kept: Mapping[str, Any], brought: str | None) -> CheckResult:
        channel, user = self.parts.channel(self.session.channel), channel_user(self.session)
        check = Check(
            id=kept["id"],
            channel=kept["channel"],
            expires_at=datetime.fromisoformat(kept["expires_at"]),
            url=kept["url"],
            keep=kept["keep"],
        )
        return channel.finish_activation(user, check, brought) if kept["activates"] else channel.finish_check(user, check)

    def _possible(self, step: Step, plan: Plan, answers: engine.Answers) -> Step:
        look = step.real_person
        if look is None or look.required:
            return step
        said = engine.given_fields(plan, answers).get("cert_type") if _is_relative(step) else None
        somebody = NamedPerson("", "", said or IDENTITY_CARD)
        return step if self.parts.channel(self.session.channel).can_check(somebody) else without_camera(step)

    def _who_looks(self, plan: Plan, answers: engine.Answers, step: Step) -> NamedPerson:
        """Whoever acts, unless the step says that it is the relative whom they named before."""
        return self._relative(plan, answers) if _is_relative(step) else self._who_acts(plan, answers)

    def _who_acts(self, plan: Plan, answers: engine.Answers) -> NamedPerson:
        """Before anybody knows who that is, it is who they say."""
        if self.session.person_id is None:
            given = engine.given_fields(plan, answers)
            return NamedPerson(given["name"], given["id_number"])
        named = self.parts.core.named_citizen(self.session.person_id)
        return NamedPerson(named.name, named.id_number)

    def _relative(self, plan: Plan, answers: engine.Answers) -> NamedPerson:
        given = engine.given_fields(plan, answers)
        if self.session.person_id is not None and given.get("member"):
            member = self.parts.core.named_member(self.session.person_id, given["member"])
            return NamedPerson(member.name, member.id_number, member.cert_type)
        return NamedPerson(given["name"], given["id_number"], given.get("cert_type") or IDENTITY_CARD)

    def _binding(self, plan: Plan, answers: engine.Answers, step: Step) -> dict[str, str]:
        said = _written(engine.answers_before(plan, answers, step))
        return {"identity": self.session.identity_id, "print": self.parts.keys.fingerprint("answers-so-far", said)}

    def _is_bound(self, kept: Mapping[str, Any], plan: Plan, answers: engine.Answers, step: Step) -> bool:
        said = _written(engine.answers_before(plan, answers, step))
        prints = self.parts.keys.fingerprints("answers-so-far", said)
        return kept["identity"] == self.session.identity_id and kept["print"] in prints


def has_camera(parts: Parts, session: Session) -> bool:
    """Whether this caller's channel can look at anybody at all."""
    return parts.channel(session.channel).can_check(_SOMEBODY)


def shown_check(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the phone needs to open the camera."""
    shown = {"id": kept["id"], "channel": kept["channel"], "expires_at": kept["expires_at"]}
    return {**shown, **{name: kept[name] for name in ("url", "authorise_at") if kept[name]}}


def _is_relative(step: Step) -> bool:
    return step.real_person is not None and step.real_person.about == RELATIVE


def _field_name(step: Step) -> str:
    asked = step.real_person
    return asked.name if asked else step.name


def _written(answers: engine.Answers) -> str:
    return orjson.dumps(answers, option=orjson.OPT_SORT_KEYS).decode()
