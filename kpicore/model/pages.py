"""Pages that a plugin adds to `kpi serve`: an add-in's files, a dashboard of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore.errors import BadDefinition, KpiError
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Label
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import contained, failure_words

if TYPE_CHECKING:
    from kpicore.model.functions import CellCalculator, CellFunction

OF_THE_SERVER = frozenset({"api", "favicon.ico", "healthz", "v1"})
"""What `kpi serve` itself has below its address; the rest is for pages."""

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*", re.ASCII)
_PATH = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)


class BrokenPage(Exception):
    """A page that could not be made: what its plugin raised or gave, with the page's name."""


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
    """A page at a path ("office/manifest.xml") of a media type ("application/xml"); `body` makes it when asked.

    One that `replaces` stands in for the built-in page of its path. A browser lets a page load, run and send nothing,
    and no other page may frame it, but for what it `needs`:
    directives of a Content-Security-Policy, (("script-src", "'self'"), ("frame-ancestors", "https://kpi.example.com")).
    """

    path: Label
    media_type: Label
    body: Callable[[PageContext], bytes]
    needs: tuple[tuple[str, str], ...] = ()
    replaces: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "page", "path")
        if _PATH.fullmatch(self.path) is None:
            problem = "its path is names of letters, digits, dots, hyphens and underscores, apart by slashes"
            raise BadDefinition(place("page", self.path), problem)
        if _MEDIA_TYPE.fullmatch(self.media_type) is None:
            problem = (
                f"its media_type is one such as 'text/html' or 'text/plain; charset=utf-8', not '{self.media_type}'"
            )
            raise BadDefinition(place("page", self.path), problem)
        first = self.path.partition("/")[0].casefold()
        if first in OF_THE_SERVER:
            raise BadDefinition(place("page", self.path), f"what is below '{first}' is the server's own")
        for name, allowed in self.needs:
            # a semicolon would begin another directive, a comma another policy
            if not re.fullmatch("[a-z-]+", name) or not re.fullmatch(r"[^\x00-\x1f\x7f-\U0010ffff,;]+", allowed):
                raise BadDefinition(place("page", self.path), f"it needs '{name} {allowed}', which is no directive")

    def shown(self, context: PageContext) -> bytes:
        """Return what the page holds. Raises KpiError as its plugin does, and BrokenPage for whatever else it does."""
        try:
            with contained():
                content = self.body(context)
        except KpiError:
            raise
        except Exception as error:  # foreign code
            raise BrokenPage(f"{place('page', self.path)}: {failure_words(error)}") from error
        if type(content) is not bytes:
            raise BrokenPage(f"{place('page', self.path)}: its body gives bytes, not {value_shown(content)}")
        return content
