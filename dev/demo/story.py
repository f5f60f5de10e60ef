"""The story of one family: a son, his mother, his wife, from signing in to moving away."""

from __future__ import annotations

from dev.demo.cast import PHARMACY_VISIT, employee, resident
from dev.demo.transcript import Transcript, yuan
from dev.player import Json, Phone, World

REGION, ELSEWHERE = "371300", "370100"


def family(world: World) -> tuple[Json, Json, Json]:
    """An employee, his mother (resident, voucher active) and his wife (suspended, no voucher), made for this play."""
    him = employee(world, REGION, "程一舟", balance_fen=300_000, prior_year_fen=100_000)
    wife = employee(world, REGION, "苏青禾", status="suspended", balance_fen=52_000, sex="female", voucher=False)
    return him, resident(world, REGION, "林月华"), wife


def he_proves_who_he_is(show: Transcript, phone: Phone) -> None:
    show.scene("他在微信里打开小程序，登录并证明自己是谁")
    phone.sign_in()
    show.expect("登录成功，但还没有证明身份", phone.get("/me").ok()["assurance"] == "signed_in")
    phone.get("/members").problem(403, "identity_required")
    show.say("没证明身份之前，看不到任何家庭信息。")
    phone.verify()
    me = phone.get("/me").ok()
    show.say(f"姓名、身份证号、微信手机号、对着镜头看一眼：{me['name_masked']}，{me['assurance']}")
    show.expect("身份已核验", me["assurance"] == "real_person")


def he_opens_the_account(show: Transcript, phone: Phone) -> None:
    show.scene("小程序告诉他可以开户，以及开户意味着什么；他读承诺书、核对资料、开户")
    show.expect("没有任何原因拦着他开户", phone.flow_reasons("open-account") == set())
    screen = phone.post("/flows/open-account").ok()
    answers = {"phone": phone.person["phone"]}
    while screen["step"] is not None:
        show.say(f"〔{screen['title']}〕{' '.join(screen['text'])}")
        for asked in screen["fields"]:
            if asked["kind"] == "consent":
                for clause in asked["text"]:
                    show.say(f"  {clause}")
                show.expect("承诺书有四条", len(asked["text"]) == 4)
        screen = phone.put(f"/flows/open-account/steps/{screen['step']}", phone.fill(screen, answers)).ok()
    phone.post("/flows/open-account/completion").ok()
    account = phone.get("/account").ok()
    show.expect("共济账户已开通", account["status"] == "opened")
    show.say(f"账户余额 {yuan(account['balance_fen'])}，其中家人可用 {yuan(account['shareable_fen'])}")


def he_adds_his_mother(show: Transcript, phone: Phone, mother: Json) -> None:
    show.scene("他添加母亲，并在名单里看到她")
    phone.add(mother, "mother")
    members = phone.members()
    show.say("、".join(f"{one['name_masked']}（{one['relation']}，{one['status']}）" for one in members))
    show.expect("名单里有母亲，关系已生效", [(one["relation"], one["status"]) for one in members] == [("mother", "active")])


def she_buys_medicine(show: Transcript, phone: Phone, pharmacy: Json) -> None:
    show.scene("母亲在药店用自己的码买 128.50 元的药")
    paid = phone.pay(pharmacy, 12_850, PHARMACY_VISIT).ok()
    family_fen = sum(one["paid_fen"] for one in paid["payers"])
    show.say(f"{pharmacy['name']}：本人账户 {yuan(paid['own_fen'])}，家人账户 {yuan(family_fen)}，现金 {yuan(paid['cash_fen'])}")
    show.expect(
        "全部由他的账户支付",
        paid["own_fen"] == 0 and paid["cash_fen"] == 0 and [p["paid_fen"] for p in paid["payers"]] == [12_850],
    )


def he_buys_himself(show: Transcript, phone: Phone, pharmacy: Json) -> None:
    show.scene("他自己也买了 30.00 元的药")
    paid = phone.pay(pharmacy, 3_000, PHARMACY_VISIT).ok()
    show.expect("由他自己的账户支付", paid["own_fen"] == 3_000 and paid["payers"] == [])


