"""Python's search for circles of objects, paused while cells are read and answers made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_search_for_circles() -> Iterator[None]:
    """Let objects in circles wait until the end.

    Cells and answers are plain records, by the hundred thousand and in no circle: to look through them
    again and again takes a third of the time of a batch and finds nothing.
    """
    if not gc.isenabled():  # another thread is at it, or the program wants none
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
