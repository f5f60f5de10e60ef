"""How an operator's Alipay mini-program is set up: its keys or certificates, its templates, its 医保 contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bff.channel_settings import AlipayMedicalSettings, MessageTemplate
from bff.channels.alipay_certificates import AlipayCertificates, AlipayCertifiedKeys
from bff.channels.alipay_keys import AlipayKeys
from bff.channels.upstream import Upstream

OFFICIAL_GATEWAY = Upstream("https://openapi.alipay.com/gateway.do")


@dataclass(frozen=True, slots=True)
class AlipayConfig:
    """A mini-program and its gateway. Keys are texts: PEM, or base64 as Alipay's console shows them.

    With `certificates` the app is in certificate mode, and Alipay's key is read out of its certificate.
    """

    app_id: str
    app_private_key: str = field(repr=False)
    alipay_public_key: str
    aes_key: str = field(repr=False)
    upstream: Upstream = OFFICIAL_GATEWAY
    certificates: AlipayCertificates | None = None
    templates: Mapping[str, MessageTemplate] = field(default_factory=dict)
    medical: AlipayMedicalSettings | None = None

    def load_keys(self) -> AlipayKeys | AlipayCertifiedKeys:
        """The keys of the mode that is set up; raises `ValueError`, which repeats none of them."""
        if self.certificates is None:
            return AlipayKeys(self.app_id, self.app_private_key, self.alipay_public_key)
        return AlipayCertifiedKeys(self.app_id, self.app_private_key, self.certificates)
