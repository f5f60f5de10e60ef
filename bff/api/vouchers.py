"""Medical-insurance codes: which I may show, and a fresh one-time code to show at a till."""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO
from typing import Any

import segno
from flask.views import MethodView

from bff.api.asked import PageQuery, ShowCode
from bff.api.bodies import Resource
from bff.api.context import caller, parts, person
from bff.api.effects import core_keys
from bff.api.idempotency import once_only, required_key
from bff.api.paging import page
from bff.api.shapes import VoucherCodeShape, VoucherShape, page_of

blueprint = Resource("vouchers", __name__, description="医保码")


@blueprint.route("/vouchers")
class Vouchers(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(VoucherShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The codes that I may show, my own first."""
        return page(parts().core.vouchers(person()), **query)


@blueprint.route("/vouchers/<voucher_id>/codes")
class VoucherCodes(MethodView):
    @once_only
    @blueprint.arguments(ShowCode, required=False)
    @blueprint.response(201, VoucherCodeShape)
    def post(self, asked: dict[str, str], voucher_id: str) -> dict[str, Any]:
        """A code for one payment within a minute."""
        key = core_keys(parts(), caller(), f"voucher-code:{voucher_id}", required_key())[0]
        code = parts().core.voucher_code(person(), voucher_id, asked.get("region"), key)
        return {**asdict(code), "qr_svg": _drawn(code.code)}


def _drawn(code: str) -> str:
    """A QR code that stands alone, on white: a phone in dark mode must not swallow it."""
    picture = BytesIO()
    segno.make_qr(code, error="m").save(picture, kind="svg", scale=8, border=4, light="#fff", xmldecl=False)
    return picture.getvalue().decode()
