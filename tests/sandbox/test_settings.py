"""The sandbox starts only where somebody said that this is not production, and names every bad setting at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from groundwork.chance import new_secret
from groundwork.environment import BadSettings
from sandbox.alipay.signing import Signer
from sandbox.settings import read_settings
from tests.sandbox.conftest import Keys


def variables(keys: Keys, folder: Path) -> dict[str, str]:
    return {
        "SANDBOX_NOT_PRODUCTION": "yes",
        "CORE_URL": "http://127.0.0.1:8001/",
        "CORE_REGISTRY_KEY": new_secret(),
        "CORE_TERMINAL_KEY": new_secret(),
        "DATA_DIR": str(folder),
        "CLOCK_FILE": str(folder / "clock.json"),
        "WECHAT_APP_ID": "wx0",
        "WECHAT_APP_SECRET": new_secret(),
        "ALIPAY_APP_ID": "2021",
        "ALIPAY_APP_PUBLIC_KEY_FILE": str(keys.app_public),
        "ALIPAY_GATEWAY_PRIVATE_KEY_FILE": str(keys.gateway_private),
        "ALIPAY_AES_KEY": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }


def test_good_settings_are_read(keys: Keys, tmp_path: Path) -> None:
    settings = read_settings({**variables(keys, tmp_path), "SANDBOX_ALIPAY_USER_ID": "on"})

    assert settings.core_url == "http://127.0.0.1:8001"
    assert settings.alipay_gives_user_id
    assert not settings.wechat_gives_union_id
    assert settings.alipay_aes_key == b"0123456789abcdef"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SANDBOX_NOT_PRODUCTION": ""}, "SANDBOX_NOT_PRODUCTION"),
        ({"SANDBOX_NOT_PRODUCTION": "1"}, "SANDBOX_NOT_PRODUCTION"),
        ({"ENVIRONMENT": "production"}, "ENVIRONMENT"),
        ({"CORE_URL": "http://core.example"}, "CORE_URL"),
        ({"CORE_URL": "ftp://127.0.0.1"}, "CORE_URL"),
        ({"CORE_TERMINAL_KEY": "short"}, "CORE_TERMINAL_KEY"),
        ({"ALIPAY_AES_KEY": "AAAA"}, "ALIPAY_AES_KEY"),
        ({"ALIPAY_AES_KEY": "?"}, "ALIPAY_AES_KEY"),
        ({"ALIPAY_APP_PUBLIC_KEY_FILE": "/nowhere"}, "ALIPAY_APP_PUBLIC_KEY_FILE"),
        ({"SANDBOX_WECHAT_UNION_ID": "perhaps"}, "SANDBOX_WECHAT_UNION_ID"),
    ],
)
def test_a_bad_or_unsafe_setting_keeps_the_sandbox_from_starting(
    keys: Keys, tmp_path: Path, changed: dict[str, str], named: str
) -> None:
    with pytest.raises(BadSettings) as told:
        read_settings({**variables(keys, tmp_path), **changed})

    assert named in str(told.value)
    assert not changed[named] or len(changed[named]) < 4 or f": {changed[named]}" not in str(told.value)


def test_keys_of_another_kind_than_alipays_are_refused(keys: Keys, tmp_path: Path) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    file = tmp_path / "other.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))

    with pytest.raises(TypeError, match="RSA"):
        Signer(file, keys.app_public)
