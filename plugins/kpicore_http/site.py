"""The server's own pages: one frame with one style, no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from kpicore_http.headers import policy


@cache
def style() -> str:
    """Return the style sheet of all pages."""
    return Path(__file__).with_name("site.css").read_text(encoding="utf-8")


@cache
def page_policy() -> str:
    """Return what a page may load: its own style, and the icon."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return policy({"style-src": f"'sha256-{digest}'", "img-src": "'self'"})


def page(title: str, body: str, below_title: str = "") -> str:
    """Return a page. `body` and `below_title`, a line, are HTML; the title is text."""
    below = f"<p>{below_title}</p>" if below_title else ""
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="/favicon.ico">
<style>{style()}</style>
</head>
<body>
<main>
<header><h1>{escape(title)}</h1>{below}</header>
{body}
</main>
</body>
</html>
"""


def shown_list(lines: list[str], kind: str = "ul") -> str:
    """Return a list of lines, which are HTML."""
    return f"<{kind}>\n" + "\n".join(f"<li>{line}</li>" for line in lines) + f"\n</{kind}>"
