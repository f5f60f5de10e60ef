"""The developer's commands, each run over a small tree of its own: they say no where they must, and name what is wrong."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from dev import dead_code, lock, planted_faults, secret_scan
from dev.planted_faults import Fault
from groundwork.chance import random_bytes


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_py", ".py").replace("_toml", ".toml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


# Dead code


def test_code_that_everybody_uses_is_not_called_dead(tmp_path: Path) -> None:
    """A field that only data names is no dead code either."""
    write(tmp_path, pyproject_toml='[tool.vulture]\npaths = ["some"]\n', some__one_py="kept_by_name = 1\nprint(len(''))\n")

    assert dead_code.main(tmp_path) == 0


def test_a_function_that_nobody_calls_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, pyproject_toml='[tool.vulture]\npaths = ["some"]\n', some__one_py="def forlorn():\n    return 1\n")

    assert dead_code.main(tmp_path) == 1
    assert "unused function 'forlorn'" in capfd.readouterr().err


def test_a_search_for_dead_code_that_cannot_run_does_not_pass(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, pyproject_toml="[tool.vulture]\nno_such_word = 1\n")

    assert dead_code.main(tmp_path) != 0
    assert "no_such_word" in capfd.readouterr().err


# Secrets


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    """A tree whose one tracked file holds something that looks like a key."""
    write(tmp_path, settings_py=f'SECRET_KEY = "{random_bytes(24).hex()}"\n')
    for words in (["init", "-q"], ["add", "settings.py"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def test_what_looks_like_a_secret_is_named_by_file_and_line_until_somebody_accepts_it(
    leaky: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (leaky / ".secrets.baseline").write_text('{"results": {}}', encoding="utf-8")

    assert secret_scan.main([], leaky) == 1
    said = capfd.readouterr().err
    assert said.startswith("settings.py:1 looks like a secret")

    assert secret_scan.main(["--accept"], leaky) == 0
    assert secret_scan.main([], leaky) == 0
    moved = "\n\n" + (leaky / "settings.py").read_text(encoding="utf-8")
    (leaky / "settings.py").write_text(moved, encoding="utf-8")
    assert secret_scan.main([], leaky) == 0


# Locks


def lockable(root: Path, *requirements: str) -> Path:
    asked = ", ".join(f'"{one}"' for one in requirements)
    write(
        root,
        pyproject_toml=f'[project]\nname = "small"\nversion = "1"\ndependencies = [{asked}]\n'
        "[project.optional-dependencies]\ndev = []\n",
    )
    (root / "requirements").mkdir()
    (root / "requirements" / "servers.in").touch()
    return root


def test_both_locks_are_written_and_say_how(tmp_path: Path) -> None:
    assert lock.main(lockable(tmp_path)) == 0

    for name in ("run.txt", "dev.txt"):
        assert "make lock" in (tmp_path / "requirements" / name).read_text(encoding="utf-8")


def test_a_lock_that_would_name_a_file_of_this_machine_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    wheel = tmp_path / "lonely-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("lonely-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: lonely\nVersion: 1\n")
        packed.writestr("lonely-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr("lonely-1.dist-info/RECORD", "")

    assert lock.main(lockable(tmp_path, f"lonely @ {wheel.as_uri()}")) == 1
    assert "run.txt names a registry or a place on this machine: lonely @ file:" in capfd.readouterr().err


def test_a_lock_that_cannot_be_made_says_why(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = lockable(tmp_path)
    (root / "requirements" / "servers.in").unlink()

    assert lock.main(root) == 1
    said = capfd.readouterr().err
    assert "servers.in" in said
    assert said.endswith("dev.txt could not be made.\n")


# Planted faults

TESTS = ("tests/test_some.py",)
CAUGHT = Fault("reference_core/some.py", "return 1", "return 2", "one is two")
MISSED = Fault("reference_core/some.py", "return 8", "return 9", "eight is nine")


def tree(root: Path, expected: int) -> Path:
    """A copy's parts, and a test that knows the first of two functions."""
    write(
        root,
        pyproject_toml='[tool.pytest.ini_options]\npythonpath = ["."]\n',
        reference_core__some_py="def one():\n    return 1\n\n\ndef eight():\n    return 8\n",
        tests__test_some_py=f"from reference_core.some import one\n\n\ndef test_one():\n    assert one() == {expected}\n",
    )
    (root / "groundwork").mkdir()
    return root


def test_a_fault_that_a_test_finds_is_caught_and_one_that_none_finds_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tree(tmp_path, expected=1)

    assert planted_faults.main([CAUGHT, MISSED], root, TESTS) == 1

    said = capfd.readouterr().out
    assert "caught  reference_core/some.py: one is two\n        tests/test_some.py::test_one" in said
    assert "MISSED  reference_core/some.py: eight is nine\n        return 9" in said
    assert said.endswith("caught 1 of 2\n")


def test_tests_that_fail_without_any_fault_prove_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert planted_faults.main([CAUGHT], tree(tmp_path, expected=7), TESTS) == 2
    assert "without any fault the tests fail already: tests/test_some.py::test_one" in capfd.readouterr().err


def test_tests_that_are_not_there_catch_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="pytest could not run"):
        planted_faults.main([CAUGHT], tree(tmp_path, expected=1), ["tests/test_none.py"])
