"""Python's search for circles of objects, paused while cells are read and answers made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def search_new() -> None:
    """Search what was made since the last time.

    Put off to the end, that would stop all threads for as long as there is much of it: of half a million cells, for a
    quarter of a second.
    """
    # runs although it is paused, and looks at what is young alone: what it has searched is old from then on
    gc.collect(0)


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
        # of two batches at a time the first to end lets the search go on for both: the other is slower, and not wrong
        gc.enable()
