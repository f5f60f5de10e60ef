"""One family for each further city, with what is particular to it."""

from __future__ import annotations

import io

from PIL import Image

from dev.demo.cast import OUTPATIENT_VISIT, PHARMACY_VISIT, arrived, employee, resident
from dev.demo.transcript import Transcript, yuan
from dev.player import Json, World

PROVINCE, ITS_CITY = "130000", "130100"
PARTIAL_CITY = "610100"
PRIOR_MONEY_CITY = "340100"
REVIEWING_CITY = "110000"


def play_cities(world: World, show: Transcript) -> None:
    """Every family, one after the other."""
    two_children_and_one_mother(world, show)
    husband_and_wife(world, show)
    what_was_saved_in_earlier_years(world, show)
    first_the_papers_then_a_review(world, show)


def split(paid: Json) -> str:
    family_fen = sum(one["paid_fen"] for one in paid["payers"])
    return f"本人 {yuan(paid['own_fen'])}，家人 {yuan(family_fen)}，现金 {yuan(paid['cash_fen'])}"


def two_children_and_one_mother(world: World, show: Transcript) -> None:
    show.scene("河北：两个孩子都添加了母亲。不用开户，也不签承诺书；谁的余额多用谁的，不够就一分不用，从不凑钱")
    son = arrived(world, employee(world, ITS_CITY, "周望山", balance_fen=6_000))
    daughter = arrived(world, employee(world, ITS_CITY, "周望川", balance_fen=8_000, sex="female"))
    mother = resident(world, ITS_CITY, "白秋水")
    show.expect("两个人都不需要开户", son.flow_reasons("add-member") == daughter.flow_reasons("add-member") == set())
    for child in (son, daughter):
        child.add(mother, "parent")
    hers, hospital = arrived(world, mother), world.institution(PROVINCE, "hospital")
    enough = hers.pay(hospital, 7_000, OUTPATIENT_VISIT).ok()
    show.say(f"看病 70.00 元：{split(enough)}")
    show.expect("由余额多的女儿一人支付", [one["paid_fen"] for one in enough["payers"]] == [7_000])
    show.expect("儿子的账户没有动", son.get("/account").ok()["balance_fen"] == 6_000)
    short = hers.pay(hospital, 6_500, OUTPATIENT_VISIT).ok()
    show.say(f"再看病 65.00 元：{split(short)}")
    show.reasons(short["reasons"])
    show.expect("谁的都不够，就都不用", short["payers"] == [] and short["cash_fen"] == 6_500)


def husband_and_wife(world: World, show: Transcript) -> None:
    show.scene("西安：妻子先用自己的，不够用丈夫的，再不够付现金")
    husband = arrived(world, employee(world, PARTIAL_CITY, "贺长风", balance_fen=5_000))
    wife = employee(world, PARTIAL_CITY, "沈晚晴", balance_fen=3_000, sex="female")
    husband.add(wife, "spouse")
    paid = arrived(world, wife, "alipay").pay(world.institution(PARTIAL_CITY, "pharmacy"), 10_000, PHARMACY_VISIT).ok()
    show.say(f"买药 100.00 元：{split(paid)}")
    told = (paid["own_fen"], [one["paid_fen"] for one in paid["payers"]], paid["cash_fen"])
    show.expect("30 + 50 + 20", told == (3_000, [5_000], 2_000))


def what_was_saved_in_earlier_years(world: World, show: Transcript) -> None:
    show.scene("合肥：只用往年的结余；关系按性别列出，满额的不能选；确认两次")
    payer = arrived(world, employee(world, PRIOR_MONEY_CITY, "唐知远", balance_fen=100_000, prior_year_fen=6_000))
    mother = resident(world, PRIOR_MONEY_CITY, "顾云舒")
    payer.post("/flows/add-member").ok()
    screen = payer.put("/flows/add-member/steps/who", {"name": mother["name"], "id_number": mother["id_number"]}).ok()
    offered = {option["value"] for asked in screen["fields"] for option in asked.get("options", [])}
    show.expect("女性的选项里没有父亲", offered == {"mother", "spouse", "child"})
    payer.delete("/flows/add-member")
    payer.add(mother, "mother")
    account = payer.get("/account").ok()
    show.say(f"余额 {yuan(account['balance_fen'])}，家人能用的是往年的 {yuan(account['shareable_fen'])}")
    paid = arrived(world, mother).pay(world.institution(PRIOR_MONEY_CITY, "hospital"), 10_000, OUTPATIENT_VISIT).ok()
    show.say(f"看病 100.00 元：{split(paid)}")
    show.expect("往年结余付 60，现金 40", [one["paid_fen"] for one in paid["payers"]] == [6_000] and paid["cash_fen"] == 4_000)


def first_the_papers_then_a_review(world: World, show: Transcript) -> None:
    show.scene("北京：先看要备哪些材料，填额度和范围，上传照片和签字的申请表，刷脸；然后等审核、等家人接受")
    payer = arrived(world, employee(world, REVIEWING_CITY, "纪明哲", balance_fen=100_000))
    payer.open_account()
    son = resident(world, REVIEWING_CITY, "纪小满", born="2001-09-01", sex="male")
    screen = payer.post("/flows/add-member").ok()
    show.say(f"第一步〔{screen['title']}〕{' '.join(screen['text'])}")
    show.say(f"还有：{'、'.join(screen['progress']['upcoming'])}")
    photos = [payer.upload(photo()).ok()["id"] for _ in range(2)]
    answers = {
        **{name: son[name] for name in ("name", "id_number", "phone", "card_number")},
        **{"relation": "child", "monthly_cap_fen": 80_000, "passcode": "246801"},
        **{"documents": photos[:1], "signed_form": photos[1:]},
    }
    while not (forms := [asked["form"] for asked in screen["fields"] if "form" in asked]):
        screen = payer.put(f"/flows/add-member/steps/{screen['step']}", payer.fill(screen, answers)).ok()
    show.say(f"〔{screen['title']}〕{forms[0]['title']}已经按填的内容做好，可以下载打印")
    show.expect("下载到一份 PDF", payer.download(forms[0]["href"]).startswith(b"%PDF-"))
    done = payer.walk("add-member", answers)
    show.expect("提交以后在等审核", done["outcome"] == "under_review")
    early = arrived(world, son).pay(
        world.institution(REVIEWING_CITY, "hospital"), 5_000, OUTPATIENT_VISIT, declares_mutual_aid=True
    )
    show.reasons(early.ok()["reasons"])
    show.expect("审核之前不会支付", early.ok()["payers"] == [])


def photo() -> bytes:
    """A picture of nothing, as a camera would save it."""
    kept = io.BytesIO()
    Image.new("RGB", (800, 600), (230, 225, 210)).save(kept, "JPEG")
    return kept.getvalue()
