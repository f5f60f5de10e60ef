"""My inbox, and what of it may come to my phone by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask.views import MethodView

from bff.api.asked import PageQuery
from bff.api.bodies import Resource
from bff.api.context import caller, parts, person
from bff.api.idempotency import once
from bff.api.shapes.building import page_of
from bff.api.shapes.notices import ChoicesAsked, ChoicesShape, NoticeShape
from bff.core_client.notices import Chosen, KeptNotice, NoticeWords
from bff.errors import MalformedBody
from bff.flows.faults import FAULTS
from bff.notice_kinds.catalogue import ASKED_FIRST, PUSH_CHANNELS, all_kinds, kind_named
from bff.notice_kinds.filling import Words, lines_of

blueprint = Resource("notices", __name__, description="消息：发生过什么，哪些要推送到手机")
_NOTHING_KNOWN = NoticeWords({}, {}, {})
# Which member of an event's data names what.
_NAMED_BY = {"relations": "relation_id", "kinships": "kinship_id", "settlements": "settlement_id"}


@blueprint.route("/notices")
class Notices(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_of(NoticeShape))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """What happened, newest first, and whether it came to my phone."""
        found = parts().notices.inbox(caller().identity_id, **query)
        words = _look_up(found.items)
        return {"items": [_shown(notice, words) for notice in found.items], "next_cursor": found.next_cursor}


@blueprint.route("/notices/<notice_id>/read")
class ReadNotice(MethodView):
    @blueprint.response(200, NoticeShape)
    def post(self, notice_id: str) -> Any:
        """Say that I read it; twice changes nothing."""
        return _mark_read(notice_id=notice_id)


@blueprint.route("/notices/preferences")
class Preferences(MethodView):
    @blueprint.response(200, ChoicesShape)
    def get(self) -> dict[str, Any]:
        """What comes to my phone, on which channel, and at which hours not."""
        return _choices(parts().notices.chosen(caller().identity_id))

    @blueprint.arguments(ChoicesAsked)
    @blueprint.response(200, ChoicesShape)
    def put(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Change what is named and leave the rest; answers the whole."""
        if any(kind_named(name) is None for name in changes.get("kinds", {})):
            raise MalformedBody(fields={"kinds": FAULTS["wrong_kind"]})
        if not set(changes.get("channels", {})) <= set(parts().senders):
            raise MalformedBody(fields={"channels": FAULTS["wrong_kind"]})
        return _choices(parts().notices.choose(caller().identity_id, changes))


@once
def _mark_read(notice_id: str) -> dict[str, Any]:
    notice = parts().notices.mark_read(caller().identity_id, notice_id)
    return _shown(notice, _look_up([notice]))


def _look_up(notices: Iterable[KeptNotice]) -> NoticeWords:
    """One question to the core for a whole page; none where no notice names anything."""
    asked = {what: _ids(notices, name) for what, name in _NAMED_BY.items()}
    asked["rules"] = list(dict.fromkeys(rule for notice in notices for rule in notice.data.get("rules", ())))[:100]
    return parts().notices.words(person(), asked) if any(asked.values()) else _NOTHING_KNOWN


def _ids(notices: Iterable[KeptNotice], name: str) -> list[str]:
    return list(dict.fromkeys(str(notice.data[name]) for notice in notices if notice.data.get(name)))


def _shown(notice: KeptNotice, words: NoticeWords) -> dict[str, Any]:
    kind = kind_named(notice.kind)
    return {
        "id": notice.id,
        "at": notice.at.isoformat(),
        "kind": notice.kind,
        "title": kind.title if kind else "消息",
        "text": lines_of(kind, notice.data, _words_of(notice, words)) if kind else [],
        "read": notice.read,
        "delivery": {"channel": notice.channel, "status": notice.status},
    }


def _words_of(notice: KeptNotice, words: NoticeWords) -> Words:
    data = notice.data
    name, relation = words.ties.get(str(data.get("relation_id") or data.get("kinship_id")), (None, None))
    settlement = str(data.get("settlement_id"))
    reasons = words.reasons.get(settlement) or sum((words.reasons.get(rule, ()) for rule in data.get("rules", ())), ())
    place, balance_after_fen = words.places.get(settlement, (None, None))
    return Words(name, relation, place, balance_after_fen, reasons)


def _choices(chosen: Chosen) -> dict[str, Any]:
    kinds = [{"kind": kind.name, "title": kind.title, "push": chosen.kinds.get(kind.name, True)} for kind in all_kinds()]
    offered = (name for name in PUSH_CHANNELS if name in parts().senders)
    channels = [{"channel": name, "push": chosen.channels.get(name, name not in ASKED_FIRST)} for name in offered]
    return {"kinds": kinds, "quiet_hours": chosen.quiet_hours, "channels": channels}
