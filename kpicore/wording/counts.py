"""Numbers with what is counted, one or many."""

from __future__ import annotations

import re

_MANY = re.compile(r"(\w+)s (have|were|are|end|of)\b")
_ONE = {"have": "has", "were": "was", "are": "is", "end": "ends", "of": "of"}


def counted(number: int, many: str, one: str = "") -> str:
    """Return a number with what is told of so many rows; `one` is what is told of a single one.

    Without `one` the noun and the verb that `many` begins with are put into the singular.

    >>> counted(2, "rows have no id"), counted(1, "rows have no id")
    ('2 rows have no id', '1 row has no id')
    """
    if number == 1:
        many = one or _MANY.sub(lambda noun: f"{noun[1]} {_ONE[noun[2]]}", many, count=1)
    return f"{number:,} {many}"
