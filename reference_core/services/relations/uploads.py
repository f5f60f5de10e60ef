"""Photos that people hand in as proof: sealed as they come, claimed once by the tie they prove, forgotten if nobody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groundwork.chance import new_id
from reference_core.db import Row, Tx
from reference_core.decisions.flow_plans.context import fault_in_words
from reference_core.idempotency import Answer, Scope, once
from reference_core.parts import Core
from reference_core.problems import InvalidAnswers, NotAnImage, NotFound, TooLargeAnImage
from reference_core.reading import moment_json
from reference_core.services.people.people import lock_people

IMAGE_MAX_BYTES = 5 * 1024 * 1024
PURPOSES = ("documents", "signed_form")
_KEPT_UNCLAIMED = timedelta(hours=24)
_BEGINS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class Image:
    """A photo in clear."""

    media_type: str
    content: bytes


def check_image(image: Image) -> None:
    """Raises `NotAnImage` for anything that does not begin as what it says it is, `TooLargeAnImage` above 5 MB."""
    begins = _BEGINS.get(image.media_type)
    if begins is None or not image.content.startswith(begins):
        raise NotAnImage
    if len(image.content) > IMAGE_MAX_BYTES:
        raise TooLargeAnImage


def keep(core: Core, person_id: str, image: Image, scope: Scope) -> Answer:
    """Keep a photo of this person, sealed; what others never claimed goes at the same time."""
    now = core.now()

    def work(tx: Tx) -> Answer:
        lock_people(tx, [person_id])
        if tx.execute("SELECT FROM core.people WHERE id = %s", [person_id]).fetchone() is None:
            raise NotFound
        tx.execute("DELETE FROM core.uploads WHERE relation_id IS NULL AND expires_at <= %s", [now])
        upload_id, expires_at = new_id(), now + _KEPT_UNCLAIMED
        sealed = core.keys.seal(image.content, _place(upload_id))
        tx.execute(
            "INSERT INTO core.uploads (id, person_id, media_type, sealed, created_at, expires_at) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [upload_id, person_id, image.media_type, sealed, now, expires_at],
        )
        return Answer(201, {"id": upload_id, "expires_at": moment_json(expires_at)})

    return once(core.db, scope, now, work)


def claim(tx: Tx, person_id: str, relation_id: str, asked: Mapping[str, Any], now: datetime) -> None:
    """Make the photos that the answers name part of a tie; raises `InvalidAnswers` unless all are this person's and free."""
    faults = {}
    for purpose in PURPOSES:
        wanted = asked.get(purpose) or []
        if _claim(tx, wanted, {"person": person_id, "relation": relation_id, "purpose": purpose, "now": now}) < len(wanted):
            faults[purpose] = fault_in_words("upload_unknown", "照片已经过期，或者已经用过。", "请重新上传照片。")
    if faults:
        raise InvalidAnswers(fields=faults)


def _claim(tx: Tx, wanted: Sequence[str], claimed_by: Row) -> int:
    if not wanted:
        return 0
    return tx.execute(
        "UPDATE core.uploads SET relation_id = %(relation)s, purpose = %(purpose)s WHERE id = ANY (%(wanted)s::uuid[]) "
        "AND person_id = %(person)s AND relation_id IS NULL AND expires_at > %(now)s",
        {**claimed_by, "wanted": list(wanted)},
    ).rowcount


def read_claimed(core: Core, upload_id: str) -> Image:
    """A photo that belongs to a tie, in clear, for whoever reviews it; raises `NotFound`."""
    row = core.db.one("SELECT media_type, sealed FROM core.uploads WHERE id = %s AND relation_id IS NOT NULL", [upload_id])
    if row is None:
        raise NotFound
    return Image(row["media_type"], core.keys.open(row["sealed"], _place(upload_id)))


def _place(upload_id: str) -> str:
    return f"core.uploads/{upload_id}"
