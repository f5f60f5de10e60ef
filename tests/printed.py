"""Reads a printed form as a person would: its text, and whether its fonts are inside."""

from __future__ import annotations

import io
from typing import Any

import pypdf


def text_of(pdf: bytes) -> str:
    """All that stands on it, without the spaces and line ends that only lay it out."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def has_own_fonts(pdf: bytes) -> bool:
    """Whether every font that it uses is embedded, so that it prints the same anywhere."""
    descriptors = [one["/FontDescriptor"] for page in pypdf.PdfReader(io.BytesIO(pdf)).pages for one in _fonts(page)]
    return bool(descriptors) and all("/FontFile3" in one or "/FontFile2" in one for one in descriptors)


def _fonts(page: Any) -> list[Any]:
    drawn = page["/Resources"]["/Font"].values()
    return [font["/DescendantFonts"][0].get_object() for font in drawn]
