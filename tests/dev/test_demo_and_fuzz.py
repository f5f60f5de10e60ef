"""`make demo` and the fuzzer against a world that runs: both pass when all is well, and neither does when it is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dev.children import free_port
from dev.counter import Counter
from dev.demo.__main__ import answers, some_world
from dev.demo.afterwards import play_afterwards
from dev.demo.transcript import NotAsTold, Transcript
from dev.player import World
from groundwork.chance import new_secret
from tests.dev.life import ROOT


def command(module: str, world: World, *words: str, data_dir: Path | None = None) -> subprocess.CompletedProcess[str]:
    keys = {"DATA_DIR": str(data_dir)} if data_dir else {}
    ports = {"BFF_PORT": str(urlsplit(world.bff_url).port), "SANDBOX_PORT": str(urlsplit(world.sandbox_url).port)}
    told = [sys.executable, "-m", module, *words]
    return subprocess.run(told, cwd=ROOT, env={**os.environ, **ports, **keys}, capture_output=True, text=True, check=False)


def test_the_demo_plays_every_family_in_the_world_that_runs(world: World, data_dir: Path) -> None:
    played = command("dev.demo", world, data_dir=data_dir)

    assert played.returncode == 0, played.stderr
    assert f"在已经运行的世界里演出：{world.bff_url}" in played.stdout
    assert "60.00 元退回他的账户" in played.stdout
    assert played.stdout.rstrip().endswith("处都与故事一致。")


def test_the_counter_is_spoken_to_only_with_the_keys_of_this_world(world: World, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "keys.json").write_text(json.dumps({"counter_door": new_secret()}), encoding="utf-8")

    assert Counter.of(world, data_dir) is not None
    assert Counter.of(world, tmp_path) is None
    assert Counter.of(world, tmp_path / "nowhere") is None


def test_where_the_counter_cannot_be_spoken_to_the_demo_leaves_the_doubt_open(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    play_afterwards(world, Transcript(), None)

    told = capsys.readouterr().out
    assert "关系已停用" in told
    assert "柜台核实后" not in told


def test_a_demo_that_is_not_as_told_says_where_and_fails(world: World) -> None:
    world.fault(upstream="wechat", endpoint="sns/jscode2session", kind="error", times=1)

    played = command("dev.demo", world)

    assert played.returncode == 1
    assert "✗ 与故事不符" in played.stderr


def test_a_promise_that_is_not_kept_ends_the_story_and_gets_no_tick(capsys: pytest.CaptureFixture[str]) -> None:
    transcript = Transcript()
    transcript.expect("妈妈在名单里", True)

    with pytest.raises(NotAsTold, match="钱够用"):
        transcript.expect("钱够用", False)

    assert transcript.checks == 1
    assert "钱够用" not in capsys.readouterr().out


def test_without_a_running_world_the_demo_builds_one_and_takes_it_down_again() -> None:
    nobody_there = f"http://127.0.0.1:{free_port()}"

    with some_world(nobody_there, "http://127.0.0.1:1") as (made, folder):
        assert (folder / "secrets").is_dir()
        assert made.bff_url != nobody_there
        assert made.people() != []
    assert not answers(made.bff_url)


def test_the_fuzzer_asks_as_a_stranger_and_as_a_citizen(world: World) -> None:
    done = command("dev.fuzz", world, "--include-path=/api/v1/me", "--max-examples=5")

    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Loaded specification") == 2


def test_a_fuzzer_that_cannot_run_does_not_pass(world: World) -> None:
    assert command("dev.fuzz", world, "--no-such-option").returncode != 0
