"""Real-person checks: begun once for what was answered so far, on one channel, and good for one use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bff.api.context import Parts, channel_user
from bff.channels.base import Check, CheckResult, NamedPerson
from bff.errors import CheckPending, CheckUnknown, InvalidAnswers
from bff.flows import engine
from bff.flows.faults import FAULTS
from bff.flows.plan import Plan, Step
from bff.store.sessions import Session

# Kept beside the steps' answers; a step's name never starts so.
CHECK = "#check"
FACE = "face"


@dataclass(frozen=True, slots=True)
class Camera:
    """The checks of one caller. What is kept of one names the step, the identity and a print of the answers so far."""

    parts: Parts
    session: Session

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

    def begin(self, plan: Plan, answers: engine.Answers, step: Step) -> dict[str, Any]:
        """Begin a check, which costs money, and return what to keep of it."""
        person = self._who_looks(plan, answers)
        check = self.parts.channel(self.session.channel).begin_check(channel_user(self.session), person)
        return {
            "step": step.name,
            "id": check.id,
            "channel": check.channel,
            "expires_at": check.expires_at.isoformat(),
            "url": check.url,
            "keep": dict(check.keep),
            **self._binding(plan, answers, step),
        }

    def finish(
        self, kept: Mapping[str, Any] | None, check_id: str, plan: Plan, answers: engine.Answers, step: Step
    ) -> dict[str, Any]:
        """Ask the channel how the check ended; the answer to keep when it passed.

        Raises `CheckPending`, `CheckUnknown`, or `InvalidAnswers` when the face did not pass.
        """
        if kept is None or kept["id"] != check_id or not self.is_live(kept, plan, answers, step):
            raise CheckUnknown
        check = Check(
            id=kept["id"],
            channel=kept["channel"],
            expires_at=datetime.fromisoformat(kept["expires_at"]),
            url=kept["url"],
            keep=kept["keep"],
        )
        match self.parts.channel(self.session.channel).finish_check(channel_user(self.session), check):
            case CheckResult.PENDING:
                raise CheckPending
            case CheckResult.EXPIRED:
                raise CheckUnknown
            case CheckResult.NOT_PASSED:
                raise InvalidAnswers(fields={_field_name(step): FAULTS["face_not_passed"]})
            case CheckResult.PASSED:
                at = self.parts.clock.now().isoformat()
                binding = self._binding(plan, answers, step)
                return {"check_id": check.id, "channel": check.channel, "method": FACE, "at": at, **binding}

    def _who_looks(self, plan: Plan, answers: engine.Answers) -> NamedPerson:
        """Whoever acts, and never a relative whom they name: before anybody knows who that is, it is who they say."""
        if self.session.person_id is None:
            given = engine.given_fields(plan, answers)
            return NamedPerson(given["name"], given["id_number"])
        named = self.parts.core.named_citizen(self.session.person_id)
        return NamedPerson(named.name, named.id_number)

    def _binding(self, plan: Plan, answers: engine.Answers, step: Step) -> dict[str, str]:
        said = _written(engine.answers_before(plan, answers, step))
        return {"identity": self.session.identity_id, "print": self.parts.keys.fingerprint("answers-so-far", said)}

    def _is_bound(self, kept: Mapping[str, Any], plan: Plan, answers: engine.Answers, step: Step) -> bool:
        said = _written(engine.answers_before(plan, answers, step))
        prints = self.parts.keys.fingerprints("answers-so-far", said)
        return kept["identity"] == self.session.identity_id and kept["print"] in prints


def shown_check(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the phone needs to open the camera."""
    shown = {"id": kept["id"], "channel": kept["channel"], "expires_at": kept["expires_at"]}
    return {**shown, "url": kept["url"]} if kept["url"] else shown


def _field_name(step: Step) -> str:
    asked = step.real_person
    return asked.name if asked else step.name


def _written(answers: engine.Answers) -> str:
    return orjson.dumps(answers, option=orjson.OPT_SORT_KEYS).decode()
