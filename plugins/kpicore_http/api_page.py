"""The API page: what the server's OpenAPI says, for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from kpicore_http.site import page

Schema = dict[str, Any]


def api_page(openapi: Schema, url: str) -> str:
    """Return the page as HTML; `url` is the address under which others know the server."""
    operations = "\n".join(
        _operation(path, method, operation, url)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    body = (
        '<p><a href="/">What this server has</a>. The same for machines: '
        '<a href="/v1/openapi.json">/v1/openapi.json</a>.</p>\n'
        "<p>A request that is refused is answered with a status and one line: "
        '<code>{"refused": "…"}</code>. One that is not whole within a minute gets 408. Where <code>GET</code> is '
        "answered, <code>HEAD</code> is too.</p>\n"
        f"{operations}"
    )
    return page("The API", body, escape(str(openapi["info"].get("description", ""))))


def _operation(path: str, method: str, operation: Schema, url: str) -> str:
    statuses = [(code, response.get("description", "")) for code, response in operation.get("responses", {}).items()]
    parameters = [
        (parameter["name"], f"{parameter.get('description', '')}{_bounds(parameter.get('schema', {}))}")
        for parameter in operation.get("parameters", ())
    ]
    return "\n".join(
        [
            f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2>",
            f"<p>{_prose(str(operation.get('description', '')))}</p>",
            f'<p class="muted">{"Needs a token." if operation.get("security") else "Needs no token."}</p>',
            *_table("Parameter", parameters),
            *_table("Status", statuses),
            f"<pre><code>{escape(_curl(path, method, operation, url))}</code></pre>",
        ]
    )


def _prose(text: str) -> str:
    """Return a text with what stands between backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _table(head: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield f"<table>\n<tr><th>{head}</th><th>Meaning</th></tr>"
        for name, meaning in rows:
            yield f"<tr><td><code>{escape(name)}</code></td><td>{escape(meaning)}</td></tr>"
        yield "</table>"


def _bounds(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    return f" From {least:g} to {most:g}." if least is not None and most is not None else ""


def _curl(path: str, method: str, operation: Schema, url: str) -> str:
    parts = [f"curl {url}{path}"]
    if operation.get("security"):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if content:
        parts.append('-H "Content-Type: application/json"')
        parts.append(f"-d '{json.dumps(_example(content['schema']))}'")
    if method not in ("get", "post"):
        parts.insert(1, f"-X {method.upper()}")
    return " \\\n  ".join(parts)


def _example(schema: Schema) -> Any:
    """Return the example of a schema: its own, or one made of its properties'."""
    if schema.get("examples"):
        return schema["examples"][0]
    return {name: _example(property_) for name, property_ in schema.get("properties", {}).items()}
