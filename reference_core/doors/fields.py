"""The kinds of field that bodies of several doors are made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from groundwork.id_number import IdNumberError, parse_id_number
from reference_core.field_faults import invalid
from reference_core.web import core

# Ten million yuan: more than any bill or account, and far from what a column can hold.
MONEY_MAX_FEN = 1_000_000_000
CERT_TYPES = ("01",)
REGION = validate.Regexp(r"[0-9]{6}\Z")
STATUSES = ("normal", "suspended", "arrears", "frozen", "transferred_out", "terminated")
CARD_STATES = ("in_use", "not_activated", "reported_lost", "blocked_by_bank")
SYSTEMS = ("current", "outdated")
CONDITIONS = ("retired_cadre", "preferential", "long_term_nonlocal", "nonlocal_record", "account_closed")


class Body(Schema):
    """A body whose unknown fields are faults."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """Text of a bounded length, without outer spaces and without control characters."""

    def __init__(self, most: int, *, least: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            raise invalid("invalid")
        return text


class Flag(fields.Boolean):
    """`true` or `false`, nothing that only resembles them."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise invalid("invalid")
        return value


class IdNumber(fields.String):
    """A citizen identity number that could be somebody's."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        try:
            return parse_id_number(typed, core().now().date())
        except IdNumberError as error:
            raise invalid(f"id_number_{error.code}") from None


def phone(**kwargs: Any) -> fields.String:
    """A mainland mobile number."""
    return fields.String(validate=validate.Regexp(r"1[0-9]{10}\Z"), **kwargs)


def money(least: int = 0, **kwargs: Any) -> fields.Integer:
    """An amount in fen."""
    return fields.Integer(strict=True, validate=validate.Range(least, MONEY_MAX_FEN), **kwargs)


class VerifiedBySchema(Body):
    """How the person was recognised for this act."""

    channel = Text(20, required=True)
    method = fields.String(required=True, validate=validate.Regexp(r"[a-z_]{1,30}\Z"))
    check_id = Text(256)
    at = fields.AwareDateTime(format="iso", required=True)


class PageSchema(Body):
    """Where a list goes on."""

    cursor = fields.String(load_default=None, validate=validate.Length(1, 200))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class FeedPageSchema(Body):
    """Where the feed goes on."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**62))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
