"""The core's problems as our errors."""

from __future__ import annotations

import structlog

from bff.errors import (
    BffError,
    CoreUnavailable,
    Fault,
    IdentityConflict,
    InProgress,
    InvalidAnswers,
    KeyReused,
    KeySpent,
    MalformedBody,
    NotFound,
    Reason,
    RegionNotServed,
    RuleRefusal,
    StepUpRequired,
    TextChanged,
    TooManyActivations,
    TooManyRequests,
    TooManyTries,
)
from groundwork.reading import Reading

_log = structlog.get_logger()

# What the core says it refused, so that nothing was done. A code that is not named here tells us nothing of the kind.
_MEANINGS: dict[tuple[int, str], type[BffError]] = {
    (403, "step_up_required"): StepUpRequired,
    (404, "not_found"): NotFound,
    (404, "region_not_served"): RegionNotServed,
    (409, "key_reused"): KeyReused,
    (409, "key_spent"): KeySpent,
    (409, "in_progress"): InProgress,
    (409, "text_changed"): TextChanged,
    (409, "identity_conflict"): IdentityConflict,
    (429, "too_many_requests"): TooManyRequests,
    (429, "too_many_tries"): TooManyTries,
    (429, "too_many_activations"): TooManyActivations,
    (503, "try_again"): CoreUnavailable,
}


def read_problem(status: int, told: Reading, retry_after_s: int | None = None) -> BffError | None:
    """The error that a problem means, or `None` if we cannot know what was done. Raises `Unreadable`."""
    code = told.text("code")
    if (status, code) == (422, "refused"):
        return RuleRefusal(reasons=told.each("reasons", Reason.read))
    if status == 422:
        return _invalid(told)
    meaning = _MEANINGS.get((status, code))
    if meaning is not None:
        return meaning(retry_after_s=retry_after_s)
    if status in (401, 403):
        # Our own credentials are wrong: nothing was done, and somebody has to mend the settings.
        _log.error("core_refuses_our_key", status=status, code=code)
        return CoreUnavailable()
    if status == 400:
        _log.error("core_finds_our_request_malformed", status=status, code=code)
        return MalformedBody()
    return None


def _invalid(told: Reading) -> InvalidAnswers:
    fields = told.maybe_object("fields")
    faults = {name: _fault(fields.object(name)) for name in fields.members} if fields else {}
    return InvalidAnswers(fields=faults)


def _fault(told: Reading) -> Fault:
    return Fault(told.text("code"), told.text("text"), told.text("remedy"))
