"""Answers of KPI calls, kept; when cells ask for more than one, those of the whole document are asked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .calc_values import as_called, error_cell, json_argument, shown
from .child import Unanswered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Call = tuple[str, tuple[Any, ...]]
    Ask = Callable[[dict[str, Any]], dict[str, Any]]
    ResultOf = Callable[[str, tuple[Any, ...]], Any]

MOST_CALLS = 2_000
"""How many calls one request may hold."""

MOST_CELLS = 150_000
"""How many cells the arguments of one request hold, unless a single call has more."""

MOST_KEPT = 2_000_000
"""So many cells the kept calls may hold, as arguments and as results; a range or table is many."""

PAUSE_SECONDS = 0.2
"""Calls of one recalculation follow each other; after a pause it is a new one, and the data may be new."""

_ROUNDS = 4
_READING_PART = 4.0
"""A document is read again after so many times what its last reading took: most of the time is for other things."""


class Document(NamedTuple):
    """The document that calls; `calls(result_of)` gives the KPI calls that its formulas will make."""

    id: str
    calls: Callable[[ResultOf], Iterable[Call]]


class CalcCache:
    """What calls show. It asks `ask`, which takes and gives the JSON of `kpi cells`, or raises Unanswered."""

    def __init__(self, ask: Ask, now: Callable[[], float]) -> None:
        self._ask, self._now = ask, now
        self._kept: dict[Call, Any] = {}
        self._cells_kept = 0
        self._stamp = ""
        self._last = float("-inf")
        self._failure = ""
        self._misses = 0
        self._read_again: dict[str, float] = {}

    def shown(self, name: str, arguments: tuple[Any, ...], document: Callable[[], Document]) -> Any:
        """Return what a cell shows for a call, asking where it is not known."""
        if self._now() - self._last > PAUSE_SECONDS:
            self._begin()
        call = (name, arguments)
        if call not in self._kept and not self._failure:
            self._find(call, document)
        self._last = self._now()
        try:
            return self._kept[call]
        except KeyError:
            return (("No answer", self._failure),) if name == "KPI_EXPLAIN" else error_cell("#N/A")

    def _begin(self) -> None:
        """Begin a recalculation: what failed may work now, and what is kept may be out of date."""
        self._failure, self._misses, self._read_again = "", 0, {}
        # An empty cell arrives as 0, and what was empty may now hold 0, or the other way round.
        self._kept = {call: value for call, value in self._kept.items() if not _has_zero(call)}
        if self._kept:
            # of no call: it is the stamp of the answer that is wanted
            self._send([])

    def _find(self, call: Call, document: Callable[[], Document]) -> None:
        """Ask for a call: the first alone, so that typing a formula is quick; the second with all of its document."""
        self._misses += 1
        # a 0 may be an empty cell, which the document alone can tell
        if self._misses > 1 or _has_zero(call):
            asking, start = document(), self._now()
            if start >= self._read_again.get(asking.id, start):
                self._find_all(asking)
                self._read_again[asking.id] = self._now() + _READING_PART * (self._now() - start)
        if call not in self._kept:
            self._send([(call, call)])

    def _find_all(self, document: Document) -> None:
        """Ask for every call of a document; again when calls are arguments of others that are now known."""
        for _ in range(_ROUNDS):
            unknown: list[str] = []

            def result_of(name: str, arguments: tuple[Any, ...], unknown: list[str] = unknown) -> Any:
                try:
                    value = self._kept[_key((name, arguments))]
                except KeyError:
                    unknown.append(name)
                    raise LookupError(name) from None
                # an error in a cell is a NaN
                if value != value or isinstance(value, tuple):
                    raise LookupError("an error or a table")
                return value

            # of one key the last stays, so those with an empty cell come last
            calls = {_key(call): call for call in sorted(document.calls(result_of), key=_is_all_filled, reverse=True)}
            unknown_calls = [(key, call) for key, call in calls.items() if key not in self._kept]
            for batch in _batches(unknown_calls):
                if not self._failure:
                    self._send(batch)
            if not unknown_calls or not unknown or self._failure:
                return

    def _send(self, calls: list[tuple[Call, Call]]) -> None:
        """Ask for calls, each with what its answer is kept for; keep nothing from before the data changed."""
        request = {"calls": [[name, list(map(json_argument, arguments))] for _, (name, arguments) in calls]}
        try:
            response = self._ask(request)
        except Unanswered as error:
            self._failure = str(error)
            self._drop()
            return
        if response["stamp"] != self._stamp or self._cells_kept > MOST_KEPT:
            self._drop()
            self._stamp = response["stamp"]
        for (key, _), result in zip(calls, response["results"]):  # noqa: B905  Python 3.8 knows no strict
            self._kept[key] = shown(result)
            self._cells_kept += _cells(self._kept[key]) + sum(map(_cells, key[1]))

    def _drop(self) -> None:
        self._kept.clear()
        self._cells_kept = 0


def _key(call: Call) -> Call:
    name, arguments = call
    return name, tuple(as_called(argument) for argument in arguments)


def _batches(calls: list[tuple[Call, Call]]) -> Iterator[list[tuple[Call, Call]]]:
    """Yield the calls in parts that one request may hold."""
    batch: list[tuple[Call, Call]] = []
    cells = 0
    for keyed_call in calls:
        size = sum(map(_cells, keyed_call[0][1]))
        if batch and (len(batch) == MOST_CALLS or cells + size > MOST_CELLS):
            yield batch
            batch, cells = [], 0
        batch.append(keyed_call)
        cells += size
    if batch:
        yield batch


def _cells(value: Any) -> int:
    return sum(map(len, value)) if isinstance(value, tuple) else 1


def _has_zero(call: Call) -> bool:
    return any(argument == 0 for argument in call[1])


def _is_all_filled(call: Call) -> bool:
    """Whether no argument is an empty cell; where a document has both, the empty cell is told, not taken for 0."""
    return None not in call[1]
