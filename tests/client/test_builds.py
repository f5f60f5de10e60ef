"""What is built for whom: the phone's types are those of the face, and nothing of the developer's world is given away."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bff.openapi_document import document
from tests.client.conftest import BUILDS, CLIENT

FACE = CLIENT / "src" / "net" / "face.d.ts"
# Of the persona picker and the camera, which a phone talks to, and of the desk that holds the till.
DEVELOPERS_ONLY = ("/sandbox/", "desk.", "camera-person")
MOST_BYTES = 1.5 * 1024 * 1024


def said_in(build: str) -> str:
    """Every script, page and template of a build."""
    texts = (file for file in (BUILDS / build).rglob("*") if file.suffix in {".js", ".html", ".wxml", ".axml", ".json"})
    return "\n".join(file.read_text(encoding="utf-8") for file in texts)


def test_the_types_of_the_face_are_fresh(tmp_path: Path) -> None:
    described, made = tmp_path / "openapi.json", tmp_path / "face.d.ts"
    described.write_bytes(document())
    command = ["npm", "run", "--silent", "face", "--", str(described), "-o", str(made)]
    subprocess.run(command, cwd=CLIENT, check=True, capture_output=True)

    assert made.read_text(encoding="utf-8") == FACE.read_text(encoding="utf-8"), "the face has changed: say `make face`"


@pytest.mark.parametrize("build", ["h5", "mp-weixin", "mp-alipay"])
def test_what_people_get_knows_no_picker_no_camera_to_set_and_no_till(build: str) -> None:
    said = said_in(build)

    assert len(said) > 50_000
    assert [word for word in DEVELOPERS_ONLY if word in said] == []


def test_the_developers_build_knows_them_all() -> None:
    """Or the test above would look for the wrong words."""
    said = said_in("h5-developer")

    assert [word for word in DEVELOPERS_ONLY if word not in said] == []
    assert (BUILDS / "desk" / "index.html").exists()


@pytest.mark.parametrize("build", ["mp-weixin", "mp-alipay"])
def test_a_mini_program_is_small_enough_for_its_main_package(build: str) -> None:
    assert sum(file.stat().st_size for file in (BUILDS / build).rglob("*") if file.is_file()) < MOST_BYTES
