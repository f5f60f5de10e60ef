"""Puts the parts together; the one file that knows them all. Serve it with one process: codes and checks are in memory."""

from __future__ import annotations

import os

from flask import Flask, Response, jsonify

from groundwork.clock import Clock
from groundwork.logs import configure_logs
from sandbox.alipay.gateway import AlipayGateway
from sandbox.capabilities import Capabilities
from sandbox.clock_face import clock_face
from sandbox.core_client import CoreClient, Registry
from sandbox.core_proxy import CoreDoor, core_proxy
from sandbox.demo import demo_institutions, demo_people
from sandbox.faults import Faults
from sandbox.faults_face import faults_face
from sandbox.institutions_face import institutions_face
from sandbox.people_face import people_face
from sandbox.phones_face import phones_face
from sandbox.platform_face import platform_face
from sandbox.problems import Problem, register_problems
from sandbox.real_person import Checks
from sandbox.settings import Settings, read_settings
from sandbox.settling import Settling
from sandbox.sms.gateway import SmsGateway
from sandbox.store import Store
from sandbox.tills import tills_face
from sandbox.wechat.player_face import wechat_face
from sandbox.wechat.server import WechatServer

# A photo of 5 MB on its way to the core, with room for what wraps it.
LARGEST_BODY_BYTES = 8 * 1024 * 1024

SETTLING_PATIENCE_S = 5


def create_app() -> Flask:
    """The app that a server serves, from the environment."""
    configure_logs("sandbox")
    app = build_app(read_settings(os.environ))
    # Whoever finds the port open should find everybody settled; without a core we open it all the same.
    app.extensions["settling"].wait(SETTLING_PATIENCE_S)
    return app


def build_app(settings: Settings, platform_clock: Clock | None = None) -> Flask:
    """The app; the platforms keep real time, whatever `/clock` says, unless a test brings them a clock of its own."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it, its protocol does not
    register_problems(app)
    store = _furnished(Store(settings.data_dir / "sandbox"))
    core = CoreClient(settings.core_url, settings.core_read_timeout_s)
    registry = Registry(core, settings.core_registry_key)
    faults = Faults()
    _register_platforms(app, settings, store, faults, platform_clock or Clock())
    door = CoreDoor(core, faults)
    capabilities = Capabilities(store, registry)
    settling = Settling(store, registry, capabilities)
    for face in (
        people_face(store, registry, Clock(settings.clock_file)),
        institutions_face(store, registry, capabilities),
        tills_face(door, settings.core_terminal_key),
        core_proxy(door),
        clock_face(settings.clock_file),
        faults_face(faults),
    ):
        app.register_blueprint(face)
    _register_health(app, settling)
    app.extensions["settling"] = settling
    app.extensions["store"] = store
    settling.start()
    return app


def _register_platforms(app: Flask, settings: Settings, store: Store, faults: Faults, clock: Clock) -> None:
    checks = Checks(clock)
    wechat = WechatServer(settings, store, checks, faults, clock)
    alipay = AlipayGateway(settings, store, checks, faults, clock)
    app.register_blueprint(wechat.blueprint())
    app.register_blueprint(alipay.blueprint())
    app.register_blueprint(SmsGateway(settings, store, faults, clock).blueprint())
    pages = {"wechat_official": wechat.official}
    app.register_blueprint(phones_face(store, {"wechat": wechat, "alipay": alipay}, pages, checks))
    app.register_blueprint(platform_face(store, {"wechat": wechat, "alipay": alipay}))
    app.register_blueprint(wechat_face(store, wechat))


def _register_health(app: Flask, settling: Settling) -> None:
    @app.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "alive"})

    @app.get("/readyz")
    def ready() -> Response:
        if not settling.done:
            raise Problem(503, "not_ready", "还没有准备好", "核心系统还不认识这里的人，请稍候。", retry=True)
        return jsonify({"status": "ready"})


def _furnished(store: Store) -> Store:
    for institution in demo_institutions():
        store.put_institution(institution)
    for person in demo_people():
        store.add_person(person)
    return store
