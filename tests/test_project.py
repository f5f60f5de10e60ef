"""Habits that matter, kept by tests over every tracked file."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MISLEADING = re.compile("绑定人")
# Written so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
TIED_TO_A_PLACE = re.compile(
    r"files\.python" + r"hosted|pypi" + r"\.org|registry\.npm" + r"js|(?<![\w.])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me)/\w"
)
# What replaces code, or keeps a test from running. The process's environment may be set.
NOT_IN_TESTS = {"mock", "MagicMock", "mocker", "setattr", "delattr", "setitem", "fakeredis"} | {
    "skip",
    "skipif",
    "xfail",
    "importorskip",
}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository that are there, the locks left out: they are generated and tested by themselves."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and not name.startswith("requirements/")]
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="ignore")


def listed(found: list[str]) -> str:
    """What a failing test shows: one place a line."""
    return "\n" + "\n".join(found)


def where(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT)}:{line}"


def python(*folders: str) -> list[Path]:
    """Tracked Python files, of these folders only when some are named."""
    files = [file for file in tracked() if file.suffix == ".py"]
    return [file for file in files if not folders or file.relative_to(ROOT).parts[0] in folders]


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(text_of(file))


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for file in python():
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def lines_with(pattern: re.Pattern[str], files: tuple[Path, ...]) -> list[str]:
    return [
        where(file, number)
        for file in files
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if pattern.search(line)
    ]


def cities() -> set[str]:
    """Every city's name, code and file name, as its pack has them."""
    words = set()
    for file in (ROOT / "reference_core" / "regions").rglob("*.yaml"):
        pack = yaml.safe_load(text_of(file))
        words |= {file.stem, str(pack["code"]), pack["name"], pack["name"].removesuffix("市").removesuffix("省")}
    return {word for word in words if word not in {"000000", "全国", ""}}


def test_a_city_is_data_and_no_code_names_one() -> None:
    names = cities()
    assert names, "no pack was found, so this test could not fail"

    pattern = re.compile("|".join(re.escape(name) for name in sorted(names)), re.IGNORECASE)

    found = lines_with(pattern, tuple(python("bff", "reference_core")))

    assert not found, listed(found)


def test_a_word_that_misleads_is_never_used() -> None:
    """Payer and member are said; this word leaves open which of the two is meant. Tests may look for it."""
    files = tuple(file for file in tracked() if file.relative_to(ROOT).parts[0] != "tests")
    found = lines_with(MISLEADING, files)

    assert not found, listed(found)


def test_nothing_is_left_unfinished() -> None:
    found = lines_with(UNFINISHED, tracked())

    assert not found, listed(found)


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = lines_with(TIED_TO_A_PLACE, tracked())

    assert not found, listed(found)


def words_of(node: ast.AST) -> list[str]:
    """The names that a piece of code speaks of."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            return [name]
        case ast.ImportFrom(module=module, names=aliases):
            return [*(module or "").split("."), *(alias.name for alias in aliases)]
        case ast.Import(names=aliases):
            return [part for alias in aliases for part in alias.name.split(".")]
    return []


def test_tests_patch_nothing_and_every_one_of_them_runs() -> None:
    found = [
        f"{file.relative_to(ROOT)} {word}"
        for file in python("tests")
        for node in ast.walk(tree_of(file))
        for word in words_of(node)
        if word in NOT_IN_TESTS
    ]

    assert not found, listed(found)


def test_every_file_says_what_its_job_is() -> None:
    """The first line of a docstring is one sentence."""
    silent = []
    for file in python():
        if file.name == "__init__.py" and not text_of(file).strip():
            continue
        first_line = (ast.get_docstring(tree_of(file)) or "").partition("\n")[0]
        if not first_line.endswith((".", ":", "。")) and len(first_line) < 10:
            silent.append(str(file.relative_to(ROOT)))

    assert not silent, listed(silent)


def test_no_file_is_too_long() -> None:
    files = [file for file in tracked() if file.suffix in {".py", ".js", ".sh"}]

    long = [str(file.relative_to(ROOT)) for file in files if len(text_of(file).splitlines()) >= MAX_FILE_LINES]

    assert not long, listed(long)


def test_no_function_is_too_long() -> None:
    long = [
        f"{where(file, node.lineno)} {node.name}"
        for file, node in functions()
        if (node.end_lineno or node.lineno) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]

    assert not long, listed(long)


def unexplained(lines: list[str]) -> list[int]:
    """Lines that suppress a check and give no reason: behind it, on the line above, or by what stands on the line above."""
    suppressed = re.compile(r"#\s*(?:type: ignore(?:\[[\w-]+\])?|noqa(?:: [A-Z]+\d+)?|pragma: no (?:cover|branch))(?P<rest>.*)")
    found, explained = [], False
    for number, line in enumerate(lines, start=1):
        suppression = suppressed.search(line)
        if suppression is None:
            explained = line.lstrip().startswith("#")
            continue
        explained = explained or len(suppression["rest"].strip(" #")) > 0
        if not explained:
            found.append(number)
    return found


def test_a_suppressed_check_says_why() -> None:
    found = [where(file, number) for file in python() for number in unexplained(text_of(file).splitlines())]

    assert not found, listed(found)


def test_the_name_of_a_test_is_a_sentence() -> None:
    short = [
        f"{where(file, node.lineno)} {node.name}"
        for file, node in functions()
        if node.name.startswith("test_") and len(node.name.split("_")) < 4
    ]

    assert not short, listed(short)


def test_a_decision_is_one_screen_in_three_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert pages

    for page in pages:
        headings = [line.removeprefix("## ") for line in text_of(page).splitlines() if line.startswith("## ")]
        assert headings == ["Context", "Decision", "Consequences"], page.name
        assert len(text_of(page).splitlines()) <= 60, page.name


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    read = set()
    for file in python():
        if file.name.endswith("settings.py") and file.relative_to(ROOT).parts[0] != "tests":
            read |= set(re.findall(r"(?:read\(\s*|get\(|variables\[)\"([A-Z][A-Z0-9_]+)\"", text_of(file)))
            for together in re.findall(r"_all_or_none\(([^)]*)\)", text_of(file)):
                read |= set(re.findall(r"\"([A-Z][A-Z0-9_]+)\"", together))
    documented = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", text_of(ROOT / "docs" / "operations.md"), re.MULTILINE))

    assert read, "no setting was found, so this test could not fail"
    assert documented == read
