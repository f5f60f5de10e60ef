"""A fresh code to show: where the city wants to see the person first, with the proof that they have just given."""

from __future__ import annotations

from bff.api.context import caller, parts, person
from bff.api.flows.effects import core_keys
from bff.core_client.client import Verified
from bff.core_client.vouchers import VoucherCode
from bff.errors import StepUpRequired
from bff.flows.verify_identity import SHOW_RELATIVE_CODE, VERIFY_IDENTITY


def fresh_code(voucher_id: str, region: str | None, key: str) -> VoucherCode:
    """A code for one payment. Raises `StepUpRequired` with the way through.

    A proof is good for one act, so it is spent only where the core says that it is needed.
    """
    try:
        return _code(voucher_id, region, None, f"voucher-code:{voucher_id}", key)
    except StepUpRequired:
        proof = parts().sessions.take_step_up(caller(), SHOW_RELATIVE_CODE)
    if proof is None:
        raise StepUpRequired(step_up={"flow": VERIFY_IDENTITY.name, "answers": {"purpose": SHOW_RELATIVE_CODE}})
    by = Verified(caller().channel, proof.method, proof.at, proof.check_id)
    return _code(voucher_id, region, by, f"voucher-code-proven:{voucher_id}", key)


def _code(voucher_id: str, region: str | None, by: Verified | None, purpose: str, key: str) -> VoucherCode:
    core_key = core_keys(parts(), caller(), purpose, key)[0]
    return parts().core.voucher_code(person(), voucher_id, region, by, core_key)
