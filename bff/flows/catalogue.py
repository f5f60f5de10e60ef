"""All flows by name, and the reasons of our own why one cannot start."""

from __future__ import annotations

from bff.errors import NotFound, Reason
from bff.flows.accept_relation import ACCEPT_RELATION
from bff.flows.activate_relative import ACTIVATE_RELATIVE
from bff.flows.activate_voucher import ACTIVATE_VOUCHER
from bff.flows.add_member import ADD_MEMBER
from bff.flows.change_limit import CHANGE_LIMIT
from bff.flows.close_account import CLOSE_ACCOUNT
from bff.flows.delete_my_data import DELETE_MY_DATA
from bff.flows.export_my_data import EXPORT_MY_DATA
from bff.flows.flow import Flow
from bff.flows.leave_relation import LEAVE_RELATION
from bff.flows.open_account import OPEN_ACCOUNT
from bff.flows.reactivate_relation import REACTIVATE_RELATION
from bff.flows.remove_member import REMOVE_MEMBER
from bff.flows.verify_identity import VERIFY_IDENTITY

_IN_ORDER = (
    VERIFY_IDENTITY,
    ACTIVATE_VOUCHER,
    ACTIVATE_RELATIVE,
    OPEN_ACCOUNT,
    ADD_MEMBER,
    ACCEPT_RELATION,
    CHANGE_LIMIT,
    REACTIVATE_RELATION,
    REMOVE_MEMBER,
    LEAVE_RELATION,
    CLOSE_ACCOUNT,
    EXPORT_MY_DATA,
    DELETE_MY_DATA,
)
FLOWS = {flow.name: flow for flow in _IN_ORDER}

IDENTITY_REQUIRED = Reason(
    rule="identity_required",
    text="还没有确认是您本人，暂时不能办理。",
    facts={},
    source="本小程序的使用规则",
    effective_from=None,
    owner="me",
    next_step="请先完成“核验身份”，再回到这里。",
    cashier_code="APP001",
)
IDENTITY_KNOWN = Reason(
    rule="identity_already_verified",
    text="您的身份已经核验过，不用再办。",
    facts={},
    source="本小程序的使用规则",
    effective_from=None,
    owner="me",
    next_step="可以直接办理其他业务。",
    cashier_code="APP002",
)
CONSENT_REQUIRED = Reason(
    rule="consent_required",
    text="您还没有同意个人信息使用说明，或已经撤回同意，暂时不能办理。",
    facts={},
    source="个人信息保护法第十三条、第十五条",
    effective_from=None,
    owner="me",
    next_step="请在“核验身份”里阅读并同意，再回到这里。",
    cashier_code="APP003",
)
CAMERA_ELSEWHERE = Reason(
    rule="camera_elsewhere",
    text="这件事要本人刷脸，这个网页不能刷脸。",
    facts={},
    source="本小程序的使用规则",
    effective_from=None,
    owner="me",
    next_step="请在微信里打开小程序办理，或本人带证件到医保窗口办理。",
    cashier_code="APP004",
)
# The same for whoever reads the code to a clerk.
OWN_REASONS = (
    (IDENTITY_REQUIRED, "办理人还没有在小程序里核验身份，与医保业务无关。"),
    (IDENTITY_KNOWN, "办理人已经在小程序里核验过身份，与医保业务无关。"),
    (CONSENT_REQUIRED, "办理人还没有在小程序里同意个人信息使用说明，或已撤回，与医保业务无关。"),
    (CAMERA_ELSEWHERE, "办理人打开的网页不能刷脸，要在小程序里办理，与医保业务无关。"),
)
# A clerk may read a letter for a digit, as with the core's codes.
_MISREAD = str.maketrans("OIL", "011")


def own_reason(code: str) -> tuple[Reason, str] | None:
    """The reason of our own behind a code as a clerk typed it, and what the clerk is told."""
    typed = code.strip().upper().translate(_MISREAD)
    return next(((one, clerk) for one, clerk in OWN_REASONS if one.cashier_code == typed), None)


def find_flow(name: str) -> Flow:
    """The flow of this name. Raises `NotFound`."""
    flow = FLOWS.get(name)
    if flow is None:
        raise NotFound
    return flow
