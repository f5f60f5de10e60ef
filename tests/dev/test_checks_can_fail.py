"""Each import contract fails when it is broken: a contract that cannot fail protects nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("groundwork", "bff", "reference_core", "sandbox", "dev")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
]
LAYERS = "Inside the BFF, imports run downwards"
CORE_LAYERS = "Inside the core, imports run downwards"
# Which contract breaks when this file says this.
BREACHES = [
    (LAYERS, "bff/errors.py", "import bff.app"),
    (LAYERS, "bff/flows/engine.py", "import bff.core_client"),
    (LAYERS, "bff/flows/engine.py", "import bff.channels.base"),
    (LAYERS, "bff/store/answers.py", "import bff.flows.engine"),
    (LAYERS, "bff/channels/base.py", "import bff.store"),
    (LAYERS, "bff/money.py", "import bff.errors"),
    (LAYERS, "bff/unplaced.py", "import bff.errors"),
    (
        "The BFF knows the core and the channels by their protocols only",
        "bff/core_client/client.py",
        "import reference_core.vocabulary.facts",
    ),
    ("The core could be lifted out", "reference_core/vocabulary/facts.py", "import bff.errors"),
    ("The sandbox speaks protocols and borrows no code of those it plays with", "sandbox/store.py", "import bff.channels.base"),
    ("The groundwork carries everyone and knows no one", "groundwork/clock.py", "import reference_core.vocabulary.facts"),
    ("Flows are pure: no web, no store, no network", "bff/flows/engine.py", "import flask"),
    (CORE_LAYERS, "reference_core/vocabulary/facts.py", "import reference_core.packs.shelf"),
    (CORE_LAYERS, "reference_core/decisions/rules/verdicts.py", "import reference_core.services.people"),
    (
        "The core's decisions are pure: no web, no database",
        "reference_core/decisions/rules/verdicts.py",
        "import reference_core.db",
    ),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_code_as_it_is_keeps_every_contract(copy: Path) -> None:
    told = lint(copy)

    assert told.returncode == 0, told.stdout[-3000:]
    assert f"{len(CONTRACTS)} kept, 0 broken" in told.stdout


@pytest.mark.parametrize(("contract", "file", "breach"), BREACHES)
def test_a_broken_contract_is_named(copy: Path, contract: str, file: str, breach: str) -> None:
    with (copy / file).open("a", encoding="utf-8") as code:
        code.write(f"\n{breach}\n")

    told = lint(copy)

    assert told.returncode != 0
    assert f"{contract} BROKEN" in " ".join(told.stdout.split())


def test_every_contract_is_broken_once_here() -> None:
    assert {contract for contract, _file, _breach in BREACHES} == set(CONTRACTS)
