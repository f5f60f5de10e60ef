"""The built code of both mini-programs, run in Node, plays a family against the real BFF."""

from __future__ import annotations

import json
import subprocess

import pytest

from dev.player import Phone, World
from tests.client.conftest import CLIENT
from tests.journeys.cast import employee, resident


@pytest.mark.parametrize(("build", "channel"), [("mp-weixin", "wechat"), ("mp-alipay", "alipay")])
def test_a_son_signs_in_opens_his_account_adds_his_mother_and_keeps_his_year(world: World, build: str, channel: str) -> None:
    payer, mother = employee(world), resident(world)
    people = [json.dumps(person) for person in (payer, mother)]
    command = ["node", "tools/journey.mjs", build, world.bff_url, world.sandbox_url, *people]

    played = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=120, check=False)

    assert played.returncode == 0, played.stderr
    members = Phone(world, payer, channel).sign_in().members()
    assert [(one["relation"], one["status"]) for one in members] == [("mother", "active")]
