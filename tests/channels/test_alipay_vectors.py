"""What Alipay itself signed, as its Node SDK publishes it among its tests, read by our own code."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from bff.channels.alipay_keys import AlipayKeys
from bff.channels.alipay_notify import NotANotification, read_notification
from groundwork.clock import Clock
from tests.channels.alipay_platform import KeyPair

APP_ID = "2019073166072302"
ALIPAYS_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqObrdC7hrgAVM98tK0nv3hSQRGGKT4lBsQjHiGjeYZjOPIPHR5knm2jnnz/YGIXIofVHkA/tAlBA"
    "d5DrY7YpvI4tP5EONLtZKC2ghBMx7McI2wRD0xiqzxOQr1FuhZGJ8/AUokBzJrzY+aGX2xcOrxFYRlFilvVLTXg4LWjR1tdPkO6+i7wQZAIVMClPkwVRZEba"
    "ERRHlKqTzv2gGv5rDU8gRoe1LeaN+6BlbTqHWkQcNCUNrA8C6l17XAXGKDsm/9TFWwO8EPHHHCaQdjtV5/FdcWIt+L8SR1ss7EXTjYDFtxcKVv9rEoY1lX8T"
    "4mX+GbXfZHraG5NCF1+XioL5JwIDAQAB"
)
NOTIFICATION = {
    "gmt_create": "2019-08-15 15:56:22",
    "charset": "utf-8",
    "seller_email": "z97-yuquerevenue@service.aliyun.com",
    "subject": "语雀空间 500人规模",
    "sign": (
        "QfTb8tqE1BMhS5qAnXtvsF3/jBkEvu9q9en0pdbBUDDjvKycZhQb7h8GDs4FKfi049PynaNuatxSgLb/nLWZpXyyh0LEWdK2S6Ri7nPwrVgOs08zugLO20vO"
        "Qz44y3ti2Ncm8/wZts1Fr2gZ7pShnVX3d1B50hbsXnObT1r/U8ONNQjWXd0HIul4TG+Q3fm3svmSvFEy0WnzuhcyHPX5Gm4ELNctL6Qd5YniGJFNcc7kopHY"
        "tI/XD9YCKCH6Ct02rzUs9i11C9CsadtZn+WhxF26Dqt9sGEFajkJ8cxUTLi8+VCpLHsgPE8P0y095uQcDdK0YjCh4x7wVSov+lrmOQ=="
    ),
    "buyer_id": "2088102534368455",
    "invoice_amount": "0.10",
    "notify_id": "2019081500222155624068450559358070",
    "fund_bill_list": '[{"amount":"0.10","fundChannel":"ALIPAYACCOUNT"}]',
    "notify_type": "trade_status_sync",
    "trade_status": "TRADE_SUCCESS",
    "receipt_amount": "0.10",
    "buyer_pay_amount": "0.10",
    "sign_type": "RSA2",
    "app_id": APP_ID,
    "seller_id": "2088531891668739",
    "gmt_payment": "2019-08-15 15:56:24",
    "notify_time": "2019-08-15 15:56:25",
    "version": "1.0",
    "out_trade_no": "20190815155618536-564-57",
    "total_amount": "0.10",
    "trade_no": "2019081522001468450512505578",
    "auth_app_id": APP_ID,
    "buyer_logon_id": "xud***@126.com",
    "point_amount": "0.00",
}


def test_a_notification_that_alipay_signed_in_2019_is_believed() -> None:
    assert read(NOTIFICATION) == "2019081500222155624068450559358070"


@pytest.mark.parametrize("name", NOTIFICATION)
def test_none_of_its_fields_may_be_changed_or_left_out(name: str) -> None:
    for changed in ({**NOTIFICATION, name: f"{NOTIFICATION[name]}0"}, {k: v for k, v in NOTIFICATION.items() if k != name}):
        with pytest.raises(NotANotification):
            read(changed)


def read(fields: Mapping[str, str]) -> str:
    """The id of a notification, as it came over the wire."""
    keys = AlipayKeys(APP_ID, KEYS.private_pem, ALIPAYS_KEY)
    return read_notification(urlencode(fields).encode(), APP_ID, keys.vouch_for, Clock().now()).id


KEYS = KeyPair.new()
