"""What goes wrong around an account and one's own data, so that each part of the world writes what it writes then."""

from __future__ import annotations

from dev.player import Phone, World
from tests.journeys.cast import employee, resident


def refusals_and_faults(world: World) -> None:
    """Every part says no, and calls break."""
    phone = Phone(world, employee(world)).sign_in()
    phone.agree()
    mine = {"name": phone.person["name"], "id_number": phone.person["id_number"], "phone": phone.person["phone"]}
    phone.put("/flows/verify-identity/steps/who", {**mine, "id_number": mine["id_number"][:-1] + "Y"})
    for upstream, endpoint in (("wechat", "cityservice/face/identify/getverifyid"), ("core", "/citizen/people")):
        for kind in ("garbage", "drop_reply", "error", "refuse"):
            world.fault(upstream=upstream, endpoint=endpoint, kind=kind, times=1)
            phone.put("/flows/verify-identity/steps/who", mine)
            phone.post("/flows/verify-identity/completion")
    world.no_faults()
    phone.arrive().open_account()
    phone.post("/flows/add-member").ok()
    stranger = resident(world, voucher=False)
    form = {"name": stranger["name"], "id_number": stranger["id_number"], "relation": "mother"}
    phone.put("/flows/add-member/steps/member", form).refused()
    phone.put("/flows/add-member/steps/member", {**form, "name": "李代桃"}).refused()
    for kind in ("garbage", "drop_reply", "error", "refuse"):
        world.fault(upstream="core", endpoint="/citizen/flows", kind=kind, times=2)
        phone.put("/flows/add-member/steps/member", form)
    world.no_faults()
    alipay = Phone(world, stranger, "alipay").arrive()
    alipay.call("POST", "/sessions", {"channel": "alipay", "code": "x" * 40})


def ones_own_affairs(world: World) -> None:
    """Agree, take back and agree again, look afresh, read everything, be thrown out by the platform, leave; calls break."""
    person = employee(world)
    phone, alipay = Phone(world, person).arrive(), Phone(world, person, "alipay").arrive()
    for consent in phone.get("/consents").ok()["items"]:
        phone.delete(f"/consents/{consent['id']}")
    phone.get("/account").problem(403, "consent_required")
    phone.walk("verify-identity", {})
    phone.agree(purpose="show_relative_code")
    for endpoint in ("/citizen/export", "/app/identities/*/export"):
        for kind in ("garbage", "drop_reply", "error", "refuse"):
            world.fault(upstream="core", endpoint=endpoint, kind=kind, times=1)
            phone.walk("export-my-data", {})
    world.no_faults()
    order = {"channel": "wechat", "kind": "authorisation_revoked", "deliveries": 2}
    for kind in ("garbage", "drop_reply", "refuse"):
        world.fault(upstream="core", endpoint="/app/pushes", kind=kind, times=9)
        world.play("POST", f"/phones/{person['id_number']}/channel-events", order).ok()
        world.no_faults()
    world.play("POST", f"/phones/{person['id_number']}/channel-events", order).ok()
    phone.get("/account").problem(401, "not_signed_in")
    forged = f"notify_id=1&sign_type=RSA2&sign=AAAA&biz_content={person['id_number']}".encode()
    for channel in ("wechat", "alipay"):
        url = f"{world.bff_url}/api/v1/callbacks/{channel}"
        world.send("POST", url, forged, {"Content-Type": "application/x-www-form-urlencoded"}).problem(403, "callback_refused")
    for endpoint in ("/citizen/deletion", "/app/identities/*/deletion"):
        world.fault(upstream="core", endpoint=endpoint, kind="drop_reply", times=1)
    alipay.walk("delete-my-data", {})
    world.no_faults()
    phone.arrive()
