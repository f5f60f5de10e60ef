"""An example for every operation: what is sent and what comes back. The people in it are made up."""

from __future__ import annotations

from typing import Any

from bff.api.access import PREFIX

_AT = "2026-03-02T09:30:00+08:00"
_ID, _OTHER_ID = "01a20000-0000-7000-8000-000000000001", "01a20000-0000-7000-8000-000000000002"
_REASON = {
    "rule": "voucher_not_activated",
    "text": "您还没有激活医保电子凭证。",
    "facts": {"who": "me"},
    "source": "LY-12",
    "effective_from": "2021-07-01",
    "owner": "me",
    "next_step": "请先激活医保电子凭证，再来办理。",
    "cashier_code": "A1B2C3",
}
_SCREEN = {
    "flow": "add-member",
    "step": "member",
    "title": "添加家人",
    "text": ["请填写家人的信息。"],
    "speech": "请填写家人的姓名、身份证号，选择关系。",
    "fields": [
        {"name": "name", "kind": "name", "label": "姓名", "required": True},
        {"name": "id_number", "kind": "id_number", "label": "身份证号", "required": True},
        {
            "name": "relation",
            "kind": "choice",
            "label": "家庭关系",
            "required": True,
            "multiple": False,
            "options": [{"value": "mother", "label": "母亲"}, {"value": "father", "label": "父亲"}],
        },
    ],
    "actions": [{"name": "next", "label": "下一步"}, {"name": "give_up", "label": "放弃办理"}],
    "progress": {"done": 0, "total": 1, "upcoming": []},
}
_READY = {
    **_SCREEN,
    "step": None,
    "text": ["都填好了，请确认后提交。"],
    "fields": [],
    "actions": [{"name": "complete", "label": "确认添加"}, {"name": "back", "label": "上一步"}],
    "progress": {"done": 1, "total": 1, "upcoming": []},
}
_ACCOUNT = {
    "status": "opened",
    "opened_at": _AT,
    "balance_fen": 300_000,
    "prior_year_fen": 100_000,
    "current_year_fen": 200_000,
    "shareable_fen": 300_000,
}
_RELATIVE = {
    "id": _ID,
    "name_masked": "**华",
    "relation": "mother",
    "status": "active",
    "effective_from": _AT,
    "spent_this_month_fen": 12_850,
    "monthly_cap_fen": None,
    "uses": None,
    "reasons": [],
}
_PARAGRAPH = {"title": "谁可以和谁共济", "lines": [{"text": "一个人最多添加：3 位家人。", "source": "AB-03"}]}
_RECORD = {
    "id": _ID,
    "at": _AT,
    "member": {"relation": "mother", "name_masked": "**华", "person": _ID},
    "institution": {"id": "P00000000001", "name": "示例药房", "kind": "pharmacy", "region": "990900"},
    "med_type": "41",
    "purpose": {"kind": "pharmacy", "label": "药店购药"},
    "bill_fen": 12_850,
    "fund_fen": 0,
    "own_fen": 0,
    "payer_fen": 12_850,
    "cash_fen": 0,
    "payers": [{"name_masked": "**舟", "is_me": True, "paid_fen": 12_850}],
    "balance_after_fen": 287_150,
    "status": "settled",
}
_PREVIEW = {
    "status": "presettled",
    "bill_fen": 12_850,
    "fund_fen": 0,
    "own_fen": 2_850,
    "payers": [{"name_masked": "**舟", "is_me": False, "paid_fen": 10_000, "why": "目前由这位家人为您共济。"}],
    "cash_fen": 0,
    "reasons": [],
}
_PLACE = {"id": "P00000000001", "name": "示例药房", "kind": "pharmacy", "region": "990900", "level": 1}
_CASE = {
    "id": _OTHER_ID,
    "record": _ID,
    "paid_at": _AT,
    "institution": "百姓药店",
    "opened_by_me": True,
    "status": "open",
    "opened_at": _AT,
    "returned_fen": 0,
    "trail": [{"at": _AT, "what": "opened", "text": "提出“不是我”，已立案"}],
}
_RECEIPT = {"receipt_number": "20260302000000000001", "place": "示例市医保服务大厅", "phone": "12393"}
_REQUEST = {
    "id": _OTHER_ID,
    "kind": "raise_limit",
    "at": _AT,
    "status": "sent",
    "received": True,
    "relation_id": _ID,
    "relation": "mother",
    "name_masked": "**华",
}
_SUMMARY = {
    "total_fen": 15_700,
    "by_person": [
        {"person": _ID, "label": "母亲（**华）", "sum_fen": 12_850},
        {"person": "self", "label": "我自己", "sum_fen": 2_850},
    ],
    "by_kind": [{"kind": "pharmacy", "label": "药店购药", "sum_fen": 15_700}],
    "by_source": [
        {"source": "shared", "label": "我的账户，家人用", "sum_fen": 12_850},
        {"source": "own", "label": "我的账户，自己用", "sum_fen": 2_850},
    ],
    "advice": [{"rule": "look_at_records", "text": "建议每个月看一次使用记录。", "source": "AB-09"}],
}
_ME = {
    "assurance": "real_person",
    "name_masked": "**舟",
    "id_number_masked": "371***********0011",
    "phone_masked": "199****0001",
    "region": "990900",
    "region_name": "示例市",
    "insurances": [{"insutype": "310", "name": "职工基本医疗保险", "status": "normal", "region": "990900"}],
    "voucher": {"status": "active", "activated_at": _AT},
    "account": _ACCOUNT,
    "transfer_out": {"allowed": True, "reasons": []},
}
_REGION = {"code": "990900", "name": "示例市", "version": "1", "effective_from": "2021-07-01"}
_SESSION = {"id": _ID, "channel": "wechat", "current": True, "started_at": _AT, "seen_at": _AT, "expires_at": _AT}
_VOUCHER = {
    "id": _ID,
    "relation": None,
    "name_masked": "**舟",
    "status": "active",
    "activated_at": _AT,
    "waits": None,
    "check_due": None,
}
_HELPER = {"id": _ID, "name_masked": "**舟", "relation": "mother", "status": "active", "since": _AT}
_ADVICE = {
    "rule": "not_in_kinship_list",
    "text": "**华用您的账户付费，但您还不能替她出示医保码。",
    "next_step": "如果要替她出示医保码，请添加到亲情账户。",
    "flow": "activate-relative",
    "answers": {"member": _OTHER_ID},
}
_OFFER = {"name": "open-account", "title": "开通家庭共济", "can_start": False, "reasons": [_REASON], "in_progress": False}
_PLEDGE = {
    "id": _ID,
    "purpose": "open-account",
    "title": "家庭共济承诺书",
    "version": "1",
    "text": ["我同意家人使用我的个人账户。"],
    "text_hash": "0" * 64,
    "signed_at": _AT,
}
_CONSENT = {
    "id": _ID,
    "purpose": "sensitive_information",
    "title": "敏感个人信息单独同意",
    "version": "1",
    "text": ["证件号码属于敏感个人信息。"],
    "text_hash": "0" * 64,
    "channel": "wechat",
    "agreed_at": _AT,
    "withdrawn_at": None,
    "for_relative": False,
    "withdrawable": True,
}
_NOTICE = {
    "id": _ID,
    "at": _AT,
    "kind": "payment",
    "title": "付费通知",
    "text": ["**华（母亲）在示例药房用了您的账户128.50元。", "账户还剩2871.50元。"],
    "read": False,
    "delivery": {"channel": "wechat", "status": "sent"},
}
_CHOICES = {
    "kinds": [{"kind": "payment", "title": "付费通知", "push": True}],
    "quiet_hours": {"from": "22:00", "to": "07:00"},
    "channels": [{"channel": "wechat", "push": True}, {"channel": "sms", "push": False}],
}
_DONE = {
    "flow": "add-member",
    "outcome": "done",
    "text": ["已添加。"],
    "next": [{"flow": "add-member", "title": "添加家人"}],
}


