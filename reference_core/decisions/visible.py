"""What of a payment may be seen by whom: its member sees the visit, a payer when and where the own account paid how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference_core.packs.shelf import Pack

Seen = dict[str, Any]

# What a city may keep from a payer, by the words of its pack.
HIDEABLE = ("bill_fen", "fund_fen", "own_fen", "cash_fen")
_ALWAYS = frozenset({"id", "at", "member", "institution", "med_type", "purpose", "status"})
_PAYER = "payer"
_IN_WORDS = {"bill_fen": "费用总额", "fund_fen": "统筹支付", "own_fen": "家人自己账户支付", "cash_fen": "其他方式支付"}


def told_beforehand(pack: Pack, reader: str) -> str:
    """What a payer will see of a member's payments, said to either of them before the tie is made."""
    figures = "、".join(_IN_WORDS[name] for name in HIDEABLE if name in pack.payer_sees)
    more = f"，以及这次的{figures}" if figures else ""
    seen = f"付费的时间、机构、用途和账户付了多少{more}"
    if reader == _PAYER:
        return f"这位家人用您的账户付费以后，您能看到{seen}；看不到买了什么药、得了什么病。"
    return f"您用对方的账户付费以后，对方能看到{seen}；看不到您买了什么药、得了什么病。没有用对方账户的，对方什么也看不到。"


def role_of(record: Mapping[str, Any], viewer: str) -> str:
    """`member` of the record, one of its `payer`s, or `nobody`: who paid no part of it has nothing to do with it (Y-14)."""
    if record["member_id"] == viewer:
        return "member"
    return _PAYER if any(_gave(part, viewer) for part in record["parts"]) else "nobody"


def visible(record: Mapping[str, Any], viewer: str, role: str, pack: Pack | None) -> Seen | None:
    """The fields of a record that this viewer may see; a figure that is kept from them is `None`, nobody sees nothing.

    `pack` is that of the city where the payer's tie was made: it says which figures of the bill a payer may see.
    """
    if role == "member":
        return _as_member(record, viewer)
    return _as_payer(record, viewer, pack) if role == _PAYER else None


def _as_member(record: Mapping[str, Any], viewer: str) -> Seen:
    figures = {name: record[name] for name in (*HIDEABLE, "payer_fen")}
    mine = any(part["person_id"] == viewer for part in record["parts"])
    after_fen = record["balance_after_fen"] if mine else None
    return {**_place(record), **figures, "payers": _payers(record, None), "balance_after_fen": after_fen}


def _as_payer(record: Mapping[str, Any], viewer: str, pack: Pack | None) -> Seen:
    """Time, place and purpose, and one's own part; with somebody else's part beside it the whole would tell that one too."""
    allowed = set(HIDEABLE if pack is None else pack.payer_sees)
    mine_fen = sum(part["amount_fen"] for part in record["parts"] if _gave(part, viewer))
    if mine_fen != record["payer_fen"]:
        allowed -= {"bill_fen"}
    figures = {name: record[name] if name in allowed else None for name in HIDEABLE}
    mine = {"payer_fen": mine_fen, "payers": _payers(record, viewer), "balance_after_fen": record["balance_after_fen"]}
    return {**_place(record), **figures, **mine}


def _place(record: Mapping[str, Any]) -> Seen:
    return {name: record[name] for name in _ALWAYS}


def _payers(record: Mapping[str, Any], only: str | None) -> list[Seen]:
    paid: dict[str, int] = {}
    for part in record["parts"]:
        if part["source"] == _PAYER and only in (None, part["person_id"]):
            paid[part["person_id"]] = paid.get(part["person_id"], 0) + part["amount_fen"]
    return [{"person_id": one, "paid_fen": fen} for one, fen in paid.items()]


def _gave(part: Mapping[str, Any], viewer: str) -> bool:
    return bool(part["source"] == _PAYER and part["person_id"] == viewer)
