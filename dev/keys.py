"""The keys of a developer's world: made by chance once, kept in its folder for its owner's eyes only."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dev.certificates import Authority
from groundwork.chance import new_digits, new_secret, random_bytes

DOORS = ("citizen", "terminal", "counter", "app", "registry")


class Keys:
    """Every secret of one world; what is missing is made, what is there is never changed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._values = self._load()
        for pair in ("alipay-app", "alipay-gateway"):
            self._make_pair(pair)
        self._certify()

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def private_key(self, pair: str) -> str:
        """The path of a PEM file."""
        return str(self._folder / f"{pair}.private.pem")

    def public_key(self, pair: str) -> str:
        """The path of a PEM file."""
        return str(self._folder / f"{pair}.public.pem")

    def certificate(self, name: str) -> str:
        """The path of a PEM file: `alipay-app`, `alipay-gateway`, or `alipay-root`, which issued both."""
        return str(self._folder / f"{name}.cert.pem")

    def _load(self) -> dict[str, str]:
        kept = self._folder / "keys.json"
        values: dict[str, str] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        missing = {name: made for name, made in _new_values().items() if name not in values}
        if missing:
            values |= missing
            _write(kept, json.dumps(values, indent=2))
        return values

    def _certify(self) -> None:
        """All three at once, since the root's key is not kept; the root comes last, as the sign that all are there."""
        root = Path(self.certificate("alipay-root"))
        if root.exists():
            return
        authority = Authority("Sandbox Root R1")
        for pair in ("alipay-app", "alipay-gateway"):
            _write(Path(self.certificate(pair)), authority.issue(pair, _public(self.public_key(pair))))
        _write(root, authority.certificate)

    def _make_pair(self, pair: str) -> None:
        private, public = Path(self.private_key(pair)), Path(self.public_key(pair))
        if public.exists():
            return
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        _write(private, secret.decode())
        _write(public, key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode())


def _public(file: str) -> rsa.RSAPublicKey:
    """A key of a pair that was made above."""
    return cast(rsa.RSAPublicKey, serialization.load_pem_public_key(Path(file).read_bytes()))


def _new_values() -> dict[str, str]:
    return {
        **{f"{door}_door": new_secret() for door in DOORS},
        "core_data": f"k1:{random_bytes(32).hex()}",
        "bff_data": f"k1:{random_bytes(32).hex()}",
        "wechat_app_id": f"wx{random_bytes(8).hex()}",
        "wechat_app_secret": random_bytes(16).hex(),
        "wechat_push_token": new_secret(96),
        # WeChat's console shows 32 bytes without the sign that ends them.
        "wechat_push_aes": base64.b64encode(random_bytes(32)).decode().rstrip("="),
        "wechat_medical_partner_id": new_digits(8),
        "wechat_medical_partner_secret": new_secret(),
        "wechat_medical_app_id": f"wx{random_bytes(8).hex()}",
        "wechat_official_app_id": f"wx{random_bytes(8).hex()}",
        "wechat_official_app_secret": random_bytes(16).hex(),
        "sms_key_id": f"sms{random_bytes(8).hex()}",
        "sms_secret": new_secret(),
        "alipay_app_id": f"2021{new_digits(12)}",
        "alipay_medical_channel": new_secret(96),
        "alipay_aes": base64.b64encode(random_bytes(16)).decode(),
    }


def _write(file: Path, text: str) -> None:
    """Never half a file: it gets its name once it is whole."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
