"""Answers calls of spreadsheet functions on one version of a workspace: all questions of a batch are asked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpicore.engine.plan.memory import Recent
from kpicore.engine.prepare.shapes import Shape
from kpicore.errors import BadArgument, Defect, KpiError
from kpicore.model.functions import CALCULATOR, KPI, CellFunction
from kpicore.model.narrowing import WHOLE, Narrowing
from kpicore.model.questions import Answer, Question
from kpicore.spreadsheet.arguments import Arguments, CellQuestion, first_failure, text_of
from kpicore.spreadsheet.calculating import calculated_cell
from kpicore.spreadsheet.narrowed import narrowed_wording
from kpicore.spreadsheet.room import Room
from kpicore.spreadsheet.tables import catalogue, explanation, local_time, refusal, table
from kpicore.spreadsheet.telling import Words
from kpicore.spreadsheet.values import (
    NUM,
    CellCall,
    CellFailure,
    CellRange,
    CellValue,
    answered,
    changed,
    code_of,
    failed,
)
from kpicore.targets.attainment import attained, target_answer
from kpicore.turns import pause
from kpicore.workspace import Workspace

CellResult = float | str | datetime | CellFailure | CellRange
_Show = Callable[[CellQuestion], CellResult]
_MOST_TRIED = 100
"""So often a batch that fails is halved; what is left of it then fails together."""

_MOST_NARROWINGS = 60


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A call whose questions are asked with those of all others, and how its result is made of the answers."""

    function: str
    cell: CellQuestion
    questions: tuple[Question, ...]
    show: _Show


