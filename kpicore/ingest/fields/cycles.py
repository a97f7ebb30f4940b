"""In which order fields can be made, and where a circle of fields is cut.

Two entities may fill each other: a loan's reader comes from its renewals, the renewals' reader from
their loan. One of the two then reads the other as far as it can be made without itself: a roll-up,
where there is one, so that a look-up finds its row complete. A circle within a row cannot be cut and
is a mistake in the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kpicore.errors import BadDefinition

FieldOf = tuple[str, str]
"""An entity and a field of it."""


@dataclass(frozen=True, slots=True)
class Need:
    """That a field reads another; `cuttable` when it may read what can be made of it apart from the circle instead.

    One that `sums_up` reads the rows that refer to its own.
    """

    field: FieldOf
    cuttable: bool
    sums_up: bool = False


Needs = Mapping[FieldOf, tuple[Need, ...]]
Cuts = frozenset[tuple[FieldOf, FieldOf]]


def cuts(needs: Needs, is_given: Callable[[FieldOf], bool], rank: Callable[[FieldOf], int]) -> Cuts:
    """Return the (reader, read) pairs in which the reader takes what can be made of the other without the circle.

    Of a circle a pair is cut whose reader sums up, then whose read field was given, then whose reader
    ranks first. Raises BadDefinition naming the circle when none of its pairs can be cut.
    """
    cut: set[tuple[FieldOf, FieldOf]] = set()
    # each round cuts one more pair of finitely many, so there is an end; a cut never makes a new circle
    while (circle := _circle(needs, cut)) is not None:
        # each reader with what it reads on the circle: the last field reads the first
        pairs = {
            (reader, read): need.sums_up
            for reader, read in zip(circle, (*circle[1:], circle[0]), strict=True)
            for need in needs[reader]
            if need.cuttable and need.field == read
        }
        if not pairs:
            raise _refused(circle)
        # What is smallest is cut first. A roll-up over rows apart from itself is complete but for what it gives itself;
        # a field that sources gave has most of its values without the circle. The rest makes all loads cut alike.
        cut.add(min(pairs, key=lambda pair: (not pairs[pair], not is_given(pair[1]), rank(pair[0]), pair)))
    return frozenset(cut)


def reached(start: Iterable[FieldOf], needs: Needs) -> set[FieldOf]:
    """Return the fields and all that they are made from, in any number of steps."""
    fields, todo = set(start), list(start)
    while todo:
        new = {need.field for need in needs.get(todo.pop(), ())} - fields
        fields |= new
        todo += new
    return fields


def _circle(needs: Needs, cut: set[tuple[FieldOf, FieldOf]]) -> list[FieldOf] | None:
    """Return one circle that is still there, each field reading the next and the last the first."""
    # below a field that is done no circle is left, from wherever it is reached: a round looks at each need once
    done: set[FieldOf] = set()
    for start in needs:
        path: list[FieldOf] = []
        # Each entry is a field and what it still has to look at: deep chains must not exhaust the stack.
        stack = [(start, iter(needs.get(start, ())))]
        if start in done:
            continue
        path.append(start)
        while stack:
            field, rest = stack[-1]
            need = next(rest, None)
            if need is None:
                stack.pop()
                done.add(path.pop())
            elif (field, need.field) in cut or need.field in done:
                continue
            # the circle begins where the path came to this field first: of a → b → c → b it is b → c
            elif need.field in path:
                return path[path.index(need.field) :]
            else:
                path.append(need.field)
                stack.append((need.field, iter(needs.get(need.field, ()))))
    return None


def _refused(circle: list[FieldOf]) -> BadDefinition:
    path = " ← ".join(f"{entity}.{field}" for entity, field in (*circle, circle[0]))
    entity, field = circle[0]
    return BadDefinition(f"field '{entity}.{field}'", f"it is made from itself: {path}")