def _page(item: dict[str, Any]) -> dict[str, Any]:
    return {"items": [item], "next_cursor": None}


# By method and path: the body that is sent, or `None`, and the answer, or `None` where there is none.
EXAMPLES: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, Any] | None]] = {
    ("POST", f"{PREFIX}/sessions"): (
        {"channel": "wechat", "code": "0a1B2c3D4e5F"},
        {"token": "an-opaque-token-of-43-characters-and-no-more", "expires_at": _AT},
    ),
    ("GET", f"{PREFIX}/sessions"): (None, _page(_SESSION)),
    ("DELETE", f"{PREFIX}/sessions/current"): (None, None),
    ("DELETE", f"{PREFIX}/sessions/{{session_id}}"): (None, None),
    ("GET", f"{PREFIX}/me"): (None, _ME),
    ("GET", f"{PREFIX}/account"): (None, _ACCOUNT),
    ("GET", f"{PREFIX}/regions"): (None, _page(_REGION)),
    ("GET", f"{PREFIX}/regions/{{code}}"): (None, {**_REGION, "page": [_PARAGRAPH], "words": {"account": "家庭共济账户"}}),
    ("GET", f"{PREFIX}/help/codes/{{cashier_code}}"): (
        None,
        {
            "cashier_code": "A1B2C3",
            "rule": "relation_ended",
            "text": "共济关系已经解除。",
            "clerk_text": "共济关系已解除，不能再用付费人的账户。",
            "owner": "payer",
            "next_step": "请付费人重新添加。",
        },
    ),
    ("GET", f"{PREFIX}/flows"): (None, _page(_OFFER)),
    ("POST", f"{PREFIX}/flows/{{name}}"): ({"answers": {}}, _SCREEN),
    ("GET", f"{PREFIX}/flows/{{name}}"): (None, _SCREEN),
    ("DELETE", f"{PREFIX}/flows/{{name}}"): (None, None),
    ("GET", f"{PREFIX}/flows/{{name}}/steps/{{step}}"): (None, _SCREEN),
    ("PUT", f"{PREFIX}/flows/{{name}}/steps/{{step}}"): (
        {"answers": {"name": "林月华", "id_number": "110199195711200021", "relation": "mother"}},
        _READY,
    ),
    ("GET", f"{PREFIX}/flows/{{name}}/form"): (None, None),
    ("POST", f"{PREFIX}/flows/{{name}}/completion"): ({}, _DONE),
    ("GET", f"{PREFIX}/members"): (None, _page(_RELATIVE)),
    ("GET", f"{PREFIX}/payers"): (None, _page({**_RELATIVE, "id": _OTHER_ID, "name_masked": "**舟", "relation": "son"})),
    ("GET", f"{PREFIX}/records"): (None, _page(_RECORD)),
    ("GET", f"{PREFIX}/records.csv"): (None, None),
    ("GET", f"{PREFIX}/records/statement.pdf"): (None, None),
    ("GET", f"{PREFIX}/records/summary"): (None, _SUMMARY),
    ("GET", f"{PREFIX}/records/{{record_id}}"): (None, _RECORD),
    ("POST", f"{PREFIX}/previews"): (
        {"member": "self", "institution": "P00000000001", "med_type": "41", "amount_fen": 12_850},
        _PREVIEW,
    ),
    ("POST", f"{PREFIX}/records/{{record_id}}/disputes"): (
        {"reason": "那天我没有去过这家药店。"},
        {"id": _OTHER_ID, "status": "open"},
    ),
    ("GET", f"{PREFIX}/disputes"): (None, _page(_CASE)),
    ("POST", f"{PREFIX}/reports"): (
        {"kind": "code_stolen", "text": "有人拿着我的医保码截图去买药。"},
        _RECEIPT,
    ),
    ("GET", f"{PREFIX}/reports"): (
        None,
        _page({**_RECEIPT, "kind": "code_stolen", "at": _AT, "text": "有人拿着我的医保码截图去买药。", "about": None}),
    ),
    ("POST", f"{PREFIX}/payers/{{payer_id}}/requests"): (
        {"kind": "raise_limit"},
        {"id": _OTHER_ID, "kind": "raise_limit", "status": "sent"},
    ),
    ("GET", f"{PREFIX}/requests"): (None, _page(_REQUEST)),
    ("POST", f"{PREFIX}/requests/{{request_id}}/answers"): (
        {"answer": "declined"},
        {"id": _OTHER_ID, "kind": "raise_limit", "status": "declined"},
    ),
    ("GET", f"{PREFIX}/institutions"): (None, _page(_PLACE)),
    ("GET", f"{PREFIX}/vouchers"): (None, {**_page(_VOUCHER), "advice": [_ADVICE], "helpers": [_HELPER]}),
    ("DELETE", f"{PREFIX}/vouchers/{{voucher_id}}"): (None, None),
    ("DELETE", f"{PREFIX}/vouchers/helpers/{{helper_id}}"): (None, None),
    ("POST", f"{PREFIX}/vouchers/{{voucher_id}}/codes"): (
        {},
        {
            "code": "one-time-code-of-22-ch",
            "expires_at": _AT,
            "ttl_s": 60,
            "qr_svg": "<svg>…</svg>",
            "name_masked": "**华",
            "relation": "mother",
            "warning": "这是**华的医保码，只能给她本人看病买药用。",
        },
    ),
    ("GET", f"{PREFIX}/callbacks/wechat"): (None, None),
    ("POST", f"{PREFIX}/callbacks/wechat"): (None, None),
    ("POST", f"{PREFIX}/callbacks/alipay"): (None, None),
    ("GET", f"{PREFIX}/consents"): (None, _page(_CONSENT)),
    ("DELETE", f"{PREFIX}/consents/{{consent_id}}"): (None, None),
    ("GET", f"{PREFIX}/pledges"): (None, _page(_PLEDGE)),
    ("GET", f"{PREFIX}/notices"): (None, _page(_NOTICE)),
    ("POST", f"{PREFIX}/notices/{{notice_id}}/read"): (None, {**_NOTICE, "read": True}),
    ("GET", f"{PREFIX}/notices/preferences"): (None, _CHOICES),
    ("PUT", f"{PREFIX}/notices/preferences"): (
        {"kinds": {"payment": True}, "quiet_hours": {"from": "22:00", "to": "07:00"}, "channels": {"wechat": True}},
        _CHOICES,
    ),
    ("POST", f"{PREFIX}/uploads"): (None, {"id": _ID, "expires_at": _AT}),
    ("GET", "/healthz"): (None, {"status": "ok"}),
    ("GET", "/metrics"): (None, None),
    ("GET", "/readyz"): (None, {"status": "ready", "parts": {"redis": True, "core": True, "wechat": True, "alipay": True}}),
}
