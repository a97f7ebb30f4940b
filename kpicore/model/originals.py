"""A delivery that was kept as it was read, for the plugin that reads it again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """What a load brought, as it was then. `name` is what people call it: "loans.csv", for records "loans.jsonl".

    `opened` gives a temporary file with its bytes, in a `with`; it raises BadFile where they are gone or damaged.
    """

    name: str
    load: int
    opened: Callable[[], AbstractContextManager[Path]]
