"""What each process of a developer's world is told: one mapping of variables per process of the Procfile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.children import free_port, is_taken
from dev.keys import DOORS, Keys
from groundwork.environment import Environment, whole_number

_ALIPAY_TEMPLATES = Path(__file__).resolve().parent / "alipay_templates.json"
_WECHAT_TEMPLATES = Path(__file__).resolve().parent / "wechat_templates.json"
_SMS_TEMPLATES = Path(__file__).resolve().parent / "sms_templates.json"

_USUAL_DESK_PORT = 8003
CLIENT_BUILDS = Path(__file__).resolve().parent.parent / "miniprogram_stub" / "dist" / "build"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the apps listen on 127.0.0.1; the desk, which shows the browser build, is there where that was built."""

    bff: int
    core: int
    sandbox: int
    desk: int = _USUAL_DESK_PORT


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the two servers answer; the addresses carry their passwords."""

    redis: str
    database: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a developer may say about a world; servers without an address are started by us."""

    data_dir: Path
    ports: Ports
    redis_url: str | None
    database_url: str | None


def read_wishes(variables: Mapping[str, str]) -> Wishes:
    """The runner's own settings."""
    environment = Environment(variables)
    port = whole_number(1, 65_535)
    ports = Ports(
        bff=environment.read("BFF_PORT", port, 8000),
        core=environment.read("CORE_PORT", port, 8001),
        sandbox=environment.read("SANDBOX_PORT", port, 8002),
        desk=environment.read("DESK_PORT", port, 0) or _desk_port(),
    )
    if len({ports.bff, ports.core, ports.sandbox, ports.desk}) < 4:
        environment.refuse("BFF_PORT, CORE_PORT, SANDBOX_PORT and DESK_PORT must differ")
    wishes = Wishes(
        data_dir=environment.read("DATA_DIR", Path, Path(".data")).resolve(),
        ports=ports,
        redis_url=variables.get("REDIS_URL") or None,
        database_url=variables.get("DATABASE_URL") or None,
    )
    environment.finish()
    return wishes


def _desk_port() -> int:
    """Two worlds run side by side without either saying where its desk is."""
    return free_port() if is_taken(_USUAL_DESK_PORT) else _USUAL_DESK_PORT


def world_environment(data_dir: Path, ports: Ports, urls: Urls) -> dict[str, dict[str, str]]:
    """The variables of each process of the Procfile; the world's keys are made in `data_dir` at its first start."""
    data_dir = data_dir.resolve()
    keys = Keys(data_dir / "secrets")
    common = {"ENVIRONMENT": "development", "CLOCK_FILE": str(data_dir / "clock.json")}
    return {
        "core": {**common, "CORE_PORT": str(ports.core), **_core(keys, urls)},
        "sandbox": {**common, "SANDBOX_PORT": str(ports.sandbox), **_sandbox(keys, data_dir, ports)},
        "bff": {**common, "BFF_PORT": str(ports.bff), **_bff(keys, ports, urls)},
        "worker": {**common, **_bff(keys, ports, urls)},
        "desk": {"DESK_PORT": str(ports.desk), **_desk(ports)},
    }


def _core(keys: Keys, urls: Urls) -> dict[str, str]:
    return {
        "DATABASE_URL": urls.database,
        **{f"CORE_{door.upper()}_KEYS": keys[f"{door}_door"] for door in DOORS},
        "CORE_DATA_KEYS": keys["core_data"],
        # The sandbox tells the core who lives here; a province's own systems do so elsewhere.
        "CORE_REGISTRY_DOOR": "on",
    }


def _sandbox(keys: Keys, data_dir: Path, ports: Ports) -> dict[str, str]:
    return {
        "SANDBOX_NOT_PRODUCTION": "yes",
        "DATA_DIR": str(data_dir),
        "CORE_URL": f"http://127.0.0.1:{ports.core}",
        "CORE_REGISTRY_KEY": keys["registry_door"],
        "CORE_TERMINAL_KEY": keys["terminal_door"],
        **_wechat_on_both_sides(keys),
        "SANDBOX_BFF_URL": f"http://127.0.0.1:{ports.bff}",
        **_alipay_on_both_sides(keys),
        **_sms_on_both_sides(keys),
        "ALIPAY_APP_PUBLIC_KEY_FILE": keys.public_key("alipay-app"),
        "ALIPAY_GATEWAY_PRIVATE_KEY_FILE": keys.private_key("alipay-gateway"),
    }


