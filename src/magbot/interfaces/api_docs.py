"""The page at /docs, made from the OpenAPI description: usual viewers load their scripts from another host."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup, escape

_STYLE = Markup(
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;"
    "padding:0 1rem}pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:8px;font-size:.85rem}"
    "section{border-top:1px solid #8886;margin-top:1.5rem}h2 code{font-size:1.1rem}td,th{text-align:left;"
    "padding:.2rem 1rem .2rem 0;vertical-align:top}summary{cursor:pointer}"
)


def docs_page(openapi: dict[str, Any]) -> str:
    """An HTML page that lists each endpoint with its parameters, body and answer."""
    info = openapi["info"]
    sections = [
        _endpoint(method, path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = [
        Markup("<details><summary><code>{}</code></summary><pre tabindex=0>{}</pre></details>").format(
            name, _json(body)
        )
        for name, body in openapi.get("components", {}).get("schemas", {}).items()
    ]
    return Markup(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>magbot: HTTP API</title>"
        "<meta name=viewport content='width=device-width'><style>{}</style></head><body><main><h1>magbot {}</h1><p>{}</p>"
        "<p>The machine-readable description: <a href='openapi.json'>openapi.json</a></p>{}"
        "<section><h2>Objects</h2>{}</section></main></body></html>"
    ).format(_STYLE, info["version"], info["description"], Markup("").join(sections), Markup("").join(schemas))


def _endpoint(method: str, path: str, operation: dict[str, Any]) -> Markup:
    rows = Markup("").join(
        Markup("<tr><th scope=row><code>{}</code><td>{}<td>{}").format(
            item["name"], item["in"], "required" if item.get("required") else "optional"
        )
        for item in operation.get("parameters", [])
    )
    table = Markup("<table>{}</table>").format(rows) if rows else ""
    body = operation.get("requestBody", {}).get("content", {})
    sent = Markup("<p>Body: {}").format(_reference(body)) if body else ""
    answer = operation["responses"].get("200", {}).get("content", {})
    return Markup("<section><h2><code>{} {}</code></h2><p>{}</p>{}{}<p>Answer: {}</section>").format(
        method.upper(),
        path,
        operation.get("description") or operation.get("summary", ""),
        table,
        sent,
        _reference(answer),
    )


def _reference(content: dict[str, Any]) -> Markup:
    """Which object a body or an answer is, with its media type."""
    parts = []
    for media, body in content.items():
        schema = body.get("schema", {})
        reference = schema.get("$ref") or schema.get("items", {}).get("$ref") or ""
        name = reference.rsplit("/", 1)[-1]
        parts.append(
            Markup("<code>{}</code> {}").format(
                media, f"({'list of ' if 'items' in schema else ''}{name})" * bool(name)
            )
        )
    return Markup(", ").join(parts)


def _json(value: object) -> Markup:
    return escape(json.dumps(value, indent=2, ensure_ascii=False))
