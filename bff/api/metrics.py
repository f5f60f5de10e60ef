"""How much is asked of this copy, how it ends and how long it takes: routes and figures for a monitor, never who or what."""

from __future__ import annotations

from flask import Response
from flask.views import MethodView
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from bff.api.bodies import Resource
from bff.api.context import parts

blueprint = Resource("metrics", __name__, description="运行指标")
_HERE = CollectorRegistry()
_ENDED = Counter("bff_requests", "Requests by how they ended", ("method", "route", "status", "code"), registry=_HERE)
_TOOK_S = Histogram("bff_request_duration_seconds", "How long requests took", ("method", "route"), registry=_HERE)


def count_request(method: str, route: str, status: int, code: str | None, took_s: float) -> None:
    """`route` is the template of an address and `code` the problem's, so that both are few and tell of nobody."""
    _ENDED.labels(method, route, status, code or "").inc()
    _TOOK_S.labels(method, route).observe(took_s)


@blueprint.route("/metrics")
class Metrics(MethodView):
    @blueprint.response(200, {"type": "string"}, content_type="text/plain")
    def get(self) -> Response:
        """Counts and durations of all workers of this copy since it began, as Prometheus reads them."""
        return Response(generate_latest(_all_workers()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _all_workers() -> CollectorRegistry:
    """Workers share nothing but a folder, into which prometheus-client writes for each; without one this process is all."""
    folder = parts().settings.metrics_dir
    if folder is None:
        return _HERE
    joined = CollectorRegistry()
    MultiProcessCollector(joined, str(folder))  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    return joined
