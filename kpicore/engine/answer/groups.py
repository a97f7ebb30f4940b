"""Groups of members that have rows behind a series of questions, and the rows and columns of a table of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from kpicore.engine.plan.cubes import Cube, CubeKey, Members, TimeKey, with_rows
from kpicore.engine.plan.requests import CubeSlice, widened
from kpicore.engine.prepare.shapes import Preparation, Prepared, Shape
from kpicore.model.questions import NONE, Question
from kpicore.turns import one_by_one, pause

Series = Sequence[Question]
"""Questions that differ in nothing but the period."""

CubeTimes = dict[CubeKey, set[TimeKey]]


def cubes_behind(preparation: Preparation, questions: Series, by: Members) -> CubeTimes:
    """Return the times of the cubes that tell which members of the dimensions `by` have rows."""
    times: CubeTimes = {}
    for question in questions:
        pause()
        for cube_slice in _slices_by(preparation.get(Shape.of(question)), by):
            times.setdefault(cube_slice.key, set()).update(cube_slice.times)
    return times


def _slices_by(prepared: Prepared, by: Members) -> list[CubeSlice]:
    """Return the slices that tell members of `by`: those of inputs that do not ignore them."""
    slices: list[CubeSlice] = []
    for input_ in prepared.all_inputs():
        # what ignores the cut has the same rows for every member, and tells of none of them
        if input_.below is None and not any(name in input_.ignored for name in by):
            # who has none but rows of which it is not known whether they count is told of, too
            doubted = (cube_slice for doubt in input_.doubts for cube_slice in doubt.all_slices())
            slices += [widened(cube_slice, by) for cube_slice in (*input_.slices, *doubted)]
    return slices


def groups_with_rows(
    behind: CubeTimes, cubes: Mapping[CubeKey, Cube], questions: Series, by: Members, lock: AbstractContextManager[Any]
) -> list[Members]:
    """Return the members of `by` with rows in any of the cubes, sorted; these gain nothing under the `lock`."""
    cuts = questions[0].cuts
    rows = (with_rows(key, cubes[key], times, cuts, by, lock) for key, times in behind.items())
    return sorted(set().union(*rows))


def columns(preparation: Preparation, questions: Series, by: Members) -> list[Prepared]:
    """Return the shapes of a table of the questions by members."""
    cuts = [(name, values) for name, values in questions[0].cuts if name not in by]
    lists = tuple(sorted((name, values) for name, values in cuts if len(values) > 1))
    # in the order of cubes, so that a table and single questions share shapes and cubes
    names = tuple(sorted({*(name for name, values in cuts if len(values) == 1), *by}))
    return [
        preparation.get(Shape(question.metric, question.variant, question.period, names, lists, question.as_of))
        for question in questions
    ]


def single_cuts(question: Question, by: Members, groups: Iterable[Members]) -> list[dict[str, str]]:
    """Return the values of the single-valued cuts of a question for each group of members of `by`."""
    single = {name: values[0] for name, values in question.cuts if name not in by and len(values) == 1}
    return [{**single, **dict(zip(by, members, strict=True))} for members in one_by_one(groups)]


def groups_shown(
    groups: list[Members], shapes: Iterable[Prepared], by: Members, untold: Collection[str]
) -> list[Members]:
    """Return the groups that a table shows: those with rows, else that of no member where an input lacks what nobody
    gave, for one of the `untold` reasons.
    """
    return groups or ([(NONE,) * len(by)] if _any_lacks(shapes, untold) else [])


def _any_lacks(shapes: Iterable[Prepared], untold: Collection[str]) -> bool:
    known = (input_.known for shape in shapes for input_ in shape.inputs if input_.known is not None)
    return any(value.reason in untold for value in known)
