"""Links into the mini-program (generate_urllink, generatescheme): made where they are well asked for, opened by nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_secret
from sandbox.wechat.errors import WechatError

_PATH = re.compile(r"/?[0-9A-Za-z_/-]{1,200}")
_QUERY = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~%-]{0,1024}")
_EDITIONS = ("release", "trial", "develop")
_LONGEST_DAYS = 30


def url_link(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer of generate_urllink."""
    _check(asked, asked)
    return {"errcode": 0, "errmsg": "ok", "url_link": f"https://wxaurl.cn/{new_secret(96)}"}


def scheme_link(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer of generatescheme."""
    page = asked.get("jump_wxa")
    if not isinstance(page, Mapping):
        raise WechatError(40097)
    _check(page, asked)
    return {"errcode": 0, "errmsg": "ok", "openlink": f"weixin://dl/business/?t={new_secret(96)}"}


def _check(page: Mapping[str, Any], life: Mapping[str, Any]) -> None:
    if not _PATH.fullmatch(str(page.get("path", ""))):
        raise WechatError(40165)
    if not _QUERY.fullmatch(str(page.get("query", ""))):
        raise WechatError(40212)
    if page.get("env_version", "release") not in _EDITIONS:
        raise WechatError(85402)
    days = life.get("expire_interval")
    if life.get("expire_type") != 1 or not isinstance(days, int) or not 1 <= days <= _LONGEST_DAYS:
        raise WechatError(85401)
