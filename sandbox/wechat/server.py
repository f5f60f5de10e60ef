"""The addresses of WeChat's server: reads requests, checks the access token, answers 200 with an errcode where it must."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from groundwork.clock import Clock
from sandbox.callbacks import Answered, Callbacks
from sandbox.channels import PlatformEvent
from sandbox.fault_play import Answer, FaultPlay, bare_refusal
from sandbox.faults import Faults
from sandbox.real_person import Checks
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.subjects import Subjects
from sandbox.wechat.errors import WechatError
from sandbox.wechat.face import VERIFY_RETS, Face
from sandbox.wechat.links import scheme_link, url_link
from sandbox.wechat.login import Login, PhoneNumbers
from sandbox.wechat.medical import MedicalGateway
from sandbox.wechat.messages import SubscribeMessages
from sandbox.wechat.official import OfficialAccount
from sandbox.wechat.pushes import Pushes
from sandbox.wechat.texts import Texts
from sandbox.wechat.tokens import Tokens

Body = Mapping[str, Any]
_PREFIX = "/wechat"


@dataclass(frozen=True, slots=True)
class App:
    """An app of ours as WeChat knows it."""

    id: str
    secret: str = field(repr=False)

    def check(self, asked: Body) -> None:
        """Nothing if whoever asks is this app's backend; raises `WechatError`."""
        if not asked.get("appid"):
            raise WechatError(41002)
        if not asked.get("secret"):
            raise WechatError(41004)
        if asked["appid"] != self.id:
            raise WechatError(40013)
        if not hmac.compare_digest(str(asked["secret"]).encode(), self.secret.encode()):
            raise WechatError(40125)


class WechatServer:
    """WeChat for one mini-program: the phone's side by its methods, the backend's side by its blueprint."""

    def __init__(self, settings: Settings, store: Store, checks: Checks, faults: Faults, clock: Clock) -> None:
        subjects = Subjects(store, "wechat", settings.wechat_app_id)
        self._mini_program = App(settings.wechat_app_id, settings.wechat_app_secret)
        self._account = App(settings.wechat_official_app_id, settings.wechat_official_app_secret)
        self._tokens = Tokens(clock)
        self._login = Login(clock, subjects, settings.wechat_gives_union_id, settings.wechat_logins_per_minute)
        self._phones = PhoneNumbers(clock, subjects, settings.wechat_app_id)
        self._face = Face(clock, subjects, checks)
        self._messages = SubscribeMessages(clock, subjects, store)
        self._texts = Texts(subjects)
        self._pushes = Pushes(settings, subjects, self._messages, Callbacks(settings.bff_url), clock)
        self.medical = MedicalGateway(settings, store, subjects, clock)
        # Both apps belong to one owner, so a person's union id is the same in both.
        account_subjects = Subjects(store, "wechat", settings.wechat_official_app_id)
        self.official = OfficialAccount(clock, account_subjects, settings.wechat_gives_union_id)
        self._play = FaultPlay(faults, "wechat", bare_refusal, _fail)

    def login_code(self, id_number: str) -> str:
        return self._login.code(id_number)

    def phone_code(self, id_number: str, phone: str) -> str:
        return self._phones.code(id_number, phone)

    def push(self, id_number: str, event: PlatformEvent) -> list[Answered]:
        return self._pushes.push(id_number, event)

    def blueprint(self) -> Blueprint:
        """WeChat's addresses under `/wechat/`."""
        server = Blueprint("wechat", __name__, url_prefix=_PREFIX)
        routes: tuple[tuple[str, str, Callable[[], Body]], ...] = (
            ("GET", "sns/jscode2session", self._jscode2session),
            ("GET", "sns/oauth2/access_token", self._oauth_token),
            ("POST", "cgi-bin/stable_token", self._stable_token),
            ("POST", "wxa/business/getuserphonenumber", self._with_token(self._phones.redeem)),
            ("POST", "cityservice/face/identify/getverifyid", self._with_token(self._face.get_verify_id)),
            ("POST", "cityservice/face/identify/queryverifyinfo", self._with_token(self._face.query_verify_info)),
            ("POST", "cgi-bin/message/subscribe/send", self._with_token(self._messages.send)),
            ("POST", "wxa/generate_urllink", self._with_token(url_link)),
            ("POST", "wxa/generatescheme", self._with_token(scheme_link)),
            ("POST", "wxa/msg_sec_check", self._with_token(self._texts.check)),
        )
        for method, path, answer in routes:
            server.add_url_rule(f"/{path}", path.replace(".", "_"), self._view(path, answer), methods=[method])
        for call, tell in (("userQuery", self.medical.user_query), ("familyQuery", self.medical.family_query)):
            path = f"medical/mipuserquery/{call}"
            server.add_url_rule(f"/{path}/<partner_id>", call, self._gateway_view(path, tell), methods=["POST"])
        return server

    def _view(self, path: str, answer: Callable[[], Body]) -> Callable[[], Response]:
        return lambda: self._play.around(request.method, path, lambda: _told(answer))

    def _gateway_view(self, path: str, tell: Callable[[str, Headers, Body], Body]) -> Callable[..., Response]:
        def view(partner_id: str) -> Response:
            return self._play.around("POST", path, lambda: _told(lambda: tell(partner_id, request.headers, _body())))

        return view

    def _with_token(self, answer: Callable[[Body], Body]) -> Callable[[], Body]:
        def checked() -> Body:
            self._tokens.check(request.args.get("access_token"))
            return answer(_body())

        return checked

    def _jscode2session(self) -> Body:
        return self._login.session(_code_of(self._mini_program, "js_code"))

    def _oauth_token(self) -> Body:
        return self.official.exchange(_code_of(self._account, "code"))

    def _stable_token(self) -> Body:
        asked = _body()
        if asked.get("grant_type") != "client_credential":
            raise WechatError(40002)
        self._mini_program.check(asked)
        return self._tokens.issue(asked.get("force_refresh") is True)


def _code_of(app: App, name: str) -> str:
    """The code that a backend of this app redeems."""
    app.check(request.args)
    if request.args.get("grant_type", "authorization_code") != "authorization_code":
        raise WechatError(40002)
    code = request.args.get(name)
    if not code:
        raise WechatError(41008)
    return code


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
    number = int(code or -1)

    def fail() -> Body:
        if "/mipuserquery/" in request.path:
            return {"code": number, "message": "error"}
        if request.path.endswith("queryverifyinfo") and number in VERIFY_RETS:
            return {"errcode": 0, "errmsg": "ok", "verify_ret": number}
        raise WechatError(number)

    return _told(fail)
