"""The list of planted faults: each still finds its line, and none is ever planted in the working tree."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from dev.planted_faults import FAULTS_FILE, ROOT, Fault, plant, read_faults

FAULTS = read_faults()


def test_there_are_at_least_twenty_faults_in_rules_settlement_and_packs() -> None:
    assert len({(fault.file, fault.line, fault.becomes) for fault in FAULTS}) == len(FAULTS) >= 20
    for part in ("rules", "settlement", "regions/"):
        assert sum(part in fault.file for fault in FAULTS) >= 5, part


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{Path(fault.file).name}-{fault.why}")
def test_the_line_of_every_fault_stands_once_in_its_file_and_changes_it_into_one_that_can_be_read(
    fault: Fault, tmp_path: Path
) -> None:
    copy = tmp_path / fault.file
    copy.parent.mkdir(parents=True)
    whole = (ROOT / fault.file).read_text(encoding="utf-8")
    copy.write_text(whole, encoding="utf-8")

    plant(fault, tmp_path)

    planted = copy.read_text(encoding="utf-8")
    changed = [pair for pair in zip(whole.splitlines(), planted.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [(old.strip(), new.strip()) for old, new in changed] == [(fault.line, fault.becomes)]
    (yaml.safe_load if copy.suffix == ".yaml" else ast.parse)(planted)
    assert (ROOT / fault.file).read_text(encoding="utf-8") == whole


@pytest.mark.parametrize("text", ["", "a = 1\n", "a = 2\nb = 1\na = 2\n"])
def test_a_line_that_is_gone_or_stands_twice_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.py").write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"some.py: stands there [02] times instead of once: a = 2"):
        plant(Fault("some.py", "a = 2", "a = 3", "why"), tmp_path)


def test_every_fault_says_what_would_go_wrong() -> None:
    assert FAULTS_FILE.exists()
    assert all(fault.why.strip() and fault.line != fault.becomes for fault in FAULTS)
