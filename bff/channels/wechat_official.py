"""WeChat's official account as a channel: people sign in on a web page inside WeChat, and do there what needs no camera."""

from __future__ import annotations

from typing import Any

import requests
from wechatpy.exceptions import WeChatOAuthException
from wechatpy.oauth import WeChatOAuth

from bff.channels.bare import BareChannel
from bff.channels.base import ChannelUser, Check, NamedPerson, Subject
from bff.channels.upstream import Upstream, logged_call, scrub_http_logs
from bff.channels.wechat_client import WeChatRefusal, careful_session
from bff.channels.wechat_meanings import LOGIN, ONE_UNION, ask, text_of
from bff.errors import ChannelUnavailable, CheckNotPossible, LoginCodeInvalid

_COUNTER = "不方便的话，也可以本人带证件到医保窗口办理。"
_DO_IT_THERE_ONCE = f"这个网页不能刷脸。请用同一个微信打开小程序，在那里核验一次；回到这里重新登录，就可以接着用了。{_COUNTER}"
_GO_ON_THERE = f"这个网页不能刷脸。请在微信里打开小程序，在那里核验和办理。{_COUNTER}"
_EXCHANGE = "sns/oauth2/access_token"


class WeChatOfficial(BareChannel):
    """The official account as a `Channel`; its subjects are another app's, and only a union id tells whose both are."""

    name = "wechat_official"

    def __init__(self, app_id: str, secret: str, upstream: Upstream) -> None:
        self._app_id = app_id
        self._oauth = HardenedOAuth(app_id, secret, upstream)

    def identify(self, login_code: str) -> ChannelUser:
        """Redeem the code of a web sign-in; the tokens that come with the answer are thrown away."""
        if not login_code:
            raise LoginCodeInvalid
        answer = ask(self.name, LOGIN, self._oauth.exchange, login_code)
        if answer.get("is_snapshotuser"):
            # A page that WeChat shows as a picture brings somebody made up; the person must open it in full.
            raise LoginCodeInvalid
        subjects = [Subject("open_id", text_of(answer, "openid"))]
        if answer.get("unionid"):
            subjects.append(Subject("union_id", text_of(answer, "unionid")))
        return ChannelUser(self.name, self._app_id, tuple(subjects), ONE_UNION)

    def begin_check(self, user: ChannelUser, person: NamedPerson) -> Check:  # noqa: ARG002  # whoever it is
        """WeChat opens its camera to mini-programs only, and binds each check to an openid of theirs."""
        is_joined = any(subject.kind == "union_id" for subject in user.subjects)
        raise CheckNotPossible(_DO_IT_THERE_ONCE if is_joined else _GO_ON_THERE)


class HardenedOAuth(WeChatOAuth):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's web sign-in made safe: a deadline, no token kept, errors without URL. May be shared by threads."""

    def __init__(self, app_id: str, secret: str, upstream: Upstream) -> None:
        super().__init__(app_id, secret, redirect_uri="")
        scrub_http_logs()
        self.API_BASE_URL = upstream.address.rstrip("/") + "/"
        self._http = careful_session(upstream.pool_size)
        self._timeouts_s = upstream.timeouts_s

    def exchange(self, code: str) -> dict[str, Any]:
        """Redeem a code; the stock method would keep the person's tokens where the next person's call finds them."""
        asked = {"appid": self.app_id, "secret": self.secret, "code": code, "grant_type": "authorization_code"}
        errcode = None
        with logged_call(WeChatOfficial.name, _EXCHANGE) as told:
            try:
                answer = self._get(_EXCHANGE, params=asked, timeout=self._timeouts_s, allow_redirects=False)
                if isinstance(answer, dict):
                    return answer
            except WeChatOAuthException as refusal:
                errcode = told["errcode"] = refusal.errcode
            except (requests.RequestException, ValueError, KeyError, TypeError, RecursionError) as failure:
                # The stock method lets whatever it stumbles over through, such as an error code without a message.
                told["error_type"] = type(failure).__name__
            # Raised only here, after the except blocks: an error's `__context__` would keep a URL with secret and code.
            if isinstance(errcode, int):
                raise WeChatRefusal(errcode)
            raise ChannelUnavailable
