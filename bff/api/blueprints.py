"""Mounts every resource under its path, and the document that describes them."""

from __future__ import annotations

import orjson
from flask import Flask, Response

from bff.api import (
    callbacks,
    cases,
    consents,
    family,
    health,
    me,
    metrics,
    notices,
    pledges,
    previews,
    record_files,
    records,
    regions,
    sessions,
    uploads,
    vouchers,
)
from bff.api.access import PREFIX
from bff.api.docs_page import docs_page
from bff.api.flows import routes as flows
from bff.api.openapi import DocumentedApi, configure_openapi, documented, written_document
from bff.api.problems import register_problems
from bff.api.web import prepare_requests

# The written document's name among the app's extensions.
DOCUMENT = "openapi-document"
_RESOURCES = (
    sessions,
    me,
    regions,
    flows,
    family,
    previews,
    record_files,
    records,
    cases,
    vouchers,
    uploads,
    consents,
    pledges,
    notices,
    callbacks,
)


def mount(app: Flask) -> None:
    """Make `app` answer the whole public face."""
    configure_openapi(app)
    prepare_requests(app)
    api = documented(app)
    for resource in _RESOURCES:
        api.register_blueprint(resource.blueprint, url_prefix=PREFIX)
    api.register_blueprint(health.blueprint)
    api.register_blueprint(metrics.blueprint)
    register_problems(app)
    _mount_document(app, api)


def _mount_document(app: Flask, api: DocumentedApi) -> None:
    document = written_document(app, api)
    written, readable = orjson.dumps(document), docs_page(document)
    app.extensions[DOCUMENT] = written
    app.add_url_rule("/openapi.json", "openapi", lambda: Response(written, mimetype="application/json"))
    app.add_url_rule("/docs", "docs", lambda: Response(readable, mimetype="text/html"))