class Answering:
    """Answers calls within a narrowing; what was read of their arguments is kept for the next batch. `words` are what
    callers read.
    """

    def __init__(self, workspace: Workspace, words: Words = str, narrowing: Narrowing = WHOLE) -> None:
        self.workspace = workspace
        self._words, self._narrowing = words, narrowing
        self._wording = narrowed_wording(narrowing, workspace.wording)
        self._within: Recent[Narrowing, Answering] = Recent(_MOST_NARROWINGS)
        self._reader = Arguments(workspace, narrowing)
        self.functions = tuple(self._reader.functions.values())
        self._of_one: Mapping[str, _Show] = {
            "KPI": self._value,
            "KPI_TARGET": self._target,
            "KPI_ATTAINMENT": self._attainment,
            "KPI_EXPLAIN": lambda cell: explanation(workspace, narrowing, cell),
        }
        self._of_all: Mapping[str, Callable[[Sequence[CellValue], Room], CellResult]] = {
            "KPI_TABLE": lambda arguments, room: table(workspace, self._reader, room, arguments),
            "KPI_LIST": lambda arguments, room: catalogue(self._reader, room, arguments),
            "KPI_PERIOD": lambda arguments, _: self._period(arguments),
            "KPI_ASOF": lambda _arguments, _: local_time(workspace),
        }

    def within(self, narrowing: Narrowing) -> Answering:
        """Return what answers within a narrowing; nothing that it reads or refuses is shared with another."""
        if narrowing == self._narrowing:
            return self
        if (narrowed := self._within.get(narrowing)) is None:
            narrowed = Answering(self.workspace, self._words, narrowing)
            self._within.update({narrowing: narrowed})
        return narrowed

    def answer(self, calls: Sequence[CellCall]) -> list[CellResult]:
        """Return one result a call, in order."""
        room = Room()
        # first all calls are read, then all questions asked at once: one by one they would be a scan a cell
        read = [self._read(call, room) for call in calls]
        refused = self._ask([question for call in read if isinstance(call, _Waiting) for question in call.questions])
        return [self._shown(call, refused, room) if isinstance(call, _Waiting) else call for call in read]

    def _read(self, call: CellCall, room: Room) -> _Waiting | CellResult:
        pause()
        try:
            function = self._reader.function(call.name)
        except KpiError as error:
            return self._failed(error)
        try:
            # an error among the arguments is the result before anything else is, as in every spreadsheet
            return first_failure(call.arguments) or self._called(function, call.arguments, room)
        except OverflowError:
            return CellFailure(NUM, "a number is too large.")
        except Exception as error:  # a defect, ours or a plugin's, is one of this call
            return self._failed(error, function.name)

    def _called(self, function: CellFunction, arguments: Sequence[CellValue], room: Room) -> _Waiting | CellResult:
        if function.kind == CALCULATOR:
            return calculated_cell(self.workspace.definitions, function, arguments)
        if function.kind == KPI:
            return self._waiting(function.name, self._reader.cell_question(function.metric, arguments), self._value)
        if function.name in self._of_one:
            if not arguments:
                raise BadArgument(
                    f"{function.name} takes a KPI and a period.", hint=f'={function.name}("id of a KPI", 2026)'
                )
            cell = self._reader.cell_question(text_of(arguments[0], "the KPI"), arguments[1:])
            return self._waiting(function.name, cell, self._of_one[function.name])
        most = len(function.arguments)
        if len(arguments) > most and not (most and function.arguments[-1].repeats):
            raise BadArgument(f"{function.name} takes at most {most} values, not {len(arguments)}.")
        return self._of_all[function.name](arguments, room)

    def _waiting(self, function: str, cell: CellQuestion, show: _Show) -> _Waiting:
        if not cell.compare:
            return _Waiting(function, cell, (cell.question,), show)
        if function in ("KPI_TARGET", "KPI_ATTAINMENT"):
            raise BadArgument(f"{function} compares nothing.", hint="Leave the pair 'compare' out.")
        earlier = self._reader.earlier(cell)
        # by equality: a bound method is another object each time it is named
        if show != self._value:
            return _Waiting(function, cell, (cell.question, earlier), lambda _: self._explained(cell, earlier))
        return _Waiting(function, cell, (cell.question, earlier), lambda _: self._change(cell.question, earlier))

    def _ask(self, questions: Sequence[Question]) -> Mapping[Question, KpiError]:
        """Bring the answers into the engine, in as few scans as can be; return what cannot be asked, and why."""
        # the engine opens the data, which calculators do not need
        engine = self.workspace.engine if questions else None
        if engine is None:
            return {}
        try:
            # the answers are kept by the engine: `show` asks for each again, which reads nothing
            engine.answer(questions)
            return {}
        except Exception:
            pass  # some cannot be asked: those are told, and the others asked without them
        # whether a question can be asked hangs on its shape alone, and thousands of cells share a few
        refused: dict[Shape, KpiError | None] = {}
        for question in questions:
            pause()
            shape = Shape.of(question)
            if shape not in refused:
                refused[shape] = self._refusal(question)
        sound = [question for question in questions if refused[Shape.of(question)] is None]
        return {
            question: bad for question in questions if (bad := refused[Shape.of(question)]) is not None
        } | self._sifted(sound)

    def _refusal(self, question: Question) -> KpiError | None:
        try:
            self.workspace.engine.check(question)
        except Exception as error:
            return _never_raised(error)
        return None

    def _sifted(self, questions: Sequence[Question]) -> dict[Question, KpiError]:
        """Return which of the questions fail, found by halves: one that fails costs the others few scans."""
        refused: dict[Question, KpiError] = {}
        waiting, tries = [questions], _MOST_TRIED
        while waiting:
            batch = waiting.pop()
            try:
                self.workspace.engine.answer(batch)
            except Exception as error:
                tries -= 1
                if len(batch) == 1 or tries < 0:
                    refused |= dict.fromkeys(batch, _never_raised(error))
                else:
                    # the halves go on the same stack, so that a bad one among thousands is found in a dozen scans
                    half = len(batch) // 2
                    waiting += batch[half:], batch[:half]
        return refused

    def _shown(self, waiting: _Waiting, refused: Mapping[Question, KpiError], room: Room) -> CellResult:
        pause()
        for question in waiting.questions:
            if question in refused:
                return self._failed(refused[question], waiting.function)
        try:
            shown = waiting.show(waiting.cell)
            # of an explanation, which is short: KPI_TABLE takes its room before it computes
            if isinstance(shown, tuple):
                room.take(len(shown), len(shown[0]))
            return shown
        except Exception as error:  # as in `_read`
            return self._failed(error, waiting.function)

    def _failed(self, error: Exception, function: str = "") -> CellResult:
        """Return what shows an error; KPI_EXPLAIN shows its text, for hosts whose errors can carry none."""
        kpi_error = _as_kpi_error(error)
        failure = failed(kpi_error, self._words(kpi_error))
        return refusal(failure) if function == "KPI_EXPLAIN" else failure

    def _answer(self, question: Question) -> Answer:
        return self.workspace.engine.answer([question])[0]

    def _value(self, cell: CellQuestion) -> CellResult:
        return answered(self._answer(cell.question), self._wording)

    def _change(self, question: Question, earlier: Question) -> float | CellFailure:
        now, wording = self._answer(question), self._wording
        before = answered(self._answer(earlier), wording)
        return changed(answered(now, wording), before, now.unit, earlier.period, wording)

    def _explained(self, cell: CellQuestion, earlier: Question) -> CellRange:
        """Return the explanation of a value, with the change and the days of the period it is compared with."""
        difference = self._change(cell.question, earlier)
        return explanation(self.workspace, self._narrowing, cell, self._answer(earlier), difference)

    def _target(self, cell: CellQuestion) -> CellResult:
        return answered(target_answer(self.workspace.engine, cell.question), self._wording)

    def _attainment(self, cell: CellQuestion) -> CellResult:
        attainment = attained(self.workspace.engine, cell.question)
        words = self._wording.attained(attainment)
        return attainment.value if attainment.value is not None else CellFailure(code_of(attainment.reason), words)

    def _period(self, arguments: Sequence[CellValue]) -> str:
        if len(arguments) != 2:
            raise BadArgument("KPI_PERIOD takes a date and a grain.", hint='=KPI_PERIOD(A1, "month")')
        return self._reader.period(arguments[0], text_of(arguments[1], "the grain")).key


def _as_kpi_error(error: Exception) -> KpiError:
    return error if isinstance(error, KpiError) else Defect(error)


def _never_raised(error: Exception) -> KpiError:
    """Return an error to keep: by its traceback it would keep the whole batch, in a circle."""
    return _as_kpi_error(error).anew()
