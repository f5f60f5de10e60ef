"""`make demo`: plays every family in the world that runs, or in one of its own; non-zero where it is not as told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import urllib3

from dev.counter import Counter
from dev.demo.afterwards import play_afterwards
from dev.demo.cities import play_cities
from dev.demo.refusals import play_refusals
from dev.demo.story import play_story
from dev.demo.transcript import NotAsTold, Transcript
from dev.demo.vouchers import play_vouchers
from dev.player import World
from dev.private_world import private_world


def answers(url: str) -> bool:
    """Whether a world's BFF is ready there."""
    try:
        return urllib3.request("GET", f"{url}/readyz", retries=False, timeout=2).status == 200
    except urllib3.exceptions.HTTPError:
        return False


@contextmanager
def some_world(bff_url: str, sandbox_url: str) -> Iterator[tuple[World, Path]]:
    """The world that runs there already, or one of our own for the length of the play; and the folder of its keys."""
    if answers(bff_url):
        print(f"在已经运行的世界里演出：{bff_url}")
        yield World(bff_url, sandbox_url), Path(os.environ.get("DATA_DIR", ".data"))
        return
    print("没有正在运行的世界，先搭一个临时的。")
    with TemporaryDirectory(prefix="demo-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL may have to run as a user who must be able to pass through.
        Path(folder).chmod(0o711)
        with private_world(Path(folder)) as world:
            yield world, Path(folder)


def main() -> int:
    """The exit code: 0 when everything was as told."""
    show = Transcript()
    bff_port, sandbox_port = os.environ.get("BFF_PORT", "8000"), os.environ.get("SANDBOX_PORT", "8002")
    with some_world(f"http://127.0.0.1:{bff_port}", f"http://127.0.0.1:{sandbox_port}") as (world, folder):
        try:
            for play in (play_story, play_cities, play_vouchers, play_refusals):
                play(world, show)
            play_afterwards(world, show, Counter.of(world, folder))
        except (NotAsTold, AssertionError) as fault:
            print(f"\n✗ 与故事不符：{fault}", file=sys.stderr)
            return 1
    print(f"\n故事讲完了：{show.scenes} 幕，{show.checks} 处都与故事一致。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
