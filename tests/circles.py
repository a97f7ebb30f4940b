"""What is left in circles of objects: it stays until Python searches for them, which it seldom does under load."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_in_circles() -> Iterator[list[object]]:
    """Give a list that has, after the block, all that the block let go of and only a search for circles finds."""
    found: list[object] = []
    was_enabled, kept = gc.isenabled(), gc.get_debug()
    gc.collect()
    gc.disable()
    try:
        yield found
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found += gc.garbage
    finally:
        gc.set_debug(kept)
        gc.garbage.clear()
        if was_enabled:
            gc.enable()


def ours(found: list[object]) -> set[str]:
    """Return the names of the classes of kpicore and its plugins among objects."""
    return {type(each).__qualname__ for each in found if type(each).__module__.startswith("kpicore")}
