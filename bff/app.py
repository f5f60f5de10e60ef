"""Puts the parts of the BFF together; the one file that knows them all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bff.api.blueprints import mount
from bff.api.context import Parts, keep_parts
from bff.api.origin import origin_headers
from bff.channel_settings import AlipaySettings, WeChatSettings
from bff.channels.alipay import Alipay
from bff.channels.alipay_certificates import AlipayCertificates
from bff.channels.alipay_config import AlipayConfig
from bff.channels.base import Channel, Sender
from bff.channels.sms import SmsSender
from bff.channels.upstream import Upstream
from bff.channels.wechat import WeChat, WeChatConfig
from bff.channels.wechat_official import WeChatOfficial
from bff.core_client.afterwards import AfterwardsClient
from bff.core_client.client import CoreClient
from bff.core_client.notices import NoticeRegister
from bff.core_client.register import RegisterClient
from bff.settings import Settings, read_settings
from bff.store.answers import AnswerStore
from bff.store.channel_tokens import ChannelTokens
from bff.store.door import RedisDoor
from bff.store.idempotency import IdempotencyStore
from bff.store.phone_codes import PhoneCodes
from bff.store.rates import RateLimit
from bff.store.sessions import SessionStore
from bff.store.sign_ins import SignInGuard
from groundwork.clock import Clock
from groundwork.logs import configure_logs


def create_app() -> Flask:
    """The BFF as the environment describes it."""
    return build_app(read_settings(os.environ))


def build_app(settings: Settings) -> Flask:
    """The BFF as `settings` describe it; nothing is contacted before the first request."""
    configure_logs("bff")
    app = Flask("bff", static_folder=None)
    keep_parts(app.extensions, join(settings))
    mount(app)
    _trust_proxies(app, settings.trusted_proxies)
    return app


def _trust_proxies(app: Flask, hops: int) -> None:
    """Believe so many proxies of our own about the caller's address; what lies beyond them anybody may have said."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0)  # type: ignore[method-assign]  # as Flask documents it


def join(settings: Settings) -> Parts:
    """Every part, joined but not yet at work."""
    clock, keys = Clock(settings.clock_file), settings.data_keys
    door = RedisDoor(settings.redis_url, settings.redis_timeout_s)
    channels = _channels(settings, clock, ChannelTokens(door, keys))
    return Parts(
        settings=settings,
        clock=clock,
        keys=keys,
        door=door,
        sessions=SessionStore(door, keys, clock, settings.lifetimes),
        sign_ins=SignInGuard(door, keys, clock, settings.limits.sign_ins_per_minute),
        phone_codes=PhoneCodes(door),
        rates=RateLimit(door, keys, clock),
        answers=AnswerStore(door, keys, clock, settings.lifetimes.answers_s),
        idempotency=IdempotencyStore(door, keys, clock, settings.lifetimes),
        core=CoreClient(settings.core, origin_headers),
        afterwards=AfterwardsClient(settings.core, origin_headers),
        register=RegisterClient(settings.core),
        notices=NoticeRegister(settings.core),
        channels=channels,
        senders={**channels, **_senders(settings, clock)},
    )


def _channels(settings: Settings, clock: Clock, tokens: ChannelTokens) -> Mapping[str, Channel]:
    channels: list[Channel] = [
        WeChat(_wechat(settings.wechat), clock, tokens),
        Alipay(_alipay(settings.alipay), clock),
    ]
    official = settings.wechat_official
    if official is not None:
        channels.append(WeChatOfficial(official.app_id, official.secret, Upstream(settings.wechat.api_base)))
    return {channel.name: channel for channel in channels}


def _senders(settings: Settings, clock: Clock) -> Mapping[str, Sender]:
    """What carries messages and is no way in."""
    told = settings.sms
    if told is None:
        return {}
    sms = SmsSender(told.key_id, told.secret, told.templates, Upstream(told.gateway_url), clock)
    return {sms.name: sms}


def _wechat(told: WeChatSettings) -> WeChatConfig:
    return WeChatConfig(
        app_id=told.app_id,
        app_secret=told.secret,
        upstream=Upstream(told.api_base),
        activates=told.activates,
        program_state=told.program_state,
        templates=told.templates,
        push=told.push,
        medical=told.medical,
    )


def _alipay(told: AlipaySettings) -> AlipayConfig:
    files = told.certificate_files
    return AlipayConfig(
        app_id=told.app_id,
        app_private_key=_text(told.app_private_key_file),
        alipay_public_key="" if told.alipay_public_key_file is None else _text(told.alipay_public_key_file),
        aes_key=told.aes_key,
        upstream=Upstream(told.gateway_url),
        certificates=None if files is None else AlipayCertificates(_text(files.app), _text(files.alipay), _text(files.roots)),
        templates=told.templates,
        medical=told.medical,
    )


def _text(file: Path) -> str:
    return file.read_text(encoding="ascii")
