"""Alipay's 医保 methods: everybody has authorised the app and whoever is insured has a card; the rest is played as a fault.

A fault with code `NOT_AUTHORISED` or `NO_CARD` makes the platform answer so; the fields are those of the published models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundwork.chance import new_secret
from sandbox.alipay.errors import error_of
from sandbox.store import Store
from sandbox.subjects import Subjects

_SUCCESS = {"code": "10000", "msg": "Success"}
_PAGE = "alipays://platformapi/startapp?appId=77700284&page=pages/auth/index"
_RELATIONS = {"other": "03", "parent": "06", "child": "07", "spouse": "08"}
_NEEDED = ("req_biz_no", "call_url", "ol_biz_type_code", "org_code", "org_app_id", "org_chnl_crtf_code", "ins_code")
# What a fault of this code is answered with: no errors, but a "no" in good order.
ANSWERS: Mapping[str, dict[str, Any]] = {
    "NOT_AUTHORISED": {**_SUCCESS, "data": {"auth_stas": "0", "auth_url": _PAGE}},
    "NO_CARD": {**_SUCCESS, "medical_card_id": ""},
}


class Medical:
    """The 医保 platform behind Alipay, for one app."""

    def __init__(self, store: Store, subjects: Subjects) -> None:
        self._store = store
        self._subjects = subjects

    def authorisation(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """`authinfo.auth.query`: the account's owner lets the 医保 platform vouch for them, or for the patient named."""
        owner = self._owner(content, "alipay_user_id")
        if not all(isinstance(content.get(name), str) and content[name] for name in _NEEDED):
            raise error_of("isv.invalid-parameter")
        patient = content.get("extend_params")
        is_relative = isinstance(patient, Mapping) and patient.get("patient_cert_no") not in (None, owner)
        card = {"medical_card_id": _card(owner), "rels_pay_flag": "1" if is_relative else "0"}
        return {**_SUCCESS, "data": {"auth_no": new_secret(96), "auth_stas": "1", **card}}

    def card(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """`card.auth.query`: the card of whoever is insured."""
        owner = self._owner(content, "user_id")
        person = self._store.person(owner) or {}
        return {**_SUCCESS, "medical_card_id": _card(owner) if person.get("insurances") else ""}

    def relatives(self, _parameters: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """`fm.bindlist.query`: whose vouchers this phone shows, unmasked."""
        listed = self._store.kinships("alipay", self._owner(content, "user_id"))
        return {**_SUCCESS, "bind_list": [_entry(relative) for relative in listed]}

    def _owner(self, content: Mapping[str, Any], older: str) -> str:
        owner = self._subjects.owner("open_id", content.get("open_id")) or self._subjects.owner("user_id", content.get(older))
        if owner is None:
            raise error_of("USER_ID_INVALID")
        return owner


def _card(id_number: str) -> str:
    return f"card-{id_number[-4:]}"


def _entry(relative: Mapping[str, Any]) -> dict[str, str]:
    return {
        "user_real_name": relative["name"],
        "cert_type": "01",
        "cert_no": relative["id_number"],
        "relation_type": _RELATIONS[relative["relation"]],
    }
