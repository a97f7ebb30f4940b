"""Days as spreadsheets count them: a number is days since 30 December 1899, and its fraction is the time of day."""

from __future__ import annotations

from datetime import datetime, timedelta

DAY_ZERO = datetime(1899, 12, 30)
_SECONDS = 86_400


def moment_of(serial: float) -> datetime:
    """Return the moment that a number means, to the second and without a zone, as cells know none.

    >>> moment_of(46082.5)
    datetime.datetime(2026, 3, 1, 12, 0)

    Raises: OverflowError for a number that is no day of our calendar.
    """
    return DAY_ZERO + timedelta(seconds=round(serial * _SECONDS))
