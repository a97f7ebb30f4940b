"""Pages that a plugin adds to `kpi serve`: an add-in's files, a dashboard of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore.checked import check_fields, place
from kpicore.errors import BadDefinition
from kpicore.kinds import Label

if TYPE_CHECKING:
    from kpicore.cells import CellCalculator, CellFunction

_PATH = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page may show: the workspace's name, the address it is served at, "https://localhost:8765" without a
    slash at the end, its spreadsheet functions and how its calculators are computed.

    A page needs no token, so it holds no numbers.
    """

    name: str
    base_url: str
    functions: tuple[CellFunction, ...]
    calculators: tuple[CellCalculator, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page at a path ("office/manifest.xml") of a media type ("application/xml"); `body` makes it when asked."""

    path: Label
    media_type: Label
    body: Callable[[PageContext], bytes]

    def __post_init__(self) -> None:
        check_fields(self, "page", "path")
        if _PATH.fullmatch(self.path) is None:
            problem = "its path is names of letters, digits, dots, hyphens and underscores, apart by slashes"
            raise BadDefinition(place("page", self.path), problem)
