"""Puts the core together: parts, doors, errors, health, and the document that describes it."""

from __future__ import annotations

import os

from flask import Flask, Response
from flask_smorest import Api

from groundwork.logs import configure_logs
from reference_core.doors import app as register_door
from reference_core.doors import citizen, counter, feed, registry, terminal
from reference_core.parts import build_core
from reference_core.settings import Settings, read_settings
from reference_core.web import PARTS, core, install, shown


def create_app() -> Flask:
    """The core as the environment describes it; what a WSGI server calls."""
    configure_logs("core")
    return build_app(read_settings(os.environ))


def build_app(settings: Settings) -> Flask:
    """The core with these settings."""
    app = Flask("reference_core", static_folder=None)
    app.config.update(
        API_TITLE="家庭共济 core",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.extensions[PARTS] = build_core(settings)
    api = Api(app)
    # After Api, whose own error handler would otherwise win.
    install(app)
    doors = [citizen.door, feed.door, terminal.door, counter.door, register_door.door]
    for door in [*doors, registry.door] if settings.registry_door else doors:
        api.register_blueprint(door)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    return app


def healthz() -> Response:
    """The process answers."""
    return shown({"status": "ok"})


def readyz() -> Response:
    """Both databases answer too."""
    ready = core().db.ready() and core().register.ready()
    return shown({"status": "ready" if ready else "not_ready"}, 200 if ready else 503)
