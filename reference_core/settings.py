"""Every setting of the core, read from the environment once; a bad or unsafe value stops the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundwork.environment import Environment, secret_list, whole_number
from groundwork.sealing import KeyRing


@dataclass(frozen=True, slots=True)
class DoorKeys:
    """The credentials of each door, newest first; an empty tuple opens to nobody."""

    citizen: tuple[str, ...] = field(repr=False)
    terminal: tuple[str, ...] = field(repr=False)
    counter: tuple[str, ...] = field(repr=False)
    app: tuple[str, ...] = field(repr=False)
    registry: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What one core process runs with. Lives are in seconds; `register_url` is where the app register is kept."""

    database_url: str = field(repr=False)
    register_url: str = field(repr=False)
    keys: DoorKeys = field(repr=False)
    data_keys: KeyRing = field(repr=False)
    registry_door: bool = False
    packs_path: tuple[Path, ...] = ()
    clock_file: Path | None = None
    environment: str = "production"
    pool_size: int = 8
    voucher_code_life_s: int = 60
    voucher_code_tie_s: int = 600
    wrong_credentials_max: int = 20
    wrong_credentials_window_s: int = 600
    member_tries_max: int = 5
    member_tries_per_device_max: int = 10
    member_tries_per_address_max: int = 60
    member_tries_window_s: int = 86_400
    activations_per_helper_max: int = 5
    activations_per_device_max: int = 10
    activations_per_address_max: int = 50
    alert_helpers_per_device: int = 3
    alert_helpers_per_address: int = 8


def read_settings(variables: Mapping[str, str]) -> Settings:
    """The settings that `variables` describe; raises `BadSettings` naming every fault at once."""
    environment = Environment(variables)
    name = environment.read("ENVIRONMENT", _one_of("production", "development"), "production")
    door = environment.read("CORE_REGISTRY_DOOR", _one_of("on", "off"), "off") == "on"
    clock_file = Path(variables["CLOCK_FILE"]) if variables.get("CLOCK_FILE", "").strip() else None
    if name == "production" and clock_file is not None:
        environment.refuse("CLOCK_FILE: a production clock cannot be shifted")
    if name == "production" and door:
        environment.refuse("CORE_REGISTRY_DOOR: stays off in production")
    database_url = environment.read("DATABASE_URL", _postgres_url)
    settings = Settings(
        database_url=database_url,
        register_url=environment.read("REGISTER_DATABASE_URL", _postgres_url, database_url or "unread"),
        keys=_read_keys(environment, door),
        data_keys=environment.read("CORE_DATA_KEYS", KeyRing.parse),
        registry_door=door,
        packs_path=environment.read("PACKS_PATH", _folders, ()),
        clock_file=clock_file,
        environment=name,
        pool_size=environment.read("CORE_POOL_SIZE", whole_number(1, 200), 8),
        voucher_code_life_s=environment.read("VOUCHER_CODE_LIFE_S", whole_number(10, 600), 60),
        voucher_code_tie_s=environment.read("VOUCHER_CODE_TIE_S", whole_number(10, 3600), 600),
        wrong_credentials_max=environment.read("WRONG_CREDENTIALS_MAX", whole_number(1, 10_000), 20),
        wrong_credentials_window_s=environment.read("WRONG_CREDENTIALS_WINDOW_S", whole_number(1, 86_400), 600),
        member_tries_max=environment.read("MEMBER_TRIES_MAX", whole_number(1, 1_000), 5),
        member_tries_per_device_max=environment.read("MEMBER_TRIES_PER_DEVICE_MAX", whole_number(1, 10_000), 10),
        member_tries_per_address_max=environment.read("MEMBER_TRIES_PER_ADDRESS_MAX", whole_number(1, 100_000), 60),
        member_tries_window_s=environment.read("MEMBER_TRIES_WINDOW_S", whole_number(1, 2_592_000), 86_400),
        activations_per_helper_max=environment.read("ACTIVATIONS_PER_HELPER_MAX", whole_number(1, 1_000), 5),
        activations_per_device_max=environment.read("ACTIVATIONS_PER_DEVICE_MAX", whole_number(1, 10_000), 10),
        activations_per_address_max=environment.read("ACTIVATIONS_PER_ADDRESS_MAX", whole_number(1, 100_000), 50),
        alert_helpers_per_device=environment.read("ALERT_HELPERS_PER_DEVICE", whole_number(2, 1_000), 3),
        alert_helpers_per_address=environment.read("ALERT_HELPERS_PER_ADDRESS", whole_number(2, 10_000), 8),
    )
    environment.finish()
    return settings


def _read_keys(environment: Environment, registry_door: bool) -> DoorKeys:
    return DoorKeys(
        citizen=environment.read("CORE_CITIZEN_KEYS", secret_list),
        terminal=environment.read("CORE_TERMINAL_KEYS", secret_list),
        counter=environment.read("CORE_COUNTER_KEYS", secret_list),
        app=environment.read("CORE_APP_KEYS", secret_list),
        registry=environment.read("CORE_REGISTRY_KEYS", secret_list, None if registry_door else ()),
    )


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(written: str) -> str:
        if written not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return written

    return parse


def _postgres_url(written: str) -> str:
    if not written.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    return written


def _folders(written: str) -> tuple[Path, ...]:
    folders = tuple(Path(part) for part in written.split(":") if part)
    if not all(folder.is_dir() for folder in folders):
        raise ValueError("must name folders that exist, parted by colons")
    return folders
