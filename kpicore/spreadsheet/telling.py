"""Who reads what of an error: callers their own words, the operator the lines that are for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from kpicore.engine.plan.memory import Recent
from kpicore.errors import KpiError

_MOST_TOLD = 3_000

Words = Callable[[KpiError], str]
"""The words in which a caller reads an error."""


class Telling:
    """Words for callers; `tell_operator` takes each line that is not for them, once while its stamp lasts.

    Without it the caller is the operator, and reads every line. What was told is forgotten when another stamp is seen:
    files that are put back as they were may break the same way again.
    """

    def __init__(self, tell_operator: Callable[[str], None] | None) -> None:
        self._tell = tell_operator
        self._told: Recent[tuple[str, str], bool] = Recent(_MOST_TOLD)
        self._lock = Lock()
        self._seen = ""

    def see(self, stamp: str) -> None:
        """Take note of the stamp as it is now."""
        if stamp != self._seen:
            with self._lock:
                self._seen = stamp
                self._told.clear()

    def words(self, error: KpiError, stamp: str) -> str:
        """Return what a caller may read of an error."""
        line = str(error)
        if self._tell is None or error.public == line:
            return line
        with self._lock:
            is_new = not self._told.get((stamp, line))
            self._told.update({(stamp, line): True})
        # behind the lock: a log may be slow, and others have words to get
        if is_new:
            self._tell(line)
        return error.public
