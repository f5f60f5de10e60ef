"""All that happens to a family, played once: who finds what in the inbox, each once, and what of it a channel was given."""

from __future__ import annotations

import json
from collections import Counter as Counts
from datetime import timedelta
from pathlib import Path

import psycopg

from bff.app import join
from bff.settings import read_settings
from bff.worker import Worker
from dev.counter import Counter
from dev.player import Json, Phone, World
from tests.journeys.cast import OUTPATIENT_VISIT, employee, resident
from tests.journeys.cities.applicant import apply_for
from tests.journeys.leaks import leaks
from tests.journeys.vouchers.relatives import child, helper, today, years_before

CITY = "110000"
# Who reads which kind of notice how often, and words that stand in one of them: figures, reasons, what to do next.
TOLD = (
    ("father", "bound", 1, "医保经办机构正在审核"),
    ("son", "bound", 1, "申请把您添加为家庭共济成员"),
    ("father", "reviewed", 1, "审核通过了。对方同意以后就生效"),
    ("son", "invited", 1, "可以在小程序里同意或者拒绝"),
    ("father", "accepted", 1, "已同意加入您的家庭共济"),
    ("son", "accepted", 1, "您已同意加入"),
    ("father", "payment", 2, "用了您的账户420.00元。付完后您的账户还剩580.00元"),
    ("son", "payment", 3, "您的账户付了0.00元，家人的账户付了420.00元，另付现金0.00元"),
    ("father", "cap_near", 1, "这个月已用您的账户420.00元，限额是500.00元"),
    ("son", "cap_near", 1, "这个月您已用"),
    ("son", "payment_refused", 2, "超过账户所有人设定的每月额度。可请账户所有人调高额度"),
    ("son", "payment_refused", 2, "没能结算。这些费用不能用医保个人账户支付"),
    ("father", "limit_changed", 1, "的限额或使用范围。新的规定已经记下"),
    ("son", "limit_changed", 1, "修改了您使用账户的限额"),
    ("father", "cap_reached", 1, "这个月的限额600.00元已用完。需要的话，您可以修改限额"),
    ("son", "cap_reached", 1, "限额600.00元已用完。下个月一号重新计算"),
    ("father", "balance_low", 1, "还剩400.00元。当地建议常留500.00元备用"),
    ("father", "refund", 1, "退回180.00元，已回到您的个人账户"),
    ("son", "refund", 1, "退回180.00元，原路退还"),
    ("father", "relation_ending", 1, "到期。如果还要继续，请到期后重新添加"),
    ("son", "relation_ending", 1, "之后不能再用对方的账户付费"),
    ("father", "removed", 1, "对方不能再用您的个人账户付费"),
    ("son", "removed", 1, "您不能再用对方的个人账户付费"),
    ("niece", "voucher_activated", 1, "替您激活了医保码。如果不是您同意的"),
    ("niece", "birthday_ahead", 1, "满16周岁。之后医保码等事项要由您本人确认"),
    ("aunt", "birthday_ahead", 1, "满16周岁。之后对方的医保码要由本人确认"),
)


EXCLUDED = [{"name": "年度体检套餐", "amount_fen": 9_000, "category": "checkup"}]


def test_whatever_happens_to_a_family_is_told_once_to_whom_it_concerns_and_in_words(
    world: World, worker: Worker, worker_environment: dict[str, str], database_url: str, data_dir: Path
) -> None:
    """GD-26, GD-52: every kind of event that people asked to hear of, with figures, reasons and what to do next."""
    phones = _a_son_is_invited_and_spends(world, Counter(world, data_dir), database_url) | _an_aunt_helps_a_girl(world)
    # A worker that begins its day looks ahead.
    Worker(join(read_settings(worker_environment))).catch_up()
    phones["father"].remove(phones["father"].members()[0]["id"])

    worker.catch_up()

    found = {who: _inbox(phone) for who, phone in phones.items()}
    for who, kind, times, words in TOLD:
        read = [text for told, text in found[who] if told == kind]
        assert (len(read), any(words in text for text in read)) == (times, True), (who, kind, read)
    told = {(who, kind) for who, kind, _times, _words in TOLD}
    besides = Counts(kind for who, inbox in found.items() for kind, _text in inbox if (who, kind) not in told)
    assert set(besides) <= {"account_changed", "kinship_added"}
    _nothing_personal_left(world, phones)


def _a_son_is_invited_and_spends(world: World, counter: Counter, database_url: str) -> dict[str, Phone]:
    """Where most is asked: papers, a review, a yes, a cap that comes near, bars, is raised and is reached."""
    child_of_his = resident(world, region=CITY, born="1999-05-06", sex="male", name="司徒小舟")
    father = Phone(world, employee(world, region=CITY, balance_fen=100_000, name="司徒远航")).arrive()
    son, hospital = Phone(world, child_of_his).arrive(), world.institution(CITY, "hospital")
    father.open_account()
    apply_for(father, child_of_his, monthly_cap_fen=50_000)
    relation = father.members()[0]["id"]
    counter.decide(relation, "approve").ok()
    son.walk("accept-relation", {"member": relation})

    def pays(amount_fen: int, **more: Json) -> Json:
        return son.pay(hospital, amount_fen, OUTPATIENT_VISIT, declares_mutual_aid=True, **more)

    pays(42_000).ok()
    pays(9_000).ok()
    father.walk("change-limit", {"member": relation, "monthly_cap_fen": 60_000})
    paid = pays(18_000).ok()
    world.till(hospital, "refunds", {"settlement_id": paid["settlement_id"]}).ok()
    pays(0, items=EXCLUDED).refused()
    with psycopg.connect(database_url, autocommit=True) as connection:
        # No city lets one choose the last day yet; a tie can have one all the same.
        connection.execute("UPDATE core.relations SET ends_on = %s WHERE id = %s", [world.later(days=20)[:10], relation])
    return {"father": father, "son": son}


def _an_aunt_helps_a_girl(world: World) -> dict[str, Phone]:
    """The girl turns sixteen in three weeks, and reads on a phone of her own."""
    girl = child(world, name="欧阳小满", born=years_before(today(world) + timedelta(days=20), 16).isoformat())
    aunt = helper(world, sex="female", name="欧阳明月")
    aunt.help(girl, "daughter")
    return {"aunt": aunt, "niece": Phone(world, girl, "alipay").arrive()}


def _inbox(phone: Phone) -> list[tuple[str, str]]:
    return [(one["kind"], "".join(one["text"])) for one in phone.get("/notices?limit=100").ok()["items"]]


def _nothing_personal_left(world: World, phones: dict[str, Phone]) -> None:
    people = [phone.person for phone in phones.values()]
    messages = {one["name"]: world.play("GET", f"/phones/{one['id_number']}/messages").ok() for one in people}
    said = {name: json.dumps(found, ensure_ascii=False).encode() for name, found in messages.items()}
    assert all(messages.values())
    assert leaks([one[what] for one in people for what in ("name", "id_number", "phone")], said) == []
