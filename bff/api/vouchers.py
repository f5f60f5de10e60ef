"""Medical-insurance codes: whose I may show, a fresh one-time code to show at a till, and taking a relative off the list."""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO
from typing import Any

import segno
from flask.views import MethodView

from bff.api.asked import PageQuery, ShowCode
from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.idempotency import once_only, required_key
from bff.api.paging import page
from bff.api.shapes.vouchers import VoucherCodeShape, VoucherListShape
from bff.api.showing import fresh_code
from groundwork.chance import new_id

blueprint = Resource("vouchers", __name__, description="医保码：我的和我代为出示的")


@blueprint.route("/vouchers")
class Vouchers(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, VoucherListShape)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The codes that I may show, my own first; what is amiss between them and those who share my money; who shows mine."""
        listed = parts().core.vouchers(person())
        return {**page(listed.items, **query), "advice": listed.advice, "helpers": listed.helpers}


@blueprint.route("/vouchers/<voucher_id>")
class OneVoucher(MethodView):
    @blueprint.response(204)
    def delete(self, voucher_id: str) -> None:
        """Take a relative off my list: I show their code no more. My own stays."""
        parts().core.end_kinship(person(), voucher_id, new_id())


@blueprint.route("/vouchers/helpers/<helper_id>")
class OneHelper(MethodView):
    @blueprint.response(204)
    def delete(self, helper_id: str) -> None:
        """Let this relative show my code no more, or tell them no."""
        parts().core.end_helper(person(), helper_id, new_id())


@blueprint.route("/vouchers/<voucher_id>/codes")
class VoucherCodes(MethodView):
    @once_only
    @blueprint.arguments(ShowCode, required=False)
    @blueprint.response(201, VoucherCodeShape)
    def post(self, asked: dict[str, str], voucher_id: str) -> dict[str, Any]:
        """A code for one payment within a minute, and whose it is."""
        code = fresh_code(voucher_id, asked.get("region"), required_key())
        return {**asdict(code), "qr_svg": _drawn(code.code)}


def _drawn(code: str) -> str:
    """A QR code that stands alone, on white: a phone in dark mode must not swallow it."""
    picture = BytesIO()
    segno.make_qr(code, error="m").save(picture, kind="svg", scale=8, border=4, light="#fff", xmldecl=False)
    return picture.getvalue().decode()
