"""wechatpy made safe: one shared token, one refresh at most, a deadline on every call, and errors that carry no URL."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatWxa
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.exceptions import WeChatClientException

from bff.channels.base import TokenCache
from bff.channels.upstream import Upstream, logged_call, scrub_http_logs
from bff.channels.wechat_token import SharedToken
from bff.errors import ChannelUnavailable, StoreUnavailable

OFFICIAL_BASE = "https://api.weixin.qq.com/"
TOKEN_REFUSED = frozenset({40001, 40014, 42001})
# requests leaves out parameters that are None, and wechatpy adds its token only where the name is missing.
_NO_TOKEN = {"access_token": None}
_LINK_LIFE = {"expire_type": 1, "expire_interval": 30}
_SCENE_COMMENT = 2


class WeChatRefusal(Exception):
    """WeChat answered with an error code, which is all that is kept of the answer."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class MiniProgramAPI(WeChatWxa):  # type: ignore[misc]  # wechatpy has no types
    """Login, phone, messages, links and the look at texts, as WeChat documents them today."""

    def stable_token(self) -> Any:
        """The same token for everybody until it nears its end; unlike the older call, asking does not kill the last one."""
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._post("cgi-bin/stable_token", params=_NO_TOKEN, data=asked)

    def code_to_session(self, js_code: str) -> Any:
        """Redeem a login code; the stock method would put an access token into this URL and so need one."""
        asked = {"appid": self.appid, "secret": self.secret, "js_code": js_code, "grant_type": "authorization_code"}
        return self._get("sns/jscode2session", params={**asked, **_NO_TOKEN})

    def phone_number(self, code: str, open_id: str) -> Any:
        """Redeem a phone code; with the openid WeChat also checks that both belong to one person."""
        return self._post("wxa/business/getuserphonenumber", data={"code": code, "openid": open_id})

    def send_message(self, open_id: str, template_id: str, page: str, data: dict[str, Any], program_state: str) -> Any:
        """Send a subscribe message; the stock method cannot say which edition it opens."""
        asked = {"touser": open_id, "template_id": template_id, "page": page, "data": data}
        edition = {"miniprogram_state": program_state, "lang": "zh_CN"}
        return self._post("cgi-bin/message/subscribe/send", data={**asked, **edition})

    def url_link(self, path: str, query: str, edition: str) -> Any:
        """An https address that opens the mini-program."""
        asked = {"path": path, "query": query, "env_version": edition, **_LINK_LIFE}
        return self._post("wxa/generate_urllink", data=asked)

    def scheme_link(self, path: str, query: str, edition: str) -> Any:
        """An address in WeChat's own scheme, for apps that open it."""
        page = {"path": path, "query": query, "env_version": edition}
        return self._post("wxa/generatescheme", data={"jump_wxa": page, **_LINK_LIFE})

    def check_text(self, open_id: str, content: str) -> Any:
        """Have a text looked at, second edition; the stock method knows the first, which was switched off."""
        asked = {"version": 2, "scene": _SCENE_COMMENT, "openid": open_id, "content": content}
        return self._post("wxa/msg_sec_check", data=asked)


class FaceAPI(BaseWeChatAPI):  # type: ignore[misc]  # wechatpy has no types
    """Real-person checks, second edition; the first one was switched off in 2026."""

    API_BASE_URL = OFFICIAL_BASE

    def get_verify_id(self, out_seq_no: str, cert_info: dict[str, str], open_id: str) -> Any:
        asked = {"out_seq_no": out_seq_no, "cert_info": cert_info, "openid": open_id}
        return self._post("cityservice/face/identify/getverifyid", data=asked)

    def query_verify_info(self, verify_id: str, out_seq_no: str, cert_hash: str, open_id: str) -> Any:
        asked = {"verify_id": verify_id, "out_seq_no": out_seq_no, "cert_hash": cert_hash, "openid": open_id}
        return self._post("cityservice/face/identify/queryverifyinfo", data=asked)


class HardenedClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """Every call raises `WeChatRefusal` or `ChannelUnavailable` and returns a dict. May be shared by threads."""

    wxa = MiniProgramAPI()
    face = FaceAPI()

    def __init__(self, app_id: str, secret: str, upstream: Upstream, tokens: TokenCache) -> None:
        super().__init__(app_id, secret, timeout=upstream.timeouts_s, auto_retry=False)
        scrub_http_logs()
        self._point_at(upstream.address.rstrip("/") + "/")
        self._http = careful_session(upstream.pool_size)
        self._token = SharedToken(f"wechat:{app_id}:access_token", tokens, self._fetch_token, sum(upstream.timeouts_s))

    @property
    def access_token(self) -> str:
        """The shared token; the stock property trusts this process's own memory of when it ends."""
        return self._token.get()

    def fetch_access_token(self) -> dict[str, str]:
        """The stock method goes to a fixed address without a deadline; ours is shared and bounded."""
        return {"access_token": self._token.get()}

    def _point_at(self, base: str) -> None:
        self.API_BASE_URL = base + "cgi-bin/"
        # wechatpy writes the host into each API class once more.
        for api in vars(self).values():
            if isinstance(api, BaseWeChatAPI) and hasattr(api, "API_BASE_URL"):
                api.API_BASE_URL = api.API_BASE_URL.replace(OFFICIAL_BASE, base)

    def _fetch_token(self) -> tuple[str, int]:
        answer = self.wxa.stable_token()
        token, expires_in_s = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(expires_in_s, int):
            raise ChannelUnavailable
        return token, expires_in_s

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        params = dict(kwargs.pop("params", None) or {})
        if "access_token" in params:
            return self._send(method, url_or_endpoint, params, kwargs)
        token = _before_it_leaves(self._token.get)
        try:
            return self._send(method, url_or_endpoint, {**params, "access_token": token}, kwargs)
        except WeChatRefusal as refusal:
            if refusal.errcode not in TOKEN_REFUSED:
                raise
        fresh = _before_it_leaves(lambda: self._token.replace(token))
        return self._send(method, url_or_endpoint, {**params, "access_token": fresh}, kwargs, attempt=2)

    def _send(self, method: str, endpoint: str, params: dict[str, Any], rest: dict[str, Any], attempt: int = 1) -> Any:
        errcode, never_left = None, False
        with logged_call("wechat", endpoint, attempt) as told:
            try:
                # A redirect could carry a name and an ID number to another host.
                return super()._request(method, endpoint, params=params, allow_redirects=False, **rest)
            except WeChatClientException as refusal:
                errcode = told["errcode"] = refusal.errcode
                told["status"] = refusal.response.status_code
            except (requests.RequestException, _Garbled) as failure:
                told["error_type"] = type(failure).__name__
                never_left = _never_left(failure)
            # Raised only here, after the except blocks: an error's `__context__` would keep the request,
            # and with it a URL that holds the secret and the login code.
            if errcode is None:
                raise ChannelUnavailable(never_left=never_left)
            raise WeChatRefusal(errcode)

    def _decode_result(self, res: requests.Response) -> dict[str, Any]:
        """The stock method hands on whatever is not JSON as if it were an answer."""
        try:
            # Not strict, since WeChat puts bare control characters into strings.
            answer = json.loads(res.content, strict=False)
            answer["errcode"] = int(answer.get("errcode", 0))
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise _Garbled from None
        if res.status_code != requests.codes.ok:
            raise _Garbled
        return dict(answer)


def _before_it_leaves(find: Callable[[], str]) -> str:
    """The token; where none is to be had the call itself was never made."""
    try:
        return find()
    except (ChannelUnavailable, StoreUnavailable):
        pass
    raise ChannelUnavailable(never_left=True)


def _never_left(failure: Exception) -> bool:
    """Whether no connection came about, so that WeChat cannot have heard of the call."""
    if isinstance(failure, requests.ConnectTimeout):  # pragma: no cover  # takes another machine, one that answers no knock
        return True
    beneath = failure.args[0] if isinstance(failure, requests.ConnectionError) and failure.args else None
    return isinstance(getattr(beneath, "reason", beneath), NewConnectionError)


class _Garbled(Exception):
    """The answer is not what WeChat documents."""


def careful_session(pool_size: int) -> requests.Session:
    """Connections that keep nothing of one person's call for another's, and never repeat one."""
    session = requests.Session()
    # Neither proxies nor passwords from the machine's environment, and no cookie of one person's call in another's.
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Never a retry below us: login codes work once.
    adapter = HTTPAdapter(pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
