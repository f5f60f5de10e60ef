"""A sandbox that really listens, with keys of its own; platforms and world each have a clock file to be moved by tests."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from werkzeug.serving import make_server

from groundwork.chance import new_secret
from groundwork.clock import Clock
from groundwork.logs import configure_logs
from sandbox.app import build_app
from sandbox.settings import Settings
from tests.sandbox.player import Player

configure_logs("test")


@dataclass(frozen=True, slots=True)
class Keys:
    """The PEM files of both sides of Alipay's conversation."""

    app_private: Path
    app_public: Path
    gateway_private: Path
    gateway_public: Path


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    return Keys(*_pair(folder, "app"), *_pair(folder, "gateway"))


def _pair(folder: Path, name: str) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    public.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


@pytest.fixture
def settings(keys: Keys, tmp_path: Path) -> Settings:
    """Settings whose core is a port that nobody listens on."""
    return settings_for("http://127.0.0.1:9", keys, tmp_path)


def settings_for(core_url: str, keys: Keys, folder: Path) -> Settings:
    """Settings of a sandbox in front of a core, with fresh secrets."""
    return Settings(
        core_url=core_url,
        core_registry_key=new_secret(),
        core_terminal_key=new_secret(),
        data_dir=folder,
        clock_file=folder / "clock.json",
        wechat_app_id="wx0123456789abcdef",
        wechat_app_secret=new_secret(),
        alipay_app_id="2021000000000001",
        alipay_app_public_key_file=keys.app_public,
        alipay_gateway_private_key_file=keys.gateway_private,
        alipay_aes_key=base64.b64decode("MDEyMzQ1Njc4OWFiY2RlZg=="),
    )


@pytest.fixture
def platform_clock_file(tmp_path: Path) -> Path:
    return tmp_path / "platform-clock.json"


@pytest.fixture
def player(settings: Settings, platform_clock_file: Path) -> Iterator[Player]:
    """A player in front of a sandbox whose core is not there."""
    with_quota = replace(settings, wechat_logins_per_minute=5)
    with listening(with_quota, platform_clock_file) as player:
        yield player


@contextmanager
def listening(settings: Settings, platform_clock_file: Path) -> Iterator[Player]:
    """A sandbox behind a real, threaded HTTP server for as long as the caller wants it."""
    app = build_app(settings, Clock(platform_clock_file))
    try:
        with serving(app) as url:
            player = Player(url, settings)
            yield player
            player.close()
    finally:
        app.extensions["settling"].stop()
        app.extensions["store"].close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of an app behind a real, threaded HTTP server."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
