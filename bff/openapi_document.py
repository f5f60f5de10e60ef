"""Prints the OpenAPI document of the public face without serving it; what is written against it is made from this."""

from __future__ import annotations

import sys

from flask import Flask

from bff.api.blueprints import DOCUMENT, mount


def document() -> bytes:
    """The document as `/openapi.json` serves it."""
    app = Flask("bff", static_folder=None)
    mount(app)
    written: bytes = app.extensions[DOCUMENT]
    return written


if __name__ == "__main__":
    sys.stdout.buffer.write(document() + b"\n")