def he_sees_both(show: Transcript, phone: Phone) -> None:
    show.scene("他在记录里看到这两笔：谁花的、在哪里、什么时候、花的是谁的钱")
    records = phone.records()
    for one in records:
        payers = "、".join(f"{'我' if p['is_me'] else p['name_masked']} {yuan(p['paid_fen'])}" for p in one["payers"]) or "无"
        show.say(
            f"{one['at']}  {one['member']['relation']} {one['member']['name_masked']}  {one['institution']['name']}  "
            f"账单 {yuan(one['bill_fen'])}  本人 {yuan(one['own_fen'])}  共济 {payers}  现金 {yuan(one['cash_fen'])}"
        )
    show.expect(
        "两笔都在，先自己的，后母亲的",
        [(one["member"]["relation"], one["bill_fen"]) for one in records] == [("self", 3_000), ("mother", 12_850)],
    )
    show.expect("母亲那笔写明是他的钱", records[1]["payers"][0]["is_me"] and records[1]["payer_fen"] == 12_850)


def his_wife_cannot_yet(show: Transcript, phone: Phone) -> None:
    show.scene("妻子停保、没激活医保码，从支付宝登录并证明身份：还没点开户，就知道为什么不行")
    phone.arrive()
    listed = next(item for item in phone.get("/flows").ok()["items"] if item["name"] == "open-account")
    show.reasons(listed["reasons"])
    told = {reason["rule"] for reason in listed["reasons"]}
    show.expect("两个原因一次说全", not listed["can_start"] and {"payer_status_not_normal", "voucher_not_activated"} <= told)
    show.expect("硬要办也是同样的回答", phone.post("/flows/open-account").refused() == told)


def he_removes_his_mother(show: Transcript, phone: Phone, mother: Phone, pharmacy: Json) -> None:
    show.scene("他解除与母亲的关系；她再到药店，不再由他支付，收银台说明原因")
    phone.remove(phone.members()[0]["id"])
    show.expect("名单里没有生效的关系了", [one for one in phone.members() if one["status"] == "active"] == [])
    paid = mother.pay(pharmacy, 5_000, PHARMACY_VISIT).ok()
    show.expect("他没有支付，母亲付现金", paid["payers"] == [] and paid["cash_fen"] == 5_000)
    show.reasons(paid["reasons"])
    show.expect("原因是关系已解除", "relation_ended" in {reason["rule"] for reason in paid["reasons"]})


def he_moves_away(show: Transcript, world: World, phone: Phone, mother: Phone, pharmacy: Json) -> None:
    show.scene("他又添加母亲，准备把医保转到外地：先告诉他要解除什么；真的转走之后，不再共济")
    phone.add(mother.person, "mother")
    verdict = phone.get("/me").ok()["transfer_out"]
    show.reasons(verdict["reasons"])
    rules = {reason["rule"] for reason in verdict["reasons"]}
    show.expect("转出之前要先解除共济", not verdict["allowed"] and rules == {"must_unbind_before_transfer"})
    world.life(phone.person, region=ELSEWHERE)
    paid = mother.pay(pharmacy, 2_000, PHARMACY_VISIT).ok()
    show.expect("转走以后不再由他支付", paid["payers"] == [] and paid["cash_fen"] == 2_000)
    show.reasons(paid["reasons"])
    show.expect("收银台说明了原因", paid["reasons"] != [])


def play_story(world: World, show: Transcript) -> None:
    """The whole story of one family, once."""
    him, mother, wife = family(world)
    pharmacy = world.institution(REGION, "pharmacy")
    his_phone, her_phone = Phone(world, him, "wechat"), Phone(world, mother, "wechat")
    he_proves_who_he_is(show, his_phone)
    he_opens_the_account(show, his_phone)
    he_adds_his_mother(show, his_phone, mother)
    her_phone.arrive()
    she_buys_medicine(show, her_phone, pharmacy)
    he_buys_himself(show, his_phone, pharmacy)
    he_sees_both(show, his_phone)
    his_wife_cannot_yet(show, Phone(world, wife, "alipay"))
    he_removes_his_mother(show, his_phone, her_phone, pharmacy)
    he_moves_away(show, world, his_phone, her_phone, pharmacy)
