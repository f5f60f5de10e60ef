"""Reads request bodies: JSON objects of at most 64 kB, nothing unknown in them, every fault named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

import marshmallow as ma
import orjson
from flask import Request, g, request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from bff.errors import Fault, KeyMalformed, MalformedBody, UnknownField, UnsupportedMediaType, nameable
from bff.flows.faults import FAULTS

MOST_BYTES = 64 * 1024
# Forms with files, which are larger and no JSON; and what platforms push, of which each byte is signed.
_READ_BY_THEIR_VIEWS = {"uploads.Uploads", "callbacks.WeChatCallbacks", "callbacks.AlipayCallbacks"}
_KEY = re.compile("[!-~]{16,200}")
_UNKNOWN = "unknown_field"
_MISSING = "required"


def read_body() -> None:
    """Before every request: parse the body once. Raises `UnsupportedMediaType`, `MalformedBody` or `BodyTooLarge`."""
    g.body = {}
    if request.endpoint in _READ_BY_THEIR_VIEWS:
        return
    written = request.get_data(cache=True)
    if not written:
        return
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        # orjson refuses what json lets through: NaN, lone surrogates, nesting deep enough to end the process.
        g.body = orjson.loads(written)
    except orjson.JSONDecodeError as fault:
        raise MalformedBody from fault
    if not isinstance(g.body, dict):
        raise MalformedBody


def idempotency_key() -> str | None:
    """The request's key, if it brought one. Raises `KeyMalformed`."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise KeyMalformed
    return key


def canonical_body() -> str:
    """The body in one spelling, so that the same content compares equal however it was written."""
    return orjson.dumps(g.body, option=orjson.OPT_SORT_KEYS).decode()


class BodyParser(FlaskParser):
    """webargs over the body that was parsed already, with our errors instead of its own."""

    # What nobody declared is refused in queries as it is in bodies.
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  declared so by webargs
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ARG002  webargs calls it so
        return g.body

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,  # noqa: ARG002  webargs calls it so
        schema: ma.Schema,  # noqa: ARG002
        *,
        error_status_code: int | None,  # noqa: ARG002  webargs calls it so
        error_headers: Mapping[str, str] | None,  # noqa: ARG002  webargs calls it so
    ) -> NoReturn:
        told = error.messages_dict
        messages: Mapping[str, Any] = next(iter(told.values())) if told else {}
        faults = {nameable(name): _fault_of(message) for name, message in messages.items()}
        unknown = {name: fault for name, fault in faults.items() if fault.code == _UNKNOWN}
        if unknown:
            raise UnknownField(fields=unknown)
        raise MalformedBody(fields=faults)


class Resource(Blueprint):  # type: ignore[misc]  # flask-smorest is untyped
    """A blueprint whose arguments are read by `BodyParser`."""

    ARGUMENTS_PARSER = BodyParser()


class Asked(ma.Schema):
    """The base of everything that a client sends: what is not declared is refused by name."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {"unknown": _UNKNOWN}  # noqa: RUF012  marshmallow reads it from the class


def _fault_of(message: Any) -> Fault:
    texts = message if isinstance(message, list) else []
    if _UNKNOWN in texts:
        return FAULTS[_UNKNOWN]
    return FAULTS[_MISSING] if ma.fields.Field.default_error_messages["required"] in texts else FAULTS["wrong_kind"]
