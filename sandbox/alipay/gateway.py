"""Alipay's one address: verifies what the app signed, does the method, signs the exact text of the answer's node."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request

from groundwork.clock import CHINA, Clock
from sandbox.alipay.certificates import names_of
from sandbox.alipay.certify import Certify
from sandbox.alipay.errors import AlipayError, error_of, played
from sandbox.alipay.login import Login
from sandbox.alipay.medical import ANSWERS, Medical
from sandbox.alipay.messages import TemplateMessages
from sandbox.alipay.pushes import Pushes
from sandbox.alipay.signing import Signer, refused_phone, sealed_phone
from sandbox.alipay.texts import detect
from sandbox.callbacks import Answered
from sandbox.channels import PlatformEvent
from sandbox.fault_play import Answer, FaultPlay, bare_refusal
from sandbox.faults import Faults
from sandbox.real_person import Checks
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.subjects import Subjects

Method = Callable[[Mapping[str, str], Mapping[str, Any]], dict[str, Any]]
PHONE_METHOD = "my.getPhoneNumber"
PAGE_METHOD = "alipay.user.certify.open.certify"
# A backend whose machine is not on China time is eight hours off; that must not go unnoticed.
_CLOCKS_APART = timedelta(minutes=15)
_REQUIRED = (
    ("method", "method"),
    ("app_id", "app-id"),
    ("sign_type", "signature-type"),
    ("sign", "signature"),
    ("timestamp", "timestamp"),
    ("version", "version"),
)


class AlipayGateway:
    """Alipay for one app: the phone's side by its methods, the backend's side by its blueprint."""

    def __init__(self, settings: Settings, store: Store, checks: Checks, faults: Faults, clock: Clock) -> None:
        subjects = Subjects(store, "alipay", settings.alipay_app_id)
        kinds = {"user_id": settings.alipay_gives_user_id, "union_id": settings.alipay_gives_union_id}
        self._app_id = settings.alipay_app_id
        self._aes_key = settings.alipay_aes_key
        self._clock = clock
        self._signer = Signer(settings.alipay_gateway_private_key_file, settings.alipay_app_public_key_file)
        files = (settings.alipay_app_cert_file, settings.alipay_cert_file, settings.alipay_root_cert_file)
        self._certificates = names_of(*files)
        self._login = Login(clock, subjects, tuple(kind for kind, given in kinds.items() if given))
        self._certify = Certify(clock, subjects, checks)
        self._faults = faults
        self._play = FaultPlay(faults, "alipay", bare_refusal, self._fail)
        messages, medical = TemplateMessages(clock, subjects, store), Medical(store, subjects)
        self._pushes = Pushes(settings, self._signer, subjects, messages, clock)
        self._methods: dict[str, Method] = {
            "alipay.system.oauth.token": self._login.token,
            "alipay.user.certify.open.initialize": self._certify.initialize,
            "alipay.user.certify.open.query": self._certify.query,
            "alipay.open.app.mini.templatemessage.send": messages.send,
            "alipay.security.risk.content.detect": detect,
            "alipay.commerce.medical.authinfo.auth.query": medical.authorisation,
            "alipay.commerce.medical.card.auth.query": medical.card,
            "alipay.commerce.medical.fm.bindlist.query": medical.relatives,
        }

    def login_code(self, id_number: str) -> str:
        return self._login.code(id_number)

    def phone_code(self, _id_number: str, phone: str) -> dict[str, str]:
        """What `my.getPhoneNumber` gives; a fault there is a refusal in clear, since the backend is not asked at all."""
        fault = self._faults.strike("alipay", "POST", PHONE_METHOD)
        if fault is not None and fault.kind == "error":
            return refused_phone(self._signer, played(fault.code or "aop.unknow-error"))
        return sealed_phone(self._signer, self._aes_key, phone)

    def push(self, id_number: str, event: PlatformEvent) -> list[Answered]:
        return self._pushes.push(id_number, event)

    def blueprint(self) -> Blueprint:
        """The gateway at `/alipay/gateway.do`; parameters may come in the query, in the form, or in both."""
        server = Blueprint("alipay", __name__)

        @server.route("/alipay/gateway.do", methods=["GET", "POST"])
        def gateway() -> Response:
            parameters = {**request.args.to_dict(), **request.form.to_dict()}
            return self._play.around(request.method, parameters.get("method", ""), lambda: self._answer(parameters))

        return server

    def _answer(self, parameters: Mapping[str, str]) -> Response:
        method = parameters.get("method", "")
        try:
            self._check(parameters)
            if method == PAGE_METHOD:
                return self._page(parameters)
            if method not in self._methods:
                raise error_of("isv.invalid-method")
            return self._signed(_node_name(method), self._methods[method](parameters, _content(parameters)))
        except AlipayError as error:
            return self._signed("error_response" if error.public else _node_name(method), error.node())

    def _check(self, parameters: Mapping[str, str]) -> None:
        for name, called in _REQUIRED:
            if not parameters.get(name):
                raise error_of(f"isv.missing-{called}")
        if parameters["app_id"] != self._app_id:
            raise error_of("isv.invalid-app-id")
        if parameters["sign_type"] != "RSA2":
            raise error_of("isv.invalid-signature-type")
        if parameters.get("charset", "utf-8").lower() != "utf-8":
            raise error_of("isv.invalid-charset")
        if parameters.get("app_cert_sn") or parameters.get("alipay_root_cert_sn"):
            self._check_certificates(parameters)
        if not self._signer.is_signed(parameters):
            raise error_of("isv.invalid-signature")
        if not self._is_now(parameters["timestamp"]):
            raise error_of("isv.invalid-timestamp")

    def _check_certificates(self, parameters: Mapping[str, str]) -> None:
        if self._certificates is None:
            raise error_of("isv.invalid-app-cert-sn")
        self._certificates.check(parameters)

    def _is_now(self, written: str) -> bool:
        try:
            moment = datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
        except ValueError:
            return False
        return abs(self._clock.now() - moment) <= _CLOCKS_APART

    def _page(self, parameters: Mapping[str, str]) -> Response:
        self._certify.find(_content(parameters))
        return Response("<!doctype html><title>身份验证</title><p>请由本人看镜头。", content_type="text/html; charset=utf-8")

    def _signed(self, name: str, node: Mapping[str, Any], *, badly: bool = False) -> Response:
        text = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
        signature = self._signer.sign(f"{text} " if badly else text)
        is_certified = self._certificates is not None and "app_cert_sn" in request.values
        certificate = f',"alipay_cert_sn":"{self._certificates.alipay}"' if self._certificates and is_certified else ""
        return Response(f'{{"{name}":{text}{certificate},"sign":"{signature}"}}', content_type="text/html;charset=utf-8")

    def _fail(self, code: str | None, answer: Answer) -> Response:
        """An error by its sub_code, or the true answer under a signature of some other text."""
        if code == "bad_signature":
            (name, node), *_ = json.loads(answer().get_data()).items()
            return self._signed(name, node, badly=True)
        node = _node_name(request.values.get("method", ""))
        if code is not None and code in ANSWERS:
            return self._signed(node, ANSWERS[code])
        error = played(code or "isp.unknow-error")
        return self._signed("error_response" if error.public else node, error.node())


def _node_name(method: str) -> str:
    return method.replace(".", "_") + "_response"


def _content(parameters: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        content = json.loads(parameters.get("biz_content") or "{}")
    except json.JSONDecodeError:
        raise error_of("isv.invalid-parameter") from None
    if not isinstance(content, dict):
        raise error_of("isv.invalid-parameter")
    return content
