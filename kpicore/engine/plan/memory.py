"""What is kept from one question to the next, and no more than so much of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

from kpicore.engine.plan.cubes import Cube, CubeKey

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
        # a third: an update of a part makes the younger one at most two before it becomes the older, beside a new one
        self._part = max(most // 3, 1)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K) -> V | None:
        """Return what is kept under the key, or None."""
        value = self._young.get(key)
        if value is None and self._old and (value := self._old.get(key)) is not None:
            self.update({key: value})
        return value

    def all(self, keys: Sequence[K]) -> list[V | None]:
        """Return what is kept under each key, or None."""
        values = [*map(self._young.get, keys)]
        return values if not self._old or all(values) else [*map(self.get, keys)]

    def update(self, new: Mapping[K, V]) -> None:
        """Keep all of these; of more than there is room for, the last."""
        if len(new) > self._part:
            new = dict(islice(new.items(), len(new) - self._part, None))
        # without a lock: who comes in between may lose an entry, which is then made again, and gets no wrong one
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
        # no lock of its own: CubeReader holds its own whenever it comes here
        self._most, self._batch = most, 0
        self._cubes: dict[CubeKey, Cube] = {}
        self._sizes: dict[CubeKey, int] = {}

    def __len__(self) -> int:
        return len(self._cubes)

    def get(self, key: CubeKey) -> Cube | None:
        """Return the cube, or None."""
        cube = self._cubes.get(key)
        if cube is not None:
            cube.used = self._batch
        return cube

    def keep(self, cubes: Mapping[CubeKey, Cube]) -> list[CubeKey]:
        """Keep the cubes of a batch that read something; return those of them that had to go all the same.

        What was read for the first time stays whatever its size; a cube that grew until there is no more room
        begins anew.
        """
        grown: list[CubeKey] = []
        for key, cube in cubes.items():
            # the lists of members that it is cut by take room as well
            size = cube.size + sum(len(values) for _, values in key.filters)
            # one that is new has not grown, however large it is
            if size > self._sizes.get(key, size):
                grown.append(key)
            self._cubes[key], self._sizes[key], cube.used = cube, size, self._batch
        excess = sum(self._sizes.values()) - self._most
        if excess > 0:
            others = [key for key, cube in self._cubes.items() if cube.used < self._batch]
            others.sort(key=lambda key: self._cubes[key].used)
            # cubes of this batch that did not grow stay: what is asked again at once would be read again
            for key in (*others, *grown):
                if excess > 0:
                    excess -= self._sizes.pop(key)
                    del self._cubes[key]
        self._batch += 1
        return [key for key in grown if key not in self._cubes]

    def clear(self) -> None:
        """Forget all cubes."""
        self._cubes, self._sizes = {}, {}
