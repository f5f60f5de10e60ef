"""What clients may send: bodies and queries, each with everything it may hold and nothing else."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from bff.api.bodies import Asked


def word(most: int, least: int = 1) -> ma.validate.Length:
    return ma.validate.Length(least, most)


class Nothing(Asked):
    """An empty body."""


class SignIn(Asked):
    channel = fields.String(required=True, validate=ma.validate.OneOf(["wechat", "alipay", "wechat_official"]))
    code = fields.String(
        required=True,
        validate=word(512),
        metadata={"description": "from wx.login, my.getAuthCode or the page of the web sign-in"},
    )


class Start(Asked):
    answers = fields.Dict(keys=fields.String(validate=word(64)), values=fields.Raw(allow_none=True), load_default=dict)


class StepAnswers(Asked):
    answers = fields.Dict(keys=fields.String(validate=word(64)), values=fields.Raw(allow_none=True), required=True)


class ShowCode(Asked):
    region = fields.String(validate=ma.validate.Regexp("^[0-9]{6}$"), metadata={"description": "where the phone is"})


class PageQuery(Asked):
    cursor = fields.String(validate=word(200), load_default=None)
    limit = fields.Integer(validate=ma.validate.Range(1, 100), load_default=20)
