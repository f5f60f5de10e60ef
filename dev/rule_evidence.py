"""Finds where the rules of the source texts have gone: which pack parameters quote a rule, and which tests name it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reference_core.packs.shelf import Pack, load_packs

ROOT = Path(__file__).resolve().parent.parent
ROWS_FILE = ROOT / "dev" / "rule_rows.yaml"
CONTRADICTIONS_FILE = ROOT / "dev" / "contradictions.yaml"
PACKS_FOLDER = ROOT / "reference_core" / "regions"
_FAMILIES = "LY|NH|HB|XA|GD|BJ|HF"
# One rule id, or a range of them such as AB-03…AB-05.
_MENTION = re.compile(rf"\b(({_FAMILIES})-([0-9]{{2}}))(?:…\2-([0-9]{{2}}))?\b")
_BEHAVIOUR = set("RNLSEWFU")
_PARTS_OF_THE_WORK = ("C", "D", "E", "F")


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of a source text; `reason` or `open` stands in for a test."""

    rule: str
    kind: str
    says: str
    reason: str = ""
    open: str = ""

    @property
    def is_behaviour(self) -> bool:
        return bool(_BEHAVIOUR & set(self.kind))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where source texts differ, and what became of it."""

    id: str
    says: str
    parameters: tuple[str, ...]
    decision: str


def read_rows(file: Path = ROWS_FILE) -> tuple[Row, ...]:
    """Every row, in the order of the file."""
    rows = tuple(Row(rule, **said) for rule, said in _read(file).items())
    strange = [row.rule for row in rows if row.open and row.open not in _PARTS_OF_THE_WORK]
    if strange:
        raise ValueError(f"{', '.join(strange)}: open must be one of {', '.join(_PARTS_OF_THE_WORK)}")
    return rows


def read_contradictions(file: Path = CONTRADICTIONS_FILE) -> tuple[Contradiction, ...]:
    """Every contradiction, in the order of the file."""
    return tuple(
        Contradiction(key, said["says"], tuple(said.get("parameters", ())), said.get("decision", ""))
        for key, said in _read(file).items()
    )


def bundled_packs() -> tuple[Pack, ...]:
    """Every version of every pack that comes with the core."""
    shelf = load_packs([PACKS_FOLDER])
    return tuple(pack for code in shelf.codes() for pack in shelf.versions(code))


def find_parameters(packs: tuple[Pack, ...]) -> dict[str, list[str]]:
    """Each rule with the parameters, scenes, flows and pledges that quote it, in any pack."""
    found: dict[str, set[str]] = {}
    for pack in packs:
        for name, source in _sources(pack):
            for rule in rules_in(source):
                found.setdefault(rule, set()).add(name)
    return {rule: sorted(names) for rule, names in found.items()}


def find_tests(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Each rule with the tests whose docstring or comments name it, as `file::test`."""
    found: dict[str, set[str]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        for name, said in _said_by_tests(file.read_text(encoding="utf-8")):
            for rule in rules_in(said):
                found.setdefault(rule, set()).add(f"{file.relative_to(folder)}::{name}")
    return {rule: sorted(names) for rule, names in found.items()}


def rules_in(said: str) -> Iterator[str]:
    """The rule ids that a text names; a range stands for all of its ids."""
    for whole, family, first, last in (match.groups() for match in _MENTION.finditer(said)):
        if last is None:
            yield whole
        else:
            yield from (f"{family}-{number:02}" for number in range(int(first), int(last) + 1))


def uncovered(rows: tuple[Row, ...], tests: dict[str, list[str]]) -> list[str]:
    """Rows about behaviour that nothing stands for."""
    return [row.rule for row in rows if row.is_behaviour and not (tests.get(row.rule) or row.reason or row.open)]


def _sources(pack: Pack) -> Iterator[tuple[str, str]]:
    """Where each value comes from; of a scene or a list's single word, under the name of the whole."""
    for name, source in pack.sources.items():
        yield (name if name.startswith(("flows.", "pledges.")) else name.partition(".")[0]), source


def _said_by_tests(source: str) -> Iterator[tuple[str, str]]:
    """Each test function with its docstring and the comments inside it or right above it."""
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            near = [said for line, said in comments.items() if first - 1 <= line <= (node.end_lineno or first)]
            yield node.name, " ".join([ast.get_docstring(node) or "", *near])


def _read(file: Path) -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return written
