"""What is kept from one question to the next, and no more than so much of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from itertools import islice
from typing import Generic, TypeVar

from kpicore.engine.cubes import Cube, CubeKey

MOST_MEASURES = 2_000
"""So many measures are remembered by what they read: those of definitions are fewer, listings bring their own."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most `most` things by key; those that nobody asked for lately are forgotten. None is not kept.

    Two dicts, of which the older is dropped when the younger is full: to find something costs what it
    costs in a dict, where an order by use would have to be renewed each time.
    """

    def __init__(self, most: int) -> None:
        self._part = max(most // 3, 1)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K) -> V | None:
        """Return what is kept under the key, or None."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.update({key: found})
        return found

    def all(self, keys: Iterable[K]) -> list[V | None]:
        """Return what is kept under each key, or None."""
        young, get = self._young, self.get
        return [young[each] if each in young else get(each) for each in keys]

    def update(self, new: Mapping[K, V]) -> None:
        """Keep all of these; of more than there is room for, the last."""
        if len(new) > self._part:
            new = dict(islice(new.items(), len(new) - self._part, None))
        self._young.update(new)
        if len(self._young) > self._part:
            self._old, self._young = self._young, {}

    def clear(self) -> None:
        """Forget everything."""
        self._young, self._old = {}, {}


class CubeMemory:
    """Cubes of about `most` cells in all, and those of the last batch: others are let go of, the longest unused first.

    Who computes from a cube keeps it alive; to let go of it changes no answer.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._cubes: dict[CubeKey, tuple[Cube, int]] = {}

    def __len__(self) -> int:
        return len(self._cubes)

    def get(self, key: CubeKey) -> Cube | None:
        """Return the cube, or None."""
        found = self._cubes.get(key)
        return found[0] if found is not None else None

    def keep(self, used: Mapping[CubeKey, Cube]) -> list[CubeKey]:
        """Keep these cubes as the last used, and return those that had to go although they were used.

        What was read just now stays whatever its size; a cube that grew until there is no more room begins anew.
        """
        grown: list[CubeKey] = []
        for key, cube in used.items():
            before = self._forget(key)
            size = cube.size + sum(len(values) for _, values in key.filters)
            self._cubes[key] = cube, size
            self._size += size
            if 0 < before < size:
                grown.append(key)
        if self._size > self._most:
            for key in [*islice(self._cubes, len(self._cubes) - len(used))]:
                if self._size > self._most:
                    self._forget(key)
        return [key for key in grown if self._size > self._most and self._forget(key)]

    def clear(self) -> None:
        """Forget all cubes."""
        self._cubes, self._size = {}, 0

    def _forget(self, key: CubeKey) -> int:
        _, size = self._cubes.pop(key, (None, 0))
        self._size -= size
        return size
