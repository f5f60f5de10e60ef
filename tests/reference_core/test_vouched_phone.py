"""Where a city wants the payer's number vouched for, the core asks again: what the screens let through decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from reference_core.app import build_app
from reference_core.parts import OWN_PACKS
from reference_core.settings import Settings
from reference_core.web import PARTS
from tests.reference_core.callers import CITY, Callers, Told, World

REGION = "980200"


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A core with one more city, which takes over another's rules and trusts no typed number."""
    folder = tmp_path_factory.mktemp("packs")
    words = (OWN_PACKS / f"{CITY}.yaml").read_text(encoding="utf-8").replace(f'code: "{CITY}"', f'code: "{REGION}"')
    vouched = words.replace("    parameters:\n", "    parameters:\n      verified_phone_required: {value: true, assumed: 试}\n")
    Path(folder / f"{REGION}.yaml").write_text(vouched, encoding="utf-8")
    built = build_app(replace(settings, packs_path=(folder,)))
    yield built
    built.extensions[PARTS].close()


def test_only_a_number_that_a_channel_vouches_for_opens_an_account(world: World, callers: Callers) -> None:
    son = world.employee(500, region=REGION)
    pledge = callers.citizen("GET", f"/regions/{REGION}").ok()["pledges"]["open-account"]

    def opens(**phone: str) -> Told:
        body = {**phone, "agree": pledge["text_hash"], "verified_by": world.proof()}
        return callers.citizen("POST", "/account", body, person=son["person_id"])

    for unvouched in ({}, {"phone": "13900001234"}, {"phone": "13900001234", "phone_assurance": "unverified"}):
        assert set(opens(**unvouched).problem(422, "invalid_answers")["fields"]) == {"phone"}
    opens(phone="13900001234", phone_assurance="verified").ok()
