"""How long what began in a period can still change: the window of the definition, else the workspace's days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import ceil

from kpicore.engine.compile.measures import Flow, Measure
from kpicore.language import Case, Node, names, row_python
from kpicore.model.expressions import Call, Comparison, Logic, Name, Not, walk
from kpicore.model.metrics import Variant
from kpicore.model.schema import day_name

SETTING = "maturing_days"
_A_DAY: Mapping[str, int] = {"days": 1, "minutes": 24 * 60}


def maturity(variant: Variant, inputs: Iterable[Measure | None], settings: Mapping[str, object]) -> int | None:
    """Return how many days after a period a variant's value can still change; None of one that counts no cohort.

    That is what the variant says; else the longest window in which its inputs look for what became of a row,
    `days(created_on, converted_on) <= 60`; else the setting of the workspace.
    """
    said = variant.cohort
    if not isinstance(said, bool):
        return said
    if not said:
        return None
    windows = [days for measure in inputs if measure is not None for days in _windows(measure, settings)]
    if windows:
        return max(windows)
    usual = settings.get(SETTING, 0)
    return int(usual) if isinstance(usual, int | float) else 0


def _windows(measure: Measure, settings: Mapping[str, object]) -> Iterator[int]:
    """Yield how many days after its date the conditions of a row are decided, of those that tell it."""
    if not isinstance(measure.source, Flow):
        return
    cases = (node for node in walk(measure.value) if isinstance(node, Case)) if measure.value is not None else ()
    tested = [test for case in cases for test, _ in case.branches]
    for condition in (*([measure.where] if measure.where is not None else []), *tested):
        if (days := _window(condition, measure.source.when, settings)) is not None:
            yield days


def _window(condition: Node, when: str, settings: Mapping[str, object]) -> int | None:
    """Return the days after which a condition is decided, None where it has no window.

    One of several that must all hold may have it; of alternatives each.
    """
    match condition:
        case Not():
            return _window(condition.operand, when, settings)
        case Logic():
            windows = [_window(operand, when, settings) for operand in condition.operands]
            # an alternative without a window may come true at any time, however old the row
            known = [window for window in windows if window is not None]
            return max(known) if known and (condition.word == "and" or len(known) == len(windows)) else None
        case Comparison():
            sides = ((condition.left, condition.right), (condition.right, condition.left))
            return next((_days(limit, age, settings) for age, limit in sides if _is_age(age, when, limit)), None)
    return None


def _is_age(node: Node, when: str, limit: Node) -> bool:
    """Whether a node is the time from a row's date to something, and the limit a constant."""
    if (
        not isinstance(node, Call)
        or node.function not in _A_DAY
        or any(space != "setting" for space, _ in names(limit))
    ):
        return False
    # days(created_on, converted_on): from the date that the row is counted by, else it tells another age
    start = node.arguments[0]
    return isinstance(start, Name) and not start.namespace and when in (start.name, day_name(start.name))


def _days(limit: Node, age: Node, settings: Mapping[str, object]) -> int | None:
    days = row_python(limit)({f"setting.{name}": value for name, value in settings.items()})
    assert isinstance(age, Call)
    # minutes(created_at, called_at) <= 1441: a minute into the second day, which is over after 2
    return ceil(days / _A_DAY[age.function]) if isinstance(days, int | Decimal) else None
