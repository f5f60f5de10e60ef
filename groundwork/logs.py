"""Logs as JSON lines whose fields are on a list: what is not listed is dropped, so nothing personal slips in."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED_FIELDS = frozenset(
    {
        "event",
        "level",
        "at",
        "service",
        "request_id",
        "method",
        "route",
        "status",
        "duration_ms",
        "code",
        "kind",
        "channel",
        "endpoint",
        "attempt",
        "errcode",
        "sub_code",
        "error_type",
        "where",
        "position",
        "count",
        "region",
        "pack_version",
        "port",
        "outcome",
        "fault",
        "upstream",
    }
)


def configure_logs(service: str, level: int = logging.INFO) -> None:
    """Send this process's logs to standard error; libraries are heard from warnings up, without their messages' arguments."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="at"),
            _name_service(service),
            keep_listed_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    root = logging.getLogger()
    root.handlers = [LibraryHandler()]
    root.setLevel(logging.WARNING)


def keep_listed_fields(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: only fields on the list get through."""
    return {name: value for name, value in fields.items() if name in ALLOWED_FIELDS}


def where_raised(error: BaseException) -> str:
    """`file:line function` of the innermost frame, for a log that must not carry the error's own text."""
    trace = error.__traceback__
    if trace is None:
        return "unknown"
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"


class LibraryHandler(logging.Handler):
    """Passes on that a library spoke, and where, but not what it said: URLs and bodies hide in such messages."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().warning(
            "library_warning",
            kind=record.name,
            where=where_raised(error) if error else f"{record.filename}:{record.lineno}",
            error_type=type(error).__name__ if error else None,
        )


def _name_service(service: str) -> Any:
    def processor(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        fields["service"] = service
        return fields

    return processor
