"""Every choice of a pack in plain words, as a resident would read it; a new choice needs its words here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reference_core.decisions.rules.member import label_in
from reference_core.packs.shelf import Pack
from reference_core.vocabulary.med_types import EXPENSE_LABELS

Tell = Callable[[Pack, Any], str]
INSUTYPE_LABELS = {
    "310": "职工医保",
    "320": "公务员医疗补助",
    "330": "大额医疗费用补助",
    "340": "离休人员医疗保障",
    "390": "居民医保",
    "410": "工伤保险",
    "510": "生育保险",
}
_STATUSES = {
    "normal": "正常",
    "suspended": "停保",
    "arrears": "欠费",
    "frozen": "冻结",
    "transferred_out": "已转出",
    "terminated": "已终止",
}
_CONDITIONS = {
    "transferred_out": "医保关系已转出的人",
    "retired_cadre": "离休人员",
    "preferential": "优抚对象",
    "long_term_nonlocal": "办了长期异地就医备案的人",
    "nonlocal_record": "办了异地就医备案的人",
    "account_closed": "个人账户已注销的人",
}
_SCOPES = {"city": "同一个市", "province": "同一个省", "nation": "全国任何地方"}
_PHONE = {"required": "必须填", "optional": "可填可不填", "absent": "不用填"}
_ACTS = {"open": "开通", "bind": "添加家人", "unbind": "解除", "change": "修改额度", "show_relative_code": "出示家人的医保码"}
_EFFECTS = {
    "at_once": "马上生效",
    "next_day": "第二天生效",
    "next_month": "下个月第一天生效",
    "chosen_date": "从选定的日期起生效",
    "after_review_and_acceptance": "审核通过并由家人接受以后生效",
}
_WHEN_MOVED = {
    "must_unbind_first": "转走之前要先解除共济",
    "ends": "共济自动结束",
    "not_shared": "共济停用，不再支付",
}
_FIGURES = {"bill_fen": "费用总额", "fund_fen": "统筹支付", "own_fen": "家人自己账户付的", "cash_fen": "现金等其他方式付的"}
_SELECTIONS = {
    "only_one": "只会有一个人",
    "largest_balance": "只用余额最多的那一个账户",
    "cascade_by_balance": "从余额最多的开始，一个不够再用下一个",
    "cascade_payers_order": "按付钱的人排的先后，一个不够再用下一个",
    "cascade_members_order": "按用钱的人添加的先后，一个不够再用下一个",
}


def _yes(yes: str, no: str) -> Tell:
    return lambda _pack, value: yes if value else no


def _one(words: Mapping[Any, str]) -> Tell:
    return lambda _pack, value: words[value]


def _several(words: Mapping[str, str], nothing: str) -> Tell:
    return lambda _pack, value: "、".join(words[one] for one in value) or nothing


def _number(unit: str, nothing: str) -> Tell:
    return lambda _pack, value: nothing if value is None else f"{value} {unit}"


def yuan(fen: int) -> str:
    """An amount as people write it: without cents where there are none."""
    return f"{fen // 100} 元" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d} 元"


def _money(nothing: str) -> Tell:
    return lambda _pack, value: nothing if value is None else yuan(value)


def _relatives(pack: Pack, words: Iterable[str]) -> str:
    return "、".join(label_in(pack, word) for word in words)


def _quotas(pack: Pack, limits: Mapping[str, int]) -> str:
    return "、".join(f"{label_in(pack, word)} {limit} 位" for word, limit in limits.items()) or "没有规定"


def _review(_pack: Pack, days: tuple[int, int] | None) -> str:
    return "不用审核" if days is None else f"要审核，{days[0]} 到 {days[1]} 个工作日"


def _cooling(_pack: Pack, days: int) -> str:
    return f"满 {days} 天才能共济" if days else "马上可以共济"


def _amounts(_pack: Pack, fields: Mapping[str, str]) -> str:
    said = {"included_in_account_pay": "含在账户支付里", "exact_mutual_aid": "就是共济的金额"}
    return "、".join(f"{name} {said[meaning]}" for name, meaning in fields.items()) or "没有"


def _places(_pack: Pack, regions: tuple[str, ...]) -> str:
    return "、".join(regions) or "没有"


@dataclass(frozen=True, slots=True)
class Saying:
    """How one choice is called, and its value told."""

    title: str
    tell: Tell


_IN_WORDS: Mapping[str, tuple[str, Tell]] = {
    "payer_insutypes": ("谁的账户可以共济", _several(INSUTYPE_LABELS, "没有")),
    "payer_statuses": ("账户所有人的参保状态要是", _several(_STATUSES, "没有要求")),
    "payer_excluded": ("哪些人的账户不能共济", _several(_CONDITIONS, "没有规定")),
    "payer_pool_scope": ("账户所有人要一直参保在", _one(_SCOPES)),
    "payer_voucher_required": ("账户所有人的医保码", _yes("要先激活", "不要求激活")),
    "member_insutypes": ("家人要参加", _several(INSUTYPE_LABELS, "没有")),
    "member_statuses": ("家人的参保状态要是", _several(_STATUSES, "没有要求")),
    "resident_current_year_paid": ("居民医保的家人", _yes("要缴了今年的费用", "不另外要求今年已缴费")),
    "member_excluded": ("哪些家人不能用", _several(_CONDITIONS, "没有规定")),
    "member_pool_scope": ("两个人的医保要在", _one(_SCOPES)),
    "member_voucher_required": ("家人的医保码", _yes("要先激活", "不要求激活")),
    "cross_province": ("跨省共济", _one({"no": "不可以", "partial": "部分地方可以", "yes": "可以"})),
    "city_digits": ("哪些地方算同一个市", _one({2: "全市各区", 3: "区划前三位相同", 4: "市和所属的县区"})),
    "separate_pools": ("单独统筹的地方", _places),
    "relations": ("可以添加的家人", _relatives),
    "relation_quotas": ("每种关系最多", _quotas),
    "relation_filter_by_sex": ("选关系时", _yes("只列出与性别相符的", "列出全部关系")),
    "max_members_per_payer": ("一个人最多添加", _number("位家人", "没有规定人数")),
    "max_payers_per_member": ("一位家人最多由几个人共济", _number("个人", "没有规定人数")),
    "role_exclusive": ("一边给别人用、一边用别人的", _yes("不可以", "可以")),
    "self_relation_allowed": ("停保前账户里的钱付自己的居民医保费用", _yes("可以", "不可以")),
    "open_account_required": ("添加家人之前", _yes("要先开通一次", "不用单独开通")),
    "pledge_on": ("承诺书", _one({"open": "开通时签", "bind": "每次添加家人时签", "never": "不用签"})),
    "second_confirmation": ("提交前再核对一次姓名和号码", _yes("要", "不用")),
    "kinship_proofs": (
        "证明亲属关系",
        _several({"pledge": "签承诺书", "documents": "上传证明材料", "signed_form": "上传签字的申请表"}, "不用证明"),
    ),
    "identity_photos_required": ("双方身份证照片", _yes("要上传", "不用上传")),
    "real_person_on": ("要刷脸的时候", _several(_ACTS, "不用刷脸")),
    "passcode_required": ("共济密码", _yes("要设置", "不用设置")),
    "payer_phone": ("账户所有人的手机号", _one(_PHONE)),
    "member_phone": ("家人的手机号", _one(_PHONE)),
    "verified_phone_required": ("手机号核验", _yes("要由微信或支付宝核验", "不要求")),
    "acceptance_required": ("家人接受", _yes("家人要在手机上接受", "不用家人接受")),
    "acceptance_min_age": ("多大可以自己接受", lambda _pack, age: f"满 {age} 周岁，不满的由监护人接受"),
    "review_workdays": ("审核", _review),
    "effect_online": ("手机上办的", _one(_EFFECTS)),
    "effect_offline": ("窗口办的", _one(_EFFECTS)),
    "end_effect": ("解除以后", _one(_EFFECTS)),
    "ended_by": ("谁可以解除", _several({"payer": "账户所有人", "member": "使用的家人"}, "没有")),
    "edit_in_place": ("填错了", _yes("可以直接改", "要解除后重新添加")),
    "rebind_wait_days": ("解除后重新添加", lambda _pack, days: f"要等 {days} 天" if days else "不用等"),
    "monthly_cap_selectable": ("每月额度", _yes("可以自己设", "不能自己设")),
    "monthly_cap_max_fen": ("自己设的额度最高", _money("没有规定")),
    "monthly_cap_fen": ("统一规定的每月额度", _money("没有规定")),
    "scopes_selectable": ("用在哪些地方", _yes("可以自己选", "不能自己选")),
    "start_selectable": ("开始的日期", _yes("可以自己选", "不能自己选")),
    "end_selectable": ("结束的日期", _yes("可以自己选", "不能自己选")),
    "offline_supported": ("窗口办理", _yes("可以", "没有窗口办理")),
    "on_payer_transfer": ("账户所有人的医保转走", _one(_WHEN_MOVED)),
    "on_member_transfer": ("家人的医保转走", _one(_WHEN_MOVED)),
    "on_payer_frozen": (
        "账户被冻结",
        _one({"suspends": "共济暂停", "ends": "共济自动结束", "not_shared": "冻结期间不能用"}),
    ),
    "on_payer_unfrozen": ("账户解冻以后", _one({"resumes": "自动恢复", "reactivate": "要由账户所有人重新启用"})),
    "on_account_closed": ("个人账户注销", _one({"ends": "共济自动结束", "not_shared": "共济停用，不再支付"})),
    "own_first": (
        "先用谁的钱",
        _one({"combine": "先用家人自己的账户，不够再用共济的", "must_be_empty": "家人自己的账户用完才用共济的"}),
    ),
    "own_statuses": ("自己的账户能付自己费用的状态", _several(_STATUSES, "没有")),
    "buckets_order": ("一个账户里", _one({"current_first": "先用今年的钱", "prior_first": "先用往年的钱"})),
    "payer_selection": ("有几个人共济时", _one(_SELECTIONS)),
    "when_short": (
        "共济的钱不够时",
        _one({"partial_then_cash": "有多少用多少，其余自己付", "all_or_nothing": "这一次不用共济，其余自己付"}),
    ),
    "payer_money": (
        "能共济的钱",
        _one({"all": "账户里的全部余额", "previous_years": "只有往年的结余", "above_reserve": "留足规定金额以外的部分"}),
    ),
    "reserve_fen": ("账户里必须留下", _money("没有规定")),
    "trigger": ("付费时", _one({"automatic": "自动使用共济，不用说明", "declared": "要先告诉收费人员使用共济"})),
    "excluded_expenses": ("不能用个人账户付的", _several(EXPENSE_LABELS, "没有规定")),
    "nonlocal_requires_record": ("在外地使用", _yes("要先办异地就医备案", "不要求备案")),
    "nonlocal_cap_fen": ("在外地使用的每月额度", _money("没有规定")),
    "counts_toward_accumulators": ("共济的钱计入起付线和封顶线", _yes("计入", "不计入")),
    "benefit_transfer": ("账户所有人的报销待遇", _yes("家人也可以享受", "不转给家人，家人报销待遇不变")),
    "kinship_slots": ("亲情账户（代为出示医保码）最多", _number("位", "没有规定")),
    "voucher_real_person_age": ("激活医保码要核验本人的年龄", _number("周岁", "没有规定")),
    "voucher_real_person_age_inclusive": ("刚满这个年龄", _yes("也要核验", "还不用核验")),
    "voucher_methods": ("怎样核验本人", _several({"face": "刷脸", "bank_card": "核验银行卡"}, "没有规定")),
    "voucher_cooling_days": ("家人代为激活医保码以后", _cooling),
    "minor_needs_kinship": ("未成年人", _yes("要加进亲情账户才能用", "不用加进亲情账户")),
    "manual_reimbursement": ("凭票据到窗口支取", _yes("可以", "没有说明可以")),
    "payer_sees": ("家人用了账户，账户所有人除了自己付的部分，还能看到", _several(_FIGURES, "没有别的")),
    "advice_reserve_fen": ("建议账户里常留", _money("没有建议")),
    "advice_balance_before_bind_fen": ("建议添加家人前账户里至少有", _money("没有建议")),
    "reminder_months": ("建议多久看一次使用记录", lambda _pack, months: f"每 {months} 个月" if months else "没有建议"),
    "legacy_amount_fields": ("旧接口里的金额", _amounts),
}
SAYINGS = {name: Saying(title, tell) for name, (title, tell) in _IN_WORDS.items()}


def say(pack: Pack, parameter: str) -> str:
    """One choice of a pack as a line."""
    saying = SAYINGS[parameter]
    return f"{saying.title}：{saying.tell(pack, getattr(pack, parameter))}。"
