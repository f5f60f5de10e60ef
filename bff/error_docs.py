"""Writes `docs/errors.md`: every error code and every field fault that a client can be told, with its remedy."""

from __future__ import annotations

from pathlib import Path

from bff.errors import every_error
from bff.flows.faults import FAULTS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "errors.md"

_HEAD = """# Every error that a client can be told

Written by `python -m bff.error_docs`; a test fails when a code is missing here or this page is stale.

Errors are `application/problem+json` (RFC 9457):
`{type, title, status, code, detail, retry, fields?, reasons?, screen?}`. With the header `X-Problem-Status: 200` they
travel as HTTP 200 with the same body. `retry: true` means that sending the same again, with the same
`Idempotency-Key`, may help; after `refused` a new key is needed. `Retry-After` says how many seconds to wait.

A refusal (`refused`) lists in `reasons` every rule that stands in the way; those texts come from the city's pack in the
core, each with its source, who can mend it, and a cashier's code.
"""


def page() -> str:
    """The whole page."""
    errors = sorted(every_error(), key=lambda error: (error.status, error.code))
    codes = [f"| {one.status} | `{one.code}` | {one.title} | {one.detail} | {'yes' if one.retry else 'no'} |" for one in errors]
    faults = [f"| `{fault.code}` | {fault.text} | {fault.remedy} |" for fault in FAULTS.values()]
    return "\n".join(
        (
            _HEAD,
            "## Codes",
            "",
            "| status | `code` | title | what the person reads | `retry` |",
            "|---|---|---|---|---|",
            *codes,
            "",
            "## Codes inside `fields`",
            "",
            "With `invalid_answers`, `unknown_field` and `malformed_body`, `fields` names what is wrong. What a city asks beyond",
            "this comes with codes, texts and remedies of the core's own.",
            "",
            "| `code` | what is wrong | what to do |",
            "|---|---|---|",
            *faults,
            "",
        )
    )


def main(file: Path = PAGE) -> None:
    file.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
