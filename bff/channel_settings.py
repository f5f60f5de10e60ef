"""What an operator tells us about each platform: ids, keys, message templates, and what they have a contract for."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from groundwork.environment import Environment

_WORD = re.compile(r"[a-z][a-z_]{0,39}")
_KEYWORD = re.compile(r"[A-Za-z][A-Za-z_]{0,30}[0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A platform's template for one notice of ours; `fields` says which of its keywords takes which of our words."""

    id: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PushSettings:
    """What WeChat signs and seals its callbacks with."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MedicalSettings:
    """The operator's contract with WeChat's 医保 gateway. `path` is the authorisation page as the contract gives it, raw."""

    gateway_url: str
    partner_id: str
    partner_secret: str = field(repr=False)
    app_id: str
    path: str


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """The mini-program; what is `None` or empty is not offered."""

    api_base: str
    app_id: str
    secret: str = field(repr=False)
    activates: bool
    program_state: str
    templates: Mapping[str, MessageTemplate]
    push: PushSettings | None
    medical: MedicalSettings | None


@dataclass(frozen=True, slots=True)
class WeChatOfficialSettings:
    """The official account, where there is one."""

    app_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AlipayCertificateFiles:
    """The three files of certificate mode."""

    app: Path
    alipay: Path
    roots: Path


@dataclass(frozen=True, slots=True)
class AlipayMedicalSettings:
    """How the 医保 platform behind Alipay knows us, by the operator's contract; `ins_code` is the insured place's agency."""

    org_code: str
    org_app_id: str
    channel_code: str = field(repr=False)
    ins_code: str
    call_url: str


@dataclass(frozen=True, slots=True)
class AlipaySettings:
    """The mini-program: with certificates in certificate mode, else in key mode."""

    gateway_url: str
    app_id: str
    app_private_key_file: Path
    alipay_public_key_file: Path | None
    certificate_files: AlipayCertificateFiles | None
    aes_key: str = field(repr=False)
    templates: Mapping[str, MessageTemplate]
    medical: AlipayMedicalSettings | None


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The operator's account at a gateway for text messages."""

    gateway_url: str
    key_id: str
    secret: str = field(repr=False)
    templates: Mapping[str, MessageTemplate]


def read_wechat(environment: Environment) -> WeChatSettings:
    """The variables of the WeChat mini-program."""
    push = _all_or_none(environment, "WECHAT_PUSH_TOKEN", "WECHAT_PUSH_AES_KEY")
    if push is not None and not _is_push_key(push[1]):
        environment.refuse("WECHAT_PUSH_AES_KEY must be the 43 characters of the console")
    return WeChatSettings(
        api_base=environment.read("WECHAT_API_BASE", upstream, "https://api.weixin.qq.com"),
        app_id=environment.read("WECHAT_APP_ID", str),
        secret=environment.read("WECHAT_APP_SECRET", str),
        activates=environment.read("WECHAT_ACTIVATES", on_or_off, default=False),
        program_state=environment.read("WECHAT_PROGRAM_STATE", _program_state, "formal"),
        templates=environment.read("WECHAT_MESSAGE_TEMPLATES", message_templates, {}),
        push=PushSettings(*push) if push else None,
        medical=_read_medical(environment),
    )


def _read_medical(environment: Environment) -> MedicalSettings | None:
    gateway_url = environment.read("WECHAT_MEDICAL_BASE", upstream, "")
    contract = _all_or_none(
        environment,
        "WECHAT_MEDICAL_PARTNER_ID",
        "WECHAT_MEDICAL_PARTNER_SECRET",
        "WECHAT_MEDICAL_APP_ID",
        "WECHAT_MEDICAL_PATH",
    )
    if bool(gateway_url) != bool(contract):
        environment.refuse("WECHAT_MEDICAL_BASE must be set with the contract's other variables, and only with them")
    return MedicalSettings(gateway_url, *contract) if contract else None


def read_wechat_official(environment: Environment) -> WeChatOfficialSettings | None:
    """The variables of the official account, or `None` where none is set."""
    told = _all_or_none(environment, "WECHAT_OFFICIAL_APP_ID", "WECHAT_OFFICIAL_APP_SECRET")
    return WeChatOfficialSettings(*told) if told else None


def read_sms(environment: Environment) -> SmsSettings | None:
    """The variables of text messages, or `None` where none is set: then none is sent."""
    gateway_url = environment.read("SMS_GATEWAY_URL", upstream, "")
    account = _all_or_none(environment, "SMS_KEY_ID", "SMS_SECRET")
    templates: Mapping[str, MessageTemplate] = environment.read("SMS_MESSAGE_TEMPLATES", message_templates, {})
    if len({bool(gateway_url), bool(account), bool(templates)}) > 1:
        environment.refuse("SMS_GATEWAY_URL, SMS_KEY_ID, SMS_SECRET and SMS_MESSAGE_TEMPLATES must be set together, or none")
    return SmsSettings(gateway_url, account[0], account[1], templates) if account else None


