"""Makes a POST have one effect and one answer under its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any

import orjson
import structlog
from flask import Response, current_app, request

from bff.api.bodies import canonical_body, idempotency_key
from bff.api.context import caller, caller_token, parts
from bff.api.problems import written_problem
from bff.errors import KeyMissing, RuleRefusal, StoreUnavailable, problem
from bff.store.idempotency import Answered, Running

View = Callable[..., Any]
_log = structlog.get_logger()


def required_key() -> str:
    """The request's key. Raises `KeyMissing` or `KeyMalformed`."""
    key = idempotency_key()
    if key is None:
        raise KeyMissing
    return key


def fresh_token() -> str:
    """The token that replaces the caller's. It follows from the old one and the key, so that a replay can tell it
    again although it is kept nowhere."""
    return parts().keys.fingerprint("fresh-token", caller_token(), required_key())


def once(view: View) -> View:
    """The outermost decorator of a keyed POST: 2xx and refusals are remembered and told again, all else is forgotten."""
    return _keyed(view, _remember)


def once_only(view: View) -> View:
    """As `once`, for answers that must not be given twice: of them only is kept that the key was used."""
    return _keyed(view, lambda running, _: parts().idempotency.spend(running))


def _keyed(view: View, keep: Callable[[Running, Response], None]) -> View:
    @wraps(view)
    def keyed(*args: Any, **kwargs: Any) -> Response:
        began = parts().idempotency.begin(caller().owner, request.method, request.path, required_key(), canonical_body())
        if isinstance(began, Answered):
            return _replayed(began)
        try:
            response = current_app.make_response(view(*args, **kwargs))
        except RuleRefusal as refusal:
            with _after_the_fact():
                parts().idempotency.remember(began, refusal.status, {"problem": problem(refusal)})
            raise
        except BaseException:
            with suppress(StoreUnavailable):
                parts().idempotency.forget(began)
            raise
        with _after_the_fact():
            keep(began, response)
        return response

    return keyed


def _remember(running: Running, response: Response) -> None:
    body = orjson.loads(response.get_data())
    if "data" in body:
        # All that is kept of somebody: a copy here would outlive their wish to have it deleted.
        parts().idempotency.spend(running)
        return
    rotated = body.pop("token", None) is not None
    parts().idempotency.remember(running, response.status_code, {"body": body, "rotated": rotated})


def _replayed(answered: Answered) -> Response:
    if "problem" in answered.body:
        return written_problem(answered.body["problem"], answered.body["problem"]["code"])
    body = answered.body["body"]
    if answered.body["rotated"]:
        body["token"] = fresh_token()
    return Response(orjson.dumps(body), answered.status, mimetype="application/json")


@contextmanager
def _after_the_fact() -> Iterator[None]:
    """The effect stands whether or not Redis still answers: to fail now would call it undone."""
    try:
        yield
    except StoreUnavailable:
        _log.warning("answer_not_remembered")