def _desk(ports: Ports) -> dict[str, str]:
    return {
        "DESK_BFF_URL": f"http://127.0.0.1:{ports.bff}",
        "DESK_SANDBOX_URL": f"http://127.0.0.1:{ports.sandbox}",
        "DESK_BUILDS": str(CLIENT_BUILDS),
    }


def _bff(keys: Keys, ports: Ports, urls: Urls) -> dict[str, str]:
    sandbox = f"http://127.0.0.1:{ports.sandbox}"
    return {
        "REDIS_URL": urls.redis,
        "BFF_DATA_KEYS": keys["bff_data"],
        # Through the sandbox, so that faults of the core can be played.
        "CORE_URL": f"{sandbox}/core",
        "CORE_CITIZEN_KEY": keys["citizen_door"],
        "CORE_APP_KEY": keys["app_door"],
        "WECHAT_API_BASE": f"{sandbox}/wechat",
        **_wechat_on_both_sides(keys),
        "WECHAT_ACTIVATES": "on",
        "WECHAT_PROGRAM_STATE": "developer",
        "WECHAT_MESSAGE_TEMPLATES": str(_WECHAT_TEMPLATES),
        "WECHAT_MEDICAL_BASE": f"{sandbox}/wechat/medical",
        "WECHAT_MEDICAL_APP_ID": keys["wechat_medical_app_id"],
        "WECHAT_MEDICAL_PATH": "auth/pages/bindcard/auth/index?openType=getAuthCode&bizType=04107",
        "ALIPAY_GATEWAY_URL": f"{sandbox}/alipay/gateway.do",
        **_alipay_on_both_sides(keys),
        "ALIPAY_APP_PRIVATE_KEY_FILE": keys.private_key("alipay-app"),
        "ALIPAY_MESSAGE_TEMPLATES": str(_ALIPAY_TEMPLATES),
        "ALIPAY_MEDICAL": "on",
        "ALIPAY_MEDICAL_ORG_CODE": "sandbox-org",
        "ALIPAY_MEDICAL_ORG_APP_ID": "sandbox-org-app",
        "ALIPAY_MEDICAL_CHANNEL_CODE": keys["alipay_medical_channel"],
        "ALIPAY_MEDICAL_INS_CODE": "sandbox-agency",
        "ALIPAY_MEDICAL_CALL_URL": "https://sandbox.invalid/medical/back",
        "SMS_GATEWAY_URL": f"{sandbox}/sms",
        **_sms_on_both_sides(keys),
        "SMS_MESSAGE_TEMPLATES": str(_SMS_TEMPLATES),
    }


def _wechat_on_both_sides(keys: Keys) -> dict[str, str]:
    return {
        "WECHAT_APP_ID": keys["wechat_app_id"],
        "WECHAT_APP_SECRET": keys["wechat_app_secret"],
        "WECHAT_PUSH_TOKEN": keys["wechat_push_token"],
        "WECHAT_PUSH_AES_KEY": keys["wechat_push_aes"],
        "WECHAT_MEDICAL_PARTNER_ID": keys["wechat_medical_partner_id"],
        "WECHAT_MEDICAL_PARTNER_SECRET": keys["wechat_medical_partner_secret"],
        "WECHAT_OFFICIAL_APP_ID": keys["wechat_official_app_id"],
        "WECHAT_OFFICIAL_APP_SECRET": keys["wechat_official_app_secret"],
    }


def _sms_on_both_sides(keys: Keys) -> dict[str, str]:
    return {"SMS_KEY_ID": keys["sms_key_id"], "SMS_SECRET": keys["sms_secret"]}


def _alipay_on_both_sides(keys: Keys) -> dict[str, str]:
    """Certificate mode, as an operator of public money runs it; the sandbox would take key mode too."""
    return {
        "ALIPAY_APP_ID": keys["alipay_app_id"],
        "ALIPAY_AES_KEY": keys["alipay_aes"],
        "ALIPAY_APP_CERT_FILE": keys.certificate("alipay-app"),
        "ALIPAY_CERT_FILE": keys.certificate("alipay-gateway"),
        "ALIPAY_ROOT_CERT_FILE": keys.certificate("alipay-root"),
    }
