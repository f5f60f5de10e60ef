"""A family around one phone: a child and an old mother get their codes through it, and each code spends what is its owner's."""

from __future__ import annotations

from datetime import datetime

from dev.demo.cast import PHARMACY_VISIT, arrived, employee, resident
from dev.demo.transcript import Transcript, yuan
from dev.player import Json, Phone, World

CITY = "371300"
BANK_CARD = "6217000000000000017"


def play_vouchers(world: World, show: Transcript) -> None:
    """The mother helps both, shows both codes, and mends what she took for the same thing."""
    mother = arrived(world, employee(world, CITY, "乔叶", balance_fen=60_000, sex="female"))
    year = datetime.fromisoformat(world.later()).year - 10
    son = resident(world, CITY, "乔小禾", born=f"{year}-01-15", sex="male", voucher=False)
    old = resident(world, CITY, "方静云", born="1945-04-05", voucher=False, bank_cards=[BANK_CARD])
    she_learns_which_is_which(show, mother)
    the_child_needs_her_word_only(show, mother, son)
    her_mother_is_seen_herself(show, mother, old)
    the_code_spends_what_is_its_owners(world, show, mother, old)
    she_mends_what_is_missing(show, mother, son)


def she_learns_which_is_which(show: Transcript, mother: Phone) -> None:
    show.scene("临沂：母亲想在手机上替家人出示医保码。先分清两件事：出示家人的码，花家人的钱；家庭共济，花自己的钱")
    screen = mother.post("/flows/activate-relative").ok()
    for line in screen["text"]:
        show.say(f"  {line}")
    show.expect("走错了可以直接去添加家人", [one["flow"] for one in screen["instead"]] == ["add-member"])
    mother.delete("/flows/activate-relative")


def the_child_needs_her_word_only(show: Transcript, mother: Phone, son: Json) -> None:
    show.scene("十岁的儿子：不用刷脸，由她以监护人的身份同意")
    done = mother.help(son, "son")
    show.expect("办好了，名单里有儿子", done["outcome"] == "done" and listed(mother) == [("son", "active")])


def her_mother_is_seen_herself(show: Transcript, mother: Phone, old: Json) -> None:
    show.scene("没有手机的外婆：要她本人看镜头；没刷成，改用她的银行卡，已经填的都还在")
    named = {"name": old["name"], "id_number": old["id_number"], "relation": "mother"}
    screen = mother.walk_until("check", mother.post("/flows/activate-relative").ok(), named)
    check = next(one["check"] for one in screen["fields"] if one["name"] == "real_person")
    mother.look_into_camera(check["id"], passes=False, who=old)
    told = mother.put("/flows/activate-relative/steps/check", {"real_person": check["id"]}).problem(422, "invalid_answers")
    show.say(f"  {told['fields']['real_person']['text']}{told['fields']['real_person']['remedy']}")
    done = mother.walk_on(told["screen"], {"bank_card": BANK_CARD})
    show.expect("银行卡也能证明是她", done["outcome"] == "done" and listed(mother) == [("son", "active"), ("mother", "active")])


def the_code_spends_what_is_its_owners(world: World, show: Transcript, mother: Phone, old: Json) -> None:
    show.scene("在药店替外婆出示外婆的码：花的不是母亲的钱")
    hers = next(one for one in mother.vouchers() if one["relation"] == "mother")
    code = mother.show_code(hers["id"])
    show.say(f"这是{code['name_masked']}的码，{code['ttl_s']} 秒内有效。{code['warning']}")
    bill = {"credential": {"kind": "voucher", "value": code["code"]}, "med_type": PHARMACY_VISIT, "amount_fen": 1_500}
    paid = world.till(world.institution(CITY, "pharmacy"), "settlements", bill).ok()
    show.say(f"买药 15.00 元：家人账户 {yuan(sum(one['paid_fen'] for one in paid['payers']))}，现金 {yuan(paid['cash_fen'])}")
    show.expect("没有用到母亲的账户", paid["payers"] == [] and mother.get("/account").ok()["balance_fen"] == 60_000)
    show.expect("码上写的是外婆的名字", code["name_masked"][-1] == old["name"][-1])


def she_mends_what_is_missing(show: Transcript, mother: Phone, son: Json) -> None:
    show.scene("她开通家庭共济；小程序发现儿子能出示码、却不能用她的钱，点一下就补上")
    mother.open_account()
    advice = next(one for one in mother.advice() if son["name"][-1] in one["text"])
    show.say(f"  {advice['text']}{advice['next_step']}")
    mother.walk_on(mother.post(f"/flows/{advice['flow']}", {"answers": advice["answers"]}).ok(), {})
    show.expect("儿子也能用她的账户了", [one["relation"] for one in mother.members()] == ["son"])


def listed(phone: Phone) -> list[tuple[str, str]]:
    """The relatives on a phone: what each is, and how their voucher stands."""
    return [(one["relation"], one["status"]) for one in phone.vouchers()[1:]]
