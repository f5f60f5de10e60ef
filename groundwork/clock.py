"""The one clock of a process, in China time; a developer's world may shift it through a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time. `offset_file` holds `{"offset_s": number}` and is never given in production."""

    offset_file: Path | None = None

    def now(self) -> datetime:
        """The present instant in China time, shifted by the offset file where there is one."""
        return datetime.now(CHINA) + self.offset()

    def offset(self) -> timedelta:
        """How far this world's clock runs ahead of the real one."""
        if self.offset_file is None:
            return timedelta(0)
        try:
            written = json.loads(self.offset_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return timedelta(0)
        return timedelta(seconds=float(written["offset_s"]))


def write_offset(offset_file: Path, offset: timedelta | None) -> None:
    """Shift every clock that reads `offset_file`; `None` brings real time back."""
    if offset is None:
        offset_file.unlink(missing_ok=True)
        return
    fresh = offset_file.with_suffix(".new")
    fresh.write_text(json.dumps({"offset_s": offset.total_seconds()}), encoding="utf-8")
    # A rename is atomic, so no reader sees half a file.
    fresh.replace(offset_file)


def china(moment: datetime) -> datetime:
    """The same instant written with +08:00, as every answer of ours shows it."""
    return moment.astimezone(CHINA)
