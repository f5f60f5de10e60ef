"""Prints the scenes of a play and checks what it promises."""

from __future__ import annotations

from dev.player import Json


class NotAsTold(Exception):
    """The world did something else than the story says."""


class Transcript:
    """Prints scenes and lines, and checks what the story promises."""

    def __init__(self) -> None:
        self.scenes = 0
        self.checks = 0

    def scene(self, title: str) -> None:
        self.scenes += 1
        print(f"\n【{self.scenes}】{title}")

    def say(self, line: str) -> None:
        print(f"    {line}")

    def expect(self, promise: str, kept: bool) -> None:
        """One promise of the story; printed with a tick, or the end of the story."""
        if not kept:
            raise NotAsTold(promise)
        self.checks += 1
        print(f"    ✓ {promise}")

    def reasons(self, reasons: list[Json]) -> None:
        for reason in reasons:
            print(f"      · {reason['text']}（{reason['source']}；{reason['next_step']}；代码 {reason['cashier_code']}）")


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d} 元"