def read_alipay(environment: Environment) -> AlipaySettings:
    """The variables of the Alipay mini-program."""
    public_key = environment.read("ALIPAY_PUBLIC_KEY_FILE", str, "")
    certificates = _all_or_none(environment, "ALIPAY_APP_CERT_FILE", "ALIPAY_CERT_FILE", "ALIPAY_ROOT_CERT_FILE")
    if bool(public_key) == bool(certificates):
        environment.refuse("Set ALIPAY_PUBLIC_KEY_FILE for key mode, or the three certificate files, and not both")
    return AlipaySettings(
        gateway_url=environment.read("ALIPAY_GATEWAY_URL", upstream, "https://openapi.alipay.com/gateway.do"),
        app_id=environment.read("ALIPAY_APP_ID", str),
        app_private_key_file=environment.read("ALIPAY_APP_PRIVATE_KEY_FILE", readable_file),
        alipay_public_key_file=environment.read("ALIPAY_PUBLIC_KEY_FILE", readable_file) if public_key else None,
        certificate_files=_read_certificate_files(environment) if certificates else None,
        aes_key=environment.read("ALIPAY_AES_KEY", str),
        templates=environment.read("ALIPAY_MESSAGE_TEMPLATES", message_templates, {}),
        medical=_read_alipay_medical(environment) if environment.read("ALIPAY_MEDICAL", on_or_off, default=False) else None,
    )


def _read_certificate_files(environment: Environment) -> AlipayCertificateFiles:
    return AlipayCertificateFiles(
        app=environment.read("ALIPAY_APP_CERT_FILE", readable_file),
        alipay=environment.read("ALIPAY_CERT_FILE", readable_file),
        roots=environment.read("ALIPAY_ROOT_CERT_FILE", readable_file),
    )


def _read_alipay_medical(environment: Environment) -> AlipayMedicalSettings:
    return AlipayMedicalSettings(
        org_code=environment.read("ALIPAY_MEDICAL_ORG_CODE", str),
        org_app_id=environment.read("ALIPAY_MEDICAL_ORG_APP_ID", str),
        channel_code=environment.read("ALIPAY_MEDICAL_CHANNEL_CODE", str),
        ins_code=environment.read("ALIPAY_MEDICAL_INS_CODE", str),
        call_url=environment.read("ALIPAY_MEDICAL_CALL_URL", str),
    )


def upstream(written: str) -> str:
    """An https address, or http on this machine, without a trailing slash."""
    url = urlsplit(written)
    if url.scheme not in {"http", "https"} or not url.hostname or url.username or url.query or url.fragment:
        raise ValueError("must be an http or https address without user, query or fragment")
    if url.scheme == "http" and not is_loopback(url.hostname):
        raise ValueError("must be https unless it stays on this machine")
    return written.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether what is sent there stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def readable_file(written: str) -> Path:
    """The path of a file that this process can read."""
    file = Path(written)
    try:
        file.read_bytes()
    except OSError:
        raise ValueError("must name a file that can be read") from None
    return file


def on_or_off(written: str) -> bool:
    """`on` or `off`."""
    if written not in ("on", "off"):
        raise ValueError("must be on or off")
    return written == "on"


def message_templates(written: str) -> dict[str, MessageTemplate]:
    """The templates of a JSON file: `{"payment": {"id": "…", "fields": {"amount": "amount1"}}}`."""
    try:
        told = json.loads(readable_file(written).read_text(encoding="utf-8"))
        return {_checked(_WORD, word): _template(one) for word, one in told.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise ValueError('must name a JSON file of templates: {"payment": {"id": "…", "fields": {"amount": "amount1"}}}')


def _template(told: Any) -> MessageTemplate:
    fields = {_checked(_WORD, ours): _checked(_KEYWORD, theirs) for ours, theirs in told["fields"].items()}
    template_id = told["id"]
    if not isinstance(template_id, str) or not template_id or not fields or len(set(fields.values())) < len(fields):
        raise ValueError
    return MessageTemplate(template_id, fields)


def _checked(shape: re.Pattern[str], word: str) -> str:
    if not shape.fullmatch(word):
        raise ValueError
    return word


def _program_state(written: str) -> str:
    if written not in ("formal", "trial", "developer"):
        raise ValueError("must be one of formal, trial, developer")
    return written


def _is_push_key(written: str) -> bool:
    try:
        return len(written) == 43 and len(base64.b64decode(f"{written}=", validate=True)) == 32
    except binascii.Error:
        return False


def _all_or_none(environment: Environment, *names: str) -> tuple[str, ...] | None:
    """The values of variables that only make sense together, or `None` where none of them is set."""
    values = tuple(environment.read(name, str, "") for name in names)
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing and len(missing) < len(names):
        environment.refuse(f"{', '.join(missing)} must be set too, or none of {', '.join(names)}")
    return None if missing else values
