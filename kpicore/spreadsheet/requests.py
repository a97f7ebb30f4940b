"""Requests and responses as JSON holds them: a call that cannot be read is a failure of that call."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kpicore.errors import BadArgument, Defect
from kpicore.model.narrowing import WHOLE, Narrowing
from kpicore.spreadsheet.values import CellCall, CellFailure, cell_from_json, cell_to_json, failed
from kpicore.turns import parts, pause
from kpicore.utils.gc_pause import without_search_for_circles

if TYPE_CHECKING:
    from kpicore.spreadsheet.answering import CellResult
    from kpicore.spreadsheet.session import Cells

MOST_CALLS = 2_000
"""How many calls one request may hold; hosts send more of them in several."""

MOST_GIVEN = 200_000
"""How many cells the arguments of one request may hold, ranges included; calls beyond are not answered."""

MOST_SIGNS = 2_500_000
"""How many commas and brackets the JSON of one request may hold, before its values are made. A whole column of a sheet
among the arguments has 2.1 million, and is an error of its call alone."""

_MOST_DIGITS = 600
"""Of a whole number that is read; no cell holds a longer one, and one of millions of digits would take minutes."""


def request_from_json(text: bytes) -> object:
    """Return the request that a text in JSON holds. Raises BadArgument for a text that holds none, or too much."""
    if sum(map(text.count, (b",", b"[", b"{"))) > MOST_SIGNS:
        raise BadArgument(f"The request has more than {MOST_SIGNS:,} commas and brackets.", hint="Send smaller ranges.")
    try:
        with without_search_for_circles():  # of millions of lists, it would stop all threads for a second
            return _loaded(text)
    except (ValueError, RecursionError):
        raise BadArgument("The request is not JSON.") from None


def _loaded(text: bytes) -> object:
    try:
        request: object = json.loads(text)
    # both are ValueErrors as well, and to read it once more would not help
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError:  # a number of so many digits that Python does not read it
        request = json.loads(text, parse_int=_whole)
    return request


def _whole(digits: str) -> float:
    """Return a whole number, or an infinite one for what a cell cannot hold: it is an error of its call."""
    return int(digits) if len(digits) <= _MOST_DIGITS else math.copysign(math.inf, -1 if digits[0] == "-" else 1)


def answer_json(cells: Cells, request: object, narrowing: Narrowing = WHOLE) -> dict[str, Any]:
    """Return the response to a request as JSON holds it: {"calls": [["KPI_LOANS", ["2026-Q3"]], …]} gives
    {"results": [0.5, …], "data_version": …, "data_time": …, "stamp": …}. A call that goes beyond the
    narrowing is an error.

    Raises: BadArgument for a request that is none, or holds more than MOST_CALLS calls.
    """
    calls = request.get("calls") if isinstance(request, Mapping) else None
    if not isinstance(calls, list):
        raise BadArgument('a request is {"calls": [["KPI_LOANS", ["2026-Q3"]], …]}.')
    if len(calls) > MOST_CALLS:
        raise BadArgument(f"{len(calls):,} calls in one request.", hint=f"Send at most {MOST_CALLS:,} at a time.")
    read = list(_read(cells, calls))
    answers = cells.answer([call for call in read if isinstance(call, CellCall)], narrowing)
    results = iter(answers.results)
    return {
        "results": [_written(next(results) if isinstance(call, CellCall) else call) for call in read],
        "data_version": answers.data_version,
        "data_time": answers.data_time.isoformat() if answers.data_time else None,
        "stamp": answers.stamp,
    }


def _read(cells: Cells, calls: Sequence[object]) -> Iterator[CellCall | CellFailure]:
    left = MOST_GIVEN
    for call in calls:
        pause()
        try:
            name, arguments = _parts(call)
            size = sum(map(_size, arguments))
            if size > left:
                message = f"the calls of one request hold at most {MOST_GIVEN:,} cells, and this one goes beyond."
                raise BadArgument(message, hint="Send smaller ranges.")
            left -= size
            yield CellCall(name, tuple(map(cell_from_json, arguments)))
        except BadArgument as error:
            yield failed(error)
        except Exception as error:  # whatever a value holds, it is an error of its call
            yield failed(defect := Defect(error), cells.words(defect))


def _written(result: CellResult) -> object:
    pause()
    return cell_to_json(result)


def _parts(call: object) -> tuple[str, list[object]]:
    if isinstance(call, list) and len(call) == 2 and isinstance(call[0], str) and isinstance(call[1], list):
        return call[0], call[1]
    raise BadArgument('a call is a name and a list of values: ["KPI_LOANS", ["2026-Q3", "branch", "North"]].')


def _size(value: object) -> int:
    """Return how many cells a value holds, before each is looked at."""
    if not isinstance(value, list):
        return 1
    return sum(max(len(row), 1) if isinstance(row, list) else 1 for batch in parts(value) for row in batch) or 1
