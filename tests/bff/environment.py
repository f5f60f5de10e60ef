"""A full and harmless environment for the BFF, which each test bends in one place."""

from __future__ import annotations

from pathlib import Path

from groundwork.chance import random_bytes


def variables(folder: Path, **changes: str) -> dict[str, str]:
    """What the process would be told; the key files are real files."""
    key_file = folder / "key.pem"
    key_file.write_text("not read by the settings", encoding="ascii")
    told = {
        "ENVIRONMENT": "development",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "BFF_DATA_KEYS": f"k1:{random_bytes(32).hex()}",
        "CORE_URL": "http://127.0.0.1:8002/core/",
        "CORE_CITIZEN_KEY": "c" * 32,
        "CORE_APP_KEY": "a" * 32,
        "WECHAT_API_BASE": "http://127.0.0.1:8002/wechat",
        "WECHAT_APP_ID": "wx-app",
        "WECHAT_APP_SECRET": "wx-secret",
        "ALIPAY_GATEWAY_URL": "http://127.0.0.1:8002/alipay/gateway.do",
        "ALIPAY_APP_ID": "2021000000000000",
        "ALIPAY_APP_PRIVATE_KEY_FILE": str(key_file),
        "ALIPAY_PUBLIC_KEY_FILE": str(key_file),
        "ALIPAY_AES_KEY": "aes-key",
    }
    return {**told, **changes}
