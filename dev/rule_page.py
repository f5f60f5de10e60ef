"""The command `python -m dev.rule_page`: writes docs/rules.md, the way of every rule from its text to a pack and a test."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dev.rule_evidence import (
    ROOT,
    Contradiction,
    Row,
    bundled_packs,
    find_parameters,
    find_tests,
    read_contradictions,
    read_rows,
    uncovered,
)

PAGE = ROOT / "docs" / "rules.md"
_TEXTS = {
    "LY": "Linyi",
    "NH": "The national answer",
    "HB": "Hebei",
    "XA": "Xi'an",
    "GD": "The guide",
    "BJ": "Beijing",
    "HF": "Hefei",
}
_HEAD = """# Rules: from the text to the test

Written by `python -m dev.rule_page`; do not edit by hand. Every statement of the source texts has an id, which the packs quote as
the source of a value and the tests name in their docstrings. Kinds: R rule, N number, L limit, S state, E error, W step, F field,
U screen, I information, D date. A row about behaviour (all kinds but I and D) has a test, or a written reason why it has none, or
stands open with the letter of the part of the work that brings it: C identity and vouchers, D records and notices, E the client,
F the counter and the agencies."""


def main(page: Path = PAGE) -> int:
    """Zero when the page was written and every row about behaviour is accounted for."""
    page.write_text(rule_page(), encoding="utf-8")
    missing = uncovered(read_rows(), find_tests())
    sys.stderr.writelines(
        f"{rule}: name it in a test's docstring, or give dev/rule_rows.yaml a reason or open\n" for rule in missing
    )
    return 1 if missing else 0


def rule_page() -> str:
    """The whole page as it should be now."""
    rows, parameters, tests = read_rows(), find_parameters(bundled_packs()), find_tests()
    parts = [_HEAD, _count(rows, tests)]
    for family, title in _TEXTS.items():
        parts += [f"## {title}", _table([row for row in rows if row.rule.startswith(family)], parameters, tests)]
    parts += ["## Where the texts differ", _differences(read_contradictions())]
    return "\n\n".join(parts) + "\n"


def _count(rows: Sequence[Row], tests: Mapping[str, Sequence[str]]) -> str:
    behaviour = [row for row in rows if row.is_behaviour]
    tested = sum(row.rule in tests for row in behaviour)
    reasons = sum(bool(row.reason) and row.rule not in tests for row in behaviour)
    still_open = sum(bool(row.open) and row.rule not in tests for row in behaviour)
    shares = f"{tested} with a test, {reasons} with a reason, {still_open} open"
    return f"{len(rows)} rows, {len(behaviour)} of them about behaviour: {shares}."


def _table(rows: Sequence[Row], parameters: Mapping[str, Sequence[str]], tests: Mapping[str, Sequence[str]]) -> str:
    lines = ["| id | kind | says | in packs | shown by |", "|---|---|---|---|---|"]
    for row in rows:
        quoted = ", ".join(f"`{name}`" for name in parameters.get(row.rule, ()))
        shown = "<br>".join(_evidence(row, tests.get(row.rule, ())))
        lines.append(f"| {row.rule} | {row.kind} | {row.says} | {quoted} | {shown} |")
    return "\n".join(lines)


def _evidence(row: Row, tests: Sequence[str]) -> Iterator[str]:
    for test in tests:
        file, _, name = test.partition("::")
        yield f"[{name.removeprefix('test_').replace('_', ' ')}](../tests/{file})"
    if row.reason:
        yield f"reason: {row.reason}"
    if row.open and not tests:
        yield f"open: {row.open}"


def _differences(found: Sequence[Contradiction]) -> str:
    lines = ["| id | says | parameter | decision |", "|---|---|---|---|"]
    for one in found:
        named = ", ".join(f"`{name}`" for name in one.parameters)
        decided = f"[{one.decision.removesuffix('.md')}](decisions/{one.decision})" if one.decision else ""
        lines.append(f"| {one.id} | {one.says} | {named} | {decided} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
