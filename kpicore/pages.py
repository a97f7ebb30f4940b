"""Pages that a plugin adds to `kpi serve`: an add-in's files, a dashboard of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicore.cells import CellFunction


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page may show: the workspace's name, its spreadsheet functions, and the address it is served at,
    "https://localhost:8443" without a slash at the end. A page needs no token, so it holds no numbers."""

    name: str
    base_url: str
    functions: tuple[CellFunction, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page at a path ("office/manifest.xml") of a media type ("application/xml"); `body` makes it when asked."""

    path: str
    media_type: str
    body: Callable[[PageContext], bytes]
