"""How our two mini-programs are configured in these tests."""

from __future__ import annotations

import base64

from bff.channels.alipay_config import AlipayConfig
from bff.channels.upstream import Upstream
from bff.channels.wechat import WeChatConfig
from tests.channels import alipay_platform, wechat_platform
from tests.channels.alipay_platform import AlipayPlatform
from tests.channels.wechat_platform import WeChatPlatform

CONTENT_KEY = b"canary-aes-key-1"
AES_KEY = base64.b64encode(CONTENT_KEY).decode()


# Long enough for a busy machine; tests about a silent server bring a shorter one.
PATIENCE_S = 10.0
IMPATIENCE_S = 0.3


def wechat_config(platform: WeChatPlatform, patience_s: float = PATIENCE_S) -> WeChatConfig:
    """Our mini-program at this server."""
    upstream = Upstream(platform.address, read_timeout_s=patience_s)
    return WeChatConfig(wechat_platform.APP_ID, wechat_platform.APP_KEY, upstream)


def alipay_config(platform: AlipayPlatform, patience_s: float = PATIENCE_S) -> AlipayConfig:
    """Our mini-program at this gateway."""
    upstream = Upstream(f"{platform.address}/gateway.do", read_timeout_s=patience_s)
    return AlipayConfig(alipay_platform.APP_ID, platform.app.private_pem, platform.alipay.public_pem, AES_KEY, upstream)
