"""Prints a filled form as a PDF with its fonts inside; what people typed goes to the template as data, never as its source."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path

import orjson
import typst
from pylopdf_fonts_zh_cn import serif_path

from reference_core.decisions.filled_forms import FilledForm

_TEMPLATE = Path(__file__).with_name("form.typ")


def print_form(form: FilledForm, now: datetime) -> bytes:
    """The form as a PDF, dated `now`."""
    return typst.compile(
        _template(),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"form": orjson.dumps(asdict(form)).decode()},
        timestamp=now.replace(microsecond=0),
    )


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Read once; a machine without Chinese fonts prints the same."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(serif_path().parent)])
