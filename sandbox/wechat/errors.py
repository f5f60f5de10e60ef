"""The errors of WeChat's server that we know of: number and message, told in an answer of HTTP 200."""

from __future__ import annotations

from typing import Any

from groundwork.chance import new_id

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40165: "invalid weapp pagepath",
    40212: "invalid query",
    40226: "code blocked",
    40243: "appsecret is frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "page not released",
    42001: "access_token expired",
    43101: "user refuse to accept the msg",
    43104: "appid not match with openid",
    44002: "empty post data",
    44990: "reach max api second frequence limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    61010: "user has not visited lately",
    84001: "invalid identify id",
    84006: "name or id_card_number is empty",
    84010: "missing out_seq_no",
    84011: "invalid out_seq_no",
    84012: "missing cert_info",
    84013: "invalid cert_type",
    84014: "invalid cert_name",
    84015: "invalid cert_no",
    84016: "missing openid",
    84017: "openid not match",
    84018: "cert_hash invalid or not match",
    84019: "out_seq_no exists",
    84020: "out_seq_no not match",
    84021: "missing verify_id",
    84022: "verify_id expired",
    85079: "no release version",
    85401: "expire time invalid",
    85402: "env_version invalid",
    87008: "session not exist",
    87009: "invalid signature",
    87014: "risky content",
}


class WechatError(Exception):
    """A call that WeChat does not do; `note` is what its message adds, such as the name of a field."""

    def __init__(self, errcode: int, note: str = "") -> None:
        super().__init__(str(errcode))
        self.errcode = errcode
        self.note = note

    def body(self) -> dict[str, Any]:
        """The answer that tells the error."""
        message = " ".join(part for part in (MESSAGES.get(self.errcode, "error"), self.note) if part)
        return {"errcode": self.errcode, "errmsg": f"{message}, rid: {new_id()}"}
