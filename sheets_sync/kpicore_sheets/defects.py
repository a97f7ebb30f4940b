"""What nobody foresaw, of ours or of a plugin, while one table of many was brought up to date: a line of that table."""

from __future__ import annotations

from kpicore import KpiError, harmless, tell_traceback

_LONGEST = 300


def error_line(error: Exception) -> str:
    """Return an error as the line of a table, as the command line tells it; KPI_DEBUG=1 shows its traceback.

    >>> error_line(KeyError("range"))
    "internal error, KeyError: 'range'. Run with KPI_DEBUG=1 for the traceback."
    """
    if isinstance(error, KpiError):
        return str(error)
    tell_traceback()
    try:
        what = f"{type(error).__name__}: {error}"
    except Exception:  # foreign code, whose errors may fail to say anything
        what = type(error).__name__
    return f"internal error, {harmless(what, _LONGEST).rstrip('.')}. Run with KPI_DEBUG=1 for the traceback."
