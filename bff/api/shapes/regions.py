"""The shapes of a city's page and of a code on a slip, which anybody may read."""

from __future__ import annotations

import marshmallow as ma

from bff.api.shapes.building import Shape, several, string


class RegionShape(Shape):
    code = string()
    name = string()
    version = string()
    effective_from = string(allow_none=True)


class PageLineShape(Shape):
    text = string()
    source = string()


class ParagraphShape(Shape):
    title = string()
    lines = several(PageLineShape)


class RegionDetailShape(RegionShape):
    """The city's rules as a page to read; its words and data come beside it, each with its source."""

    page = several(ParagraphShape)

    class Meta:
        unknown = ma.INCLUDE


class SlipCodeShape(Shape):
    cashier_code = string()
    rule = string()
    text = string()
    clerk_text = string()
    owner = string()
    next_step = string()
