"""Every question that the BFF asks the core, one method each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bff.core_client import facts
from bff.core_client.citizen_door import CitizenDoor
from bff.core_client.transport import Call, Picture, broken_means
from bff.core_client.vouchers import VoucherCode, VoucherList
from bff.errors import CoreUnavailable, NotFound
from groundwork.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verified:
    """How the core may know that the acting person is the person, or that the one is whom this is `about`."""

    channel: str
    method: str
    at: datetime
    check_id: str | None = None
    about: str | None = None

    def written(self) -> dict[str, str]:
        said = {"channel": self.channel, "method": self.method, "at": self.at.isoformat()}
        more = {"check_id": self.check_id, "about": self.about}
        return {**said, **{name: value for name, value in more.items() if value}}


class CoreClient(CitizenDoor):
    """What people do and see. Reads raise `CoreUnavailable`, `NotFound` and little else; writes may also
    raise `RuleRefusal`, `TextChanged`, `KeyReused`, `IdentityConflict`, and `OutcomeUnknown` when they may have been done."""

    # The citizen door: reads

    def regions(self) -> tuple[facts.Region, ...]:
        return self._ask(None, "/citizen/regions", lambda told: told.each("items", facts.Region.read))

    def region(self, code: str) -> Mapping[str, Any]:
        return self._ask(None, "/citizen/regions/{code}", facts.region_detail, code)

    def citizen(self, person_id: str) -> facts.Citizen:
        return self._ask(person_id, "/citizen/me", facts.Citizen.read)

    def named_citizen(self, person_id: str) -> facts.NamedCitizen:
        """The acting person's own name and number in full: for a look into the camera, and never to be kept."""
        return self._ask(person_id, "/citizen/me/identity", facts.NamedCitizen.read)

    def named_member(self, person_id: str, relation_id: str) -> facts.NamedCitizen:
        """The same of somebody whose costs this person shares, for a look of theirs."""
        return self._ask(person_id, "/citizen/members/{id}/identity", facts.NamedCitizen.read, relation_id)

    def account(self, person_id: str) -> facts.Account:
        return self._ask(person_id, "/citizen/account", facts.Account.read)

    def flows(self, person_id: str) -> tuple[facts.FlowOffer, ...]:
        return self._ask(person_id, "/citizen/flows", lambda told: told.each("items", facts.FlowOffer.read))

    def members(self, person_id: str) -> tuple[facts.Relative, ...]:
        return self._ask(person_id, "/citizen/members", lambda told: told.each("items", facts.Relative.read))

    def payers(self, person_id: str) -> tuple[facts.Relative, ...]:
        return self._ask(person_id, "/citizen/payers", lambda told: told.each("items", facts.Relative.read))

    def vouchers(self, person_id: str) -> VoucherList:
        return self._ask(person_id, "/citizen/vouchers", VoucherList.read)

    def pledges(self, person_id: str) -> tuple[facts.Pledge, ...]:
        """What this person signed, newest first."""
        return self._ask(person_id, "/citizen/pledges", lambda told: told.each("items", facts.Pledge.read))

    def export(self, person_id: str) -> Mapping[str, Any]:
        """All that the core keeps of this person: theirs in clear, of others no more than masked names."""
        return self._ask(person_id, "/citizen/export", lambda told: told.members)

    def may_delete(self, person_id: str) -> facts.Verdict:
        """Whether this person's data could be deleted now, and what stands in the way."""
        return self._ask(person_id, "/citizen/deletion", facts.Verdict.read)

    def slip_code(self, cashier_code: str) -> facts.SlipCode:
        return self._ask(None, "/citizen/help/{code}", facts.SlipCode.read, cashier_code)

    def plan(self, person_id: str, flow: str, answers: Mapping[str, Any], read: Callable[[Reading], T]) -> T:
        """What this flow asks of this person today; `read` is the flows' own way to read it. Changes nothing."""
        route = f"/citizen/flows/{flow}/plan"
        call = Call("POST", route, route, self._settings.citizen_key, person_id=person_id, body={"answers": answers})
        with broken_means(CoreUnavailable):
            return read(self._transport.send(call))

    def form(self, person_id: str, flow: str, answers: Mapping[str, Any]) -> bytes:
        """The paper that this flow wants signed, filled in with these answers: a PDF. Changes nothing."""
        route, path = "/citizen/forms/{flow}", f"/citizen/forms/{quote(flow, safe='')}"
        call = Call("POST", route, path, self._settings.citizen_key, person_id=person_id, body={"answers": answers})
        return self._transport.fetch(call)

    def outcome(self, person_id: str, key: str) -> facts.Remembered | None:
        """How the write under this key ended, if the core ever carried it out."""
        try:
            return self._ask(person_id, "/citizen/outcomes/{key}", facts.Remembered.read, key)
        except NotFound:
            return None

    # The citizen door: writes

    def enter_person(self, person: Mapping[str, Any], key: str) -> str:
        """The citizen with this name and number, as shown by a look into the camera. Returns the person's id."""
        call = Call("POST", "/citizen/people", "/citizen/people", self._settings.citizen_key, key=key, body=person, writes=True)
        return self._write(call, lambda told: told.text("person_id"))

    def open_account(self, person_id: str, said: Mapping[str, Any], by: Verified, key: str) -> facts.Done:
        body = {**said, "verified_by": by.written()}
        return self._effect(person_id, "/citizen/account", "/citizen/account", body, key)

    def bind_member(self, person_id: str, member: Mapping[str, Any], by: Verified, key: str) -> facts.Done:
        body = {**member, "verified_by": by.written()}
        return self._effect(person_id, "/citizen/relations", "/citizen/relations", body, key)

    def answer_offer(self, person_id: str, relation_id: str, accepted: bool, by: Verified, key: str) -> facts.Done:
        body = {"accepted": accepted, "verified_by": by.written()}
        return self._change_relation(person_id, relation_id, "acceptance", body, key)

    def change_limits(self, person_id: str, relation_id: str, limits: Mapping[str, Any], by: Verified, key: str) -> facts.Done:
        """Only the limits that are named change; `None` lifts one."""
        return self._change_relation(person_id, relation_id, "limits", {**limits, "verified_by": by.written()}, key)

    def reactivate_relation(self, person_id: str, relation_id: str, by: Verified, key: str) -> facts.Done:
        """Wake a tie that slept while its payer's account was frozen."""
        return self._change_relation(person_id, relation_id, "reactivation", {"verified_by": by.written()}, key)

    def end_relation(self, person_id: str, relation_id: str, reason: str | None, by: Verified, key: str) -> facts.Done:
        body = {"verified_by": by.written(), **({"reason": reason} if reason else {})}
        return self._change_relation(person_id, relation_id, "end", body, key)

    def close_account(self, person_id: str, by: Verified, key: str) -> facts.Done:
        route = "/citizen/account/closing"
        return self._effect(person_id, route, route, {"verified_by": by.written()}, key)

    def delete_data(self, person_id: str, by: Verified, key: str) -> Mapping[str, Any]:
        """Delete what the law does not keep of this person; what went, and what stays under which law."""
        route = "/citizen/deletion"
        call = self._citizen_write(person_id, route, route, {"verified_by": by.written()}, key)
        return self._write(call, lambda told: {"gone": told.members["gone"], "kept": told.members["kept"]})

    def keep_picture(self, person_id: str, picture: Picture, key: str) -> facts.Upload:
        """Hand in a photo, to be named by an answer later."""
        route, bearer = "/citizen/uploads", self._settings.citizen_key
        call = Call("POST", route, route, bearer, person_id=person_id, key=key, picture=picture, writes=True)
        return self._write(call, facts.Upload.read)

    def activate_voucher(self, person_id: str, said: Mapping[str, Any], by: Verified | None, key: str) -> facts.Done:
        route = "/citizen/vouchers/activation"
        return self._effect(person_id, route, route, {**said, **_proven(by)}, key)

    def activate_relative(self, person_id: str, said: Mapping[str, Any], by: Verified | None, key: str) -> facts.Done:
        """`by` speaks for the relative and not for whoever helps."""
        return self._effect(person_id, "/citizen/kinships", "/citizen/kinships", {**said, **_proven(by)}, key)

    def end_kinship(self, person_id: str, voucher_id: str, key: str) -> None:
        """Show this relative's voucher no more."""
        route, path = "/citizen/kinships/{id}/end", f"/citizen/kinships/{quote(voucher_id, safe='')}/end"
        self._write(self._citizen_write(person_id, route, path, {}, key), lambda _: None)

    def end_ward(self, person_id: str, ward_id: str, key: str) -> None:
        """Show the voucher of this child no more. Raises `NotFound` where it is not shown."""
        route, path = "/citizen/wards/{id}/end", f"/citizen/wards/{quote(ward_id, safe='')}/end"
        self._write(self._citizen_write(person_id, route, path, {}, key), lambda _: None)

    def end_wards_tie(self, person_id: str, ward_id: str, key: str) -> None:
        """Pay for this child no more. Raises `NotFound` where nothing is paid for them."""
        route, path = "/citizen/wards/{id}/relation-end", f"/citizen/wards/{quote(ward_id, safe='')}/relation-end"
        self._write(self._citizen_write(person_id, route, path, {}, key), lambda _: None)

    def end_helper(self, person_id: str, kinship_id: str, key: str) -> None:
        """Let this helper show one's own voucher no more, or tell them no."""
        route, path = "/citizen/voucher-helpers/{id}/end", f"/citizen/voucher-helpers/{quote(kinship_id, safe='')}/end"
        self._write(self._citizen_write(person_id, route, path, {}, key), lambda _: None)

    def voucher_code(self, person_id: str, voucher_id: str, region: str | None, by: Verified | None, key: str) -> VoucherCode:
        """A fresh code. Raises `StepUpRequired` where the city wants the person to be seen first."""
        route, path = "/citizen/vouchers/{id}/codes", f"/citizen/vouchers/{quote(voucher_id, safe='')}/codes"
        body = {**({"region": region} if region else {}), **_proven(by)}
        return self._write(self._citizen_write(person_id, route, path, body, key), VoucherCode.read)

    def let_codes_be_read_far_away(self, person_id: str, by: Verified, key: str) -> None:
        """For some minutes, tills of another city may read this person's codes."""
        route = "/citizen/code-step-ups"
        self._write(self._citizen_write(person_id, route, route, _proven(by), key), lambda _: None)

    def _change_relation(self, person_id: str, relation_id: str, change: str, body: Mapping[str, Any], key: str) -> facts.Done:
        route, path = f"/citizen/relations/{{id}}/{change}", f"/citizen/relations/{quote(relation_id, safe='')}/{change}"
        return self._effect(person_id, route, path, body, key)

    def _effect(self, person_id: str, route: str, path: str, body: Mapping[str, Any], key: str) -> facts.Done:
        return self._write(self._citizen_write(person_id, route, path, body, key), facts.Done.read)


def _proven(by: Verified | None) -> dict[str, Any]:
    return {"verified_by": by.written()} if by else {}
