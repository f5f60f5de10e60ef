"""Prints forms and statements as PDFs with their fonts inside; what they say reaches the template as data only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst
from pylopdf_fonts_zh_cn import serif_path

from reference_core.decisions.filled_forms import FilledForm


@dataclass(frozen=True, slots=True)
class Statement:
    """Lines, a table with its head, and what it adds up to."""

    title: str
    lines: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]


def print_form(form: FilledForm, now: datetime) -> bytes:
    """The form as a PDF, dated `now`."""
    return _print("form.typ", asdict(form), now)


def print_statement(statement: Statement, now: datetime) -> bytes:
    """The statement as a PDF, dated `now`."""
    return _print("statement.typ", asdict(statement), now)


def _print(template: str, said: dict[str, Any], now: datetime) -> bytes:
    return typst.compile(
        _template(template),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"form": orjson.dumps(said).decode()},
        timestamp=now.replace(microsecond=0),
    )


@cache
def _template(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Read once; a machine without Chinese fonts prints the same."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(serif_path().parent)])
