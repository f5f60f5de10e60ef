"""The document as a page that needs nothing from anywhere else: no script, no font, no other host."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
body{font:18px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}
h2{border-bottom:2px solid #0b6e4f;padding-bottom:.2rem}summary{cursor:pointer;padding:.4rem 0}
code,pre{font:15px/1.5 ui-monospace,monospace;background:#f4f4f1}pre{padding:.8rem;overflow:auto}
.verb{display:inline-block;min-width:4.5rem;font-weight:700;color:#0b6e4f}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}
"""


def docs_page(document: dict[str, Any]) -> str:
    """All operations by tag, then all problems, readable without a network."""
    tags: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                tags.setdefault(operation["tags"][0], []).append(_operation(method.upper(), path, operation))
    described = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    sections = "".join(
        f"<h2>{escape(tag)}</h2><p>{escape(described.get(tag, ''))}</p>{''.join(parts)}" for tag, parts in tags.items()
    )
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1><p>{escape(document['info'].get('description', ''))} "
        f'<a href="/openapi.json">openapi.json</a></p>{sections}{_problems(document)}{_schemas(document)}</html>'
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(_row(one["name"], one["in"], one.get("description", "")) for one in operation.get("parameters", []))
    answers = "".join(f"<li>{escape(status)} {_link(answer)}</li>" for status, answer in sorted(operation["responses"].items()))
    body = operation.get("requestBody", {}).get("content", {})
    asked = "".join(f"<p>Body {_link({'content': body})}</p>{_examples(body)}" if body else "")
    told = "".join(_examples(answer.get("content", {})) for answer in operation["responses"].values())
    summary = escape(operation.get("summary", ""))
    return (
        f'<details><summary><span class="verb">{method}</span> <code>{escape(path)}</code> {summary}</summary>'
        f"<table>{parameters}</table>{asked}<ul>{answers}</ul>{told}</details>"
    )


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _link(answer: dict[str, Any]) -> str:
    """Where the shape of an answer is described further down."""
    shapes = [media.get("schema", {}) for media in answer.get("content", {}).values()]
    references = [one.get("$ref", "") for one in (answer, *shapes)]
    names = [reference.rsplit("/", 1)[-1] for reference in references if reference]
    return " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names) or escape(answer.get("description", ""))


def _examples(content: dict[str, Any]) -> str:
    shown = [media["example"] for media in content.values() if "example" in media]
    return "".join(f"<pre>{escape(json.dumps(one, ensure_ascii=False, indent=1))}</pre>" for one in shown)


def _problems(document: dict[str, Any]) -> str:
    rows = "".join(
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code></td><td>{example["value"]["status"]}</td>'
        f"<td>{escape(example['value']['title'])}</td><td>{escape(example['value']['detail'])}</td></tr>"
        for name, response in document["components"]["responses"].items()
        for media in response.get("content", {}).values()
        for code, example in media.get("examples", {}).items()
    )
    anchors = "".join(f'<a id="{escape(name)}"></a>' for name in document["components"]["responses"])
    return f"<h2>problems</h2>{anchors}<table>{rows}</table>"


def _schemas(document: dict[str, Any]) -> str:
    return "<h2>schemas</h2>" + "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<pre>{escape(json.dumps(schema, ensure_ascii=False, indent=1))}</pre></details>"
        for name, schema in sorted(document["components"]["schemas"].items())
    )
