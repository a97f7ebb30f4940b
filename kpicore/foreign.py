"""How code that is not ours is kept at arm's length: which plugins are shut out, and what they raised."""

from __future__ import annotations

import importlib
import os

from kpicore.errors import BadDefinition, KpiError
from kpicore.plain_text import one_line

_LONGEST = 200


def disabled_names() -> frozenset[str]:
    """Return the plugins and distributions that the environment variable KPI_DISABLE ("a,b") shuts out."""
    return frozenset(each.strip().casefold() for each in os.environ.get("KPI_DISABLE", "").split(",") if each.strip())


def told(error: BaseException) -> str:
    """Return what went wrong in foreign code, in one line, with the file and line that raised it."""
    if isinstance(error, KpiError) and not isinstance(error, BadDefinition):
        return short_line(_text(error))
    import traceback  # 3 ms that only a failure needs

    what = "it calls sys.exit()" if isinstance(error, SystemExit) else f"{type(error).__name__}: {_text(error)}"
    if isinstance(error, BadDefinition):
        what = _text(error)
    frames = [each for each in traceback.extract_tb(error.__traceback__) if not _ours(each.filename)]
    place = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    return short_line(what.removesuffix(": ")) + place


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # foreign code, too
        return ""


def _ours(file: str) -> bool:
    """Whether the file is of this package, of Python's import machinery, or none, which are not to blame."""
    ours = (os.path.dirname(__file__), os.path.dirname(importlib.__file__), "<")
    return file.startswith(ours)


def short_line(text: str) -> str:
    """Return the text as one line that is not too long."""
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
