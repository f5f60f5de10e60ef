"""Every knob of the BFF and its default, read from the environment once; a bad or unsafe value stops the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bff.channel_settings import (
    AlipaySettings,
    SmsSettings,
    WeChatOfficialSettings,
    WeChatSettings,
    is_loopback,
    read_alipay,
    read_sms,
    read_wechat,
    read_wechat_official,
    upstream,
)
from groundwork.environment import Environment, whole_number
from groundwork.sealing import KeyRing

PRODUCTION = "production"
_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S


@dataclass(frozen=True, slots=True)
class CoreSettings:
    """One try may take `read_timeout_ms`; a call with its retries never outlives `deadline_ms`."""

    url: str
    citizen_key: str = field(repr=False)
    app_key: str = field(repr=False)
    connect_timeout_ms: int
    read_timeout_ms: int
    deadline_ms: int
    tries: int
    connections: int


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long what we remember stays good, judged by stored instants and the process's clock."""

    session_idle_s: int
    session_absolute_s: int
    replaced_token_s: int
    step_up_s: int
    answers_s: int
    remembered_s: int
    in_flight_s: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one caller may ask in a minute."""

    sign_ins_per_minute: int
    callbacks_per_minute: int
    requests_per_minute: int
    writes_per_minute: int


@dataclass(frozen=True, slots=True)
class Settings:
    environment: str
    redis_url: str = field(repr=False)
    redis_timeout_s: int
    data_keys: KeyRing = field(repr=False)
    core: CoreSettings
    wechat: WeChatSettings
    wechat_official: WeChatOfficialSettings | None
    alipay: AlipaySettings
    sms: SmsSettings | None
    lifetimes: Lifetimes
    limits: Limits
    clock_file: Path | None
    metrics_dir: Path | None
    trusted_proxies: int
    feed_poll_ms: int


def read_settings(variables: Mapping[str, str]) -> Settings:
    """The settings, or one refusal that lists every fault at once."""
    environment = Environment(variables)
    settings = Settings(
        environment=environment.read("ENVIRONMENT", _one_of(PRODUCTION, "development"), PRODUCTION),
        redis_url=environment.read("REDIS_URL", _redis_url),
        redis_timeout_s=environment.read("BFF_REDIS_TIMEOUT_S", whole_number(1, 10), 2),
        data_keys=environment.read("BFF_DATA_KEYS", KeyRing.parse),
        core=_read_core(environment),
        wechat=read_wechat(environment),
        wechat_official=read_wechat_official(environment),
        alipay=read_alipay(environment),
        sms=read_sms(environment),
        lifetimes=_read_lifetimes(environment),
        limits=_read_limits(environment),
        clock_file=Path(variables["CLOCK_FILE"]) if variables.get("CLOCK_FILE") else None,
        metrics_dir=_folder(environment, variables.get("PROMETHEUS_MULTIPROC_DIR")),
        trusted_proxies=environment.read("BFF_TRUSTED_PROXIES", whole_number(0, 5), 0),
        feed_poll_ms=environment.read("BFF_FEED_POLL_MS", whole_number(20, 60_000), 500),
    )
    _refuse_unsafe(environment, settings)
    environment.finish()
    return settings


def _read_core(environment: Environment) -> CoreSettings:
    return CoreSettings(
        url=environment.read("CORE_URL", upstream),
        citizen_key=environment.read("CORE_CITIZEN_KEY", _secret),
        app_key=environment.read("CORE_APP_KEY", _secret),
        connect_timeout_ms=environment.read("BFF_CORE_CONNECT_TIMEOUT_MS", whole_number(50, 10_000), 1_000),
        read_timeout_ms=environment.read("BFF_CORE_READ_TIMEOUT_MS", whole_number(50, 30_000), 3_000),
        deadline_ms=environment.read("BFF_CORE_DEADLINE_MS", whole_number(50, 60_000), 8_000),
        tries=environment.read("BFF_CORE_TRIES", whole_number(1, 5), 3),
        connections=environment.read("BFF_CORE_CONNECTIONS", whole_number(1, 256), 16),
    )


def _read_lifetimes(environment: Environment) -> Lifetimes:
    return Lifetimes(
        session_idle_s=environment.read("BFF_SESSION_IDLE_S", whole_number(60, _DAY_S), 2 * _HOUR_S),
        session_absolute_s=environment.read("BFF_SESSION_ABSOLUTE_S", whole_number(60, 30 * _DAY_S), 12 * _HOUR_S),
        replaced_token_s=environment.read("BFF_REPLACED_TOKEN_S", whole_number(1, 60), 60),
        step_up_s=environment.read("BFF_STEP_UP_S", whole_number(30, 600), 600),
        answers_s=environment.read("BFF_ANSWERS_S", whole_number(60, 30 * _DAY_S), _DAY_S),
        remembered_s=environment.read("BFF_REMEMBERED_S", whole_number(_DAY_S, 30 * _DAY_S), 3 * _DAY_S),
        in_flight_s=environment.read("BFF_IN_FLIGHT_S", whole_number(5, 600), 60),
    )


def _read_limits(environment: Environment) -> Limits:
    most = whole_number(1, 100_000)
    return Limits(
        sign_ins_per_minute=environment.read("BFF_SIGN_INS_PER_MINUTE", most, 600),
        callbacks_per_minute=environment.read("BFF_CALLBACKS_PER_MINUTE", most, 6_000),
        requests_per_minute=environment.read("BFF_REQUESTS_PER_MINUTE", most, 600),
        writes_per_minute=environment.read("BFF_WRITES_PER_MINUTE", most, 120),
    )


def _refuse_unsafe(environment: Environment, settings: Settings) -> None:
    core, lifetimes = settings.core, settings.lifetimes
    # A marker that vanishes while its request still runs would let the same key in twice.
    if lifetimes.in_flight_s * 1_000 <= core.deadline_ms * 3:
        environment.refuse("BFF_IN_FLIGHT_S must be more than three times BFF_CORE_DEADLINE_MS")
    if lifetimes.session_absolute_s < lifetimes.session_idle_s:
        environment.refuse("BFF_SESSION_ABSOLUTE_S must not be shorter than BFF_SESSION_IDLE_S")
    if core.citizen_key and core.citizen_key == core.app_key:
        environment.refuse("CORE_CITIZEN_KEY and CORE_APP_KEY must differ")
    if settings.environment != PRODUCTION:
        return
    if settings.clock_file is not None:
        environment.refuse("CLOCK_FILE must not be set in production")
    medical = settings.wechat.medical
    for name, url in (
        ("WECHAT_API_BASE", settings.wechat.api_base),
        ("WECHAT_MEDICAL_BASE", medical.gateway_url if medical else None),
        ("ALIPAY_GATEWAY_URL", settings.alipay.gateway_url),
        ("SMS_GATEWAY_URL", settings.sms.gateway_url if settings.sms else None),
    ):
        if url and is_loopback(urlsplit(url).hostname or ""):
            environment.refuse(f"{name} must be the platform's own host in production")


def _folder(environment: Environment, written: str | None) -> Path | None:
    """Checked at once: a worker that could not write there would fail every request."""
    if written and not Path(written).is_dir():
        environment.refuse("PROMETHEUS_MULTIPROC_DIR: no such folder")
    return Path(written) if written else None


def _redis_url(written: str) -> str:
    url = urlsplit(written)
    if url.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must start with redis://, rediss:// or unix://")
    if url.scheme == "redis" and not is_loopback(url.hostname or ""):
        raise ValueError("must be rediss:// unless it stays on this machine")
    return written


def _secret(written: str) -> str:
    if len(written) < 32:
        raise ValueError("needs at least 32 characters")
    return written


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(written: str) -> str:
        if written not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return written

    return parse
