"""What the caller may see of themselves, and of the account that they share."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask.views import MethodView

from bff.api.bodies import Resource
from bff.api.context import caller, parts, person
from bff.api.flows.agreeing import refuse_without_consent
from bff.api.shapes.citizens import AccountShape, MeShape
from bff.core_client.facts import Account

blueprint = Resource("me", __name__, description="本人和共济账户")

_UNKNOWN: dict[str, Any] = {
    "assurance": "signed_in",
    "name_masked": None,
    "id_number_masked": None,
    "phone_masked": None,
    "region": None,
    "region_name": None,
    "insurances": [],
    "voucher": None,
    "account": None,
    "transfer_out": None,
}


@blueprint.route("/me")
class Me(MethodView):
    @blueprint.response(200, MeShape)
    def get(self) -> dict[str, Any]:
        """Who I am here, what I am insured by, and whether I could move my insurance away."""
        if caller().person_id is None:
            return _UNKNOWN
        refuse_without_consent(caller(), parts().clock.now().date())
        return {"assurance": "real_person", **asdict(parts().core.citizen(person()))}


@blueprint.route("/account")
class SharedAccount(MethodView):
    @blueprint.response(200, AccountShape)
    def get(self) -> Account:
        """My personal account: 200 even where there is none."""
        return parts().core.account(person())
