"""Every knob of the sandbox, read from the environment once; it refuses to start where production could be meant."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from groundwork.environment import Environment, whole_number


@dataclass(frozen=True, slots=True)
class Settings:
    """What the sandbox needs to know; key files hold PEM, `alipay_aes_key` is the decoded key."""

    core_url: str
    core_registry_key: str
    core_terminal_key: str
    data_dir: Path
    clock_file: Path
    wechat_app_id: str
    wechat_app_secret: str
    alipay_app_id: str
    alipay_app_public_key_file: Path
    alipay_gateway_private_key_file: Path
    alipay_aes_key: bytes
    wechat_gives_union_id: bool = False
    alipay_app_cert_file: Path | None = None
    alipay_cert_file: Path | None = None
    alipay_root_cert_file: Path | None = None
    alipay_gives_user_id: bool = False
    alipay_gives_union_id: bool = False
    wechat_logins_per_minute: int = 100
    core_read_timeout_s: int = 30
    bff_url: str = ""
    wechat_push_token: str = ""
    wechat_push_aes_key: str = ""
    wechat_medical_partner_id: str = ""
    wechat_medical_partner_secret: str = ""
    wechat_official_app_id: str = ""
    wechat_official_app_secret: str = ""
    sms_key_id: str = ""
    sms_secret: str = ""


def read_settings(variables: Mapping[str, str]) -> Settings:
    """The settings of this process; raises `BadSettings` with every fault."""
    environment = Environment(variables)
    if variables.get("SANDBOX_NOT_PRODUCTION") != "yes":
        environment.refuse("SANDBOX_NOT_PRODUCTION must be yes: the sandbox hands out other people's identities")
    if variables.get("ENVIRONMENT") == "production":
        environment.refuse("ENVIRONMENT is production, where no sandbox may run")
    settings = Settings(
        core_url=environment.read("CORE_URL", upstream_url),
        core_registry_key=environment.read("CORE_REGISTRY_KEY", secret),
        core_terminal_key=environment.read("CORE_TERMINAL_KEY", secret),
        data_dir=environment.read("DATA_DIR", Path),
        clock_file=environment.read("CLOCK_FILE", Path),
        wechat_app_id=environment.read("WECHAT_APP_ID", str),
        wechat_app_secret=environment.read("WECHAT_APP_SECRET", str),
        alipay_app_id=environment.read("ALIPAY_APP_ID", str),
        alipay_app_public_key_file=environment.read("ALIPAY_APP_PUBLIC_KEY_FILE", existing_file),
        alipay_gateway_private_key_file=environment.read("ALIPAY_GATEWAY_PRIVATE_KEY_FILE", existing_file),
        alipay_aes_key=environment.read("ALIPAY_AES_KEY", aes_key),
        wechat_gives_union_id=environment.read("SANDBOX_WECHAT_UNION_ID", on_or_off, default=False),
        alipay_app_cert_file=_maybe_file(environment, "ALIPAY_APP_CERT_FILE"),
        alipay_cert_file=_maybe_file(environment, "ALIPAY_CERT_FILE"),
        alipay_root_cert_file=_maybe_file(environment, "ALIPAY_ROOT_CERT_FILE"),
        alipay_gives_user_id=environment.read("SANDBOX_ALIPAY_USER_ID", on_or_off, default=False),
        alipay_gives_union_id=environment.read("SANDBOX_ALIPAY_UNION_ID", on_or_off, default=False),
        wechat_logins_per_minute=environment.read("SANDBOX_WECHAT_LOGINS_PER_MINUTE", whole_number(1, 1_000_000), default=100),
        bff_url=environment.read("SANDBOX_BFF_URL", upstream_url, default=""),
        wechat_push_token=environment.read("WECHAT_PUSH_TOKEN", str, default=""),
        wechat_push_aes_key=environment.read("WECHAT_PUSH_AES_KEY", str, default=""),
        wechat_medical_partner_id=environment.read("WECHAT_MEDICAL_PARTNER_ID", str, default=""),
        wechat_medical_partner_secret=environment.read("WECHAT_MEDICAL_PARTNER_SECRET", str, default=""),
        wechat_official_app_id=environment.read("WECHAT_OFFICIAL_APP_ID", str, default=""),
        wechat_official_app_secret=environment.read("WECHAT_OFFICIAL_APP_SECRET", str, default=""),
        sms_key_id=environment.read("SMS_KEY_ID", str, default=""),
        sms_secret=environment.read("SMS_SECRET", str, default=""),
        core_read_timeout_s=environment.read("SANDBOX_CORE_READ_TIMEOUT_S", whole_number(1, 600), default=30),
    )
    environment.finish()
    return settings


def _maybe_file(environment: Environment, name: str) -> Path | None:
    """The path of a file that need not be named."""
    return environment.read(name, existing_file) if environment.read(name, str, default="") else None


def upstream_url(written: str) -> str:
    """An http address without a trailing slash; plain http only to this machine."""
    address = urlsplit(written)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError("must be an http or https address")
    if address.scheme == "http" and address.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("plain http is only for this machine; use https")
    return written.rstrip("/")


def secret(written: str) -> str:
    """One key of at least 32 characters."""
    if len(written) < 32:
        raise ValueError("needs at least 32 characters")
    return written


def existing_file(written: str) -> Path:
    """The path of a file that is there."""
    path = Path(written)
    if not path.is_file():
        raise ValueError("is not a file")
    return path


def aes_key(written: str) -> bytes:
    """The bytes of a base64 AES key."""
    try:
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None
    if len(key) not in (16, 24, 32):
        raise ValueError("must hold 16, 24 or 32 bytes")
    return key


def on_or_off(written: str) -> bool:
    """`on` or `off`."""
    if written not in ("on", "off"):
        raise ValueError("must be on or off")
    return written == "on"
