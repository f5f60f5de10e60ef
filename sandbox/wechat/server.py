"""The addresses of WeChat's server: reads requests, checks the access token, answers 200 with an errcode where it must."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from groundwork.clock import Clock
from sandbox.fault_play import Answer, FaultPlay, bare_refusal
from sandbox.faults import Faults
from sandbox.real_person import Checks
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError
from sandbox.wechat.face import Face
from sandbox.wechat.login import Login, PhoneNumbers
from sandbox.wechat.messages import SubscribeMessages
from sandbox.wechat.tokens import Tokens

Body = Mapping[str, Any]
_PREFIX = "/wechat"


class WechatServer:
    """WeChat for one mini-program: the phone's side by its methods, the backend's side by its blueprint."""

    def __init__(self, settings: Settings, store: Store, checks: Checks, faults: Faults, clock: Clock) -> None:
        subjects = Subjects(store, "wechat", settings.wechat_app_id)
        self._app_id = settings.wechat_app_id
        self._secret = settings.wechat_app_secret
        self._tokens = Tokens(clock)
        self._login = Login(clock, subjects, settings.wechat_gives_union_id, settings.wechat_logins_per_minute)
        self._phones = PhoneNumbers(clock, subjects, settings.wechat_app_id)
        self._face = Face(clock, subjects, checks)
        self._messages = SubscribeMessages(clock, subjects, store)
        self._play = FaultPlay(faults, "wechat", bare_refusal, _fail)

    def login_code(self, id_number: str) -> str:
        return self._login.code(id_number)

    def phone_code(self, id_number: str, phone: str) -> str:
        return self._phones.code(id_number, phone)

    def blueprint(self) -> Blueprint:
        """WeChat's addresses under `/wechat/`."""
        server = Blueprint("wechat", __name__, url_prefix=_PREFIX)
        routes: tuple[tuple[str, str, Callable[[], Body]], ...] = (
            ("GET", "sns/jscode2session", self._jscode2session),
            ("POST", "cgi-bin/stable_token", self._stable_token),
            ("POST", "wxa/business/getuserphonenumber", self._with_token(self._phones.redeem)),
            ("POST", "cityservice/face/identify/getverifyid", self._with_token(self._face.get_verify_id)),
            ("POST", "cityservice/face/identify/queryverifyinfo", self._with_token(self._face.query_verify_info)),
            ("POST", "cgi-bin/message/subscribe/send", self._with_token(self._messages.send)),
        )
        for method, path, answer in routes:
            server.add_url_rule(f"/{path}", path.replace(".", "_"), self._view(path, answer), methods=[method])
        return server

    def _view(self, path: str, answer: Callable[[], Body]) -> Callable[[], Response]:
        return lambda: self._play.around(request.method, path, lambda: _told(answer))

    def _with_token(self, answer: Callable[[Body], Body]) -> Callable[[], Body]:
        def checked() -> Body:
            self._tokens.check(request.args.get("access_token"))
            return answer(_body())

        return checked

    def _jscode2session(self) -> Body:
        self._check_app(request.args)
        if request.args.get("grant_type", "authorization_code") != "authorization_code":
            raise WechatError(40002)
        code = request.args.get("js_code")
        if not code:
            raise WechatError(41008)
        return self._login.session(code)

    def _stable_token(self) -> Body:
        asked = _body()
        if asked.get("grant_type") != "client_credential":
            raise WechatError(40002)
        self._check_app(asked)
        return self._tokens.issue(asked.get("force_refresh") is True)

    def _check_app(self, asked: Body) -> None:
        if not asked.get("appid"):
            raise WechatError(41002)
        if not asked.get("secret"):
            raise WechatError(41004)
        if asked["appid"] != self._app_id:
            raise WechatError(40013)
        if not hmac.compare_digest(str(asked["secret"]).encode(), self._secret.encode()):
            raise WechatError(40125)


def _body() -> Body:
    # WeChat reads the body as JSON whatever its declared type is; wechatpy declares none.
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise WechatError(47001)
    return body


def _told(answer: Callable[[], Body]) -> Response:
    try:
        said = answer()
    except WechatError as error:
        said = error.body()
    return Response(json.dumps(said, ensure_ascii=False), content_type="application/json; encoding=utf-8")


def _fail(code: str | None, _answer: Answer) -> Response:
    def fail() -> Body:
        raise WechatError(int(code or -1))

    return _told(fail)
