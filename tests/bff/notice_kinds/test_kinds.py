"""The texts of notices: each fills, each fits its channel, and every event of the core is told or left out on purpose."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bff.channel_settings import MessageTemplate
from bff.channels.base import Message
from bff.channels.wechat_messages import filled
from bff.notice_kinds.catalogue import EVENT, Kind, Text, all_kinds, kind_of
from bff.notice_kinds.filling import Words, channel_fields, lines_of
from groundwork.clock import CHINA

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 12, 31, 23, 59, tzinfo=CHINA)
EVERY_TEXT = [(kind, text) for kind in all_kinds() for text in kind.texts]
IDS = [f"{kind.name}:{text.event}:{position}" for kind in all_kinds() for position, text in enumerate(kind.texts)]
FIGURES = ("paid_fen", "own_fen", "payer_fen", "cash_fen", "returned_fen", "balance_fen", "reserve_fen", "spent_fen", "cap_fen")
# These tell people nothing that they did not just do themselves, or are no matter for an inbox.
UNTOLD = {
    *("voucher_activated", "voucher_code_shown", "far_read_cleared", "activations_flagged"),
    *("person_changed", "my_data_deleted"),
}


def data_of(text: Text, **more: Any) -> dict[str, Any]:
    told = {**dict.fromkeys(FIGURES, 12_850), "day": "2026-12-31", "place_kind": "pharmacy", "channel": "alipay"}
    return {**told, **text.when, EVENT: text.event, **more}


@pytest.mark.parametrize(("kind", "text"), EVERY_TEXT, ids=IDS)
def test_every_text_is_chosen_and_filled(kind: Kind, text: Text) -> None:
    """A text that an earlier one hides would never be read."""
    data = data_of(text)
    words = Words("**华", "母亲", "百姓药店", 100, ("原因。", "办法。"))

    assert kind_of(text.event, data) is kind
    lines = lines_of(kind, data, words)

    assert lines
    assert not any(re.search(r"[{}]|—|None", line) for line in lines)


@pytest.mark.parametrize(("kind", "text"), EVERY_TEXT, ids=IDS)
def test_every_push_fits_the_template_that_it_uses(kind: Kind, text: Text) -> None:
    written = json.loads((ROOT / "dev" / "wechat_templates.json").read_text(encoding="utf-8"))[kind.template]
    template = MessageTemplate(written["id"], written["fields"])
    given = channel_fields(kind, data_of(text), AT)

    values = filled(template, Message(kind.template, given, "pages/notices/index"))

    assert values is not None
    assert not any("…" in value["value"] for value in values.values()), "cut, so that its end is lost"


def test_a_notice_without_words_from_the_core_still_reads_well() -> None:
    kind, text = next((kind, text) for kind, text in EVERY_TEXT if kind.name == "payment")

    assert lines_of(kind, data_of(text), Words()) == ["家人（家人）在药店用了您的账户128.50元。"]


def test_what_another_edition_entered_has_no_words_rather_than_wrong_ones() -> None:
    kind, text = next((kind, text) for kind, text in EVERY_TEXT if kind.name == "payment")

    assert lines_of(kind, data_of(text, **{EVENT: "payment_foreseen"}), Words("**华", "母亲", "百姓药店")) == []


def test_every_event_of_the_core_is_told_or_left_out_on_purpose() -> None:
    """Events are named where they are made, so that a new one cannot be forgotten here."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "reference_core" / "services").rglob("*.py")]
    made = {name for source in sources for name in re.findall(r'Event\(\s*"([a-z_]+)"', source)}
    made |= {name for source in sources for name in re.findall(r'tell(?:_both)?\([^")\[]*"([a-z_]+)"', source)}
    told = {text.event for _kind, text in EVERY_TEXT}

    assert {"relation_bound", "payment_settled", "dispute_opened"} <= made
    assert made - told == UNTOLD
