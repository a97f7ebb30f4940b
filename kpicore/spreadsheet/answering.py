"""Answers calls of spreadsheet functions on one version of a workspace: all questions of a batch are asked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpicore.engine.prepare.shapes import Shape
from kpicore.errors import BadArgument, Defect, KpiError
from kpicore.model.figures import change
from kpicore.model.functions import CALCULATOR, KPI, CellFunction
from kpicore.model.questions import Answer, Question
from kpicore.spreadsheet.arguments import Arguments, Asked, first_failure, text_of
from kpicore.spreadsheet.calculating import calculated_cell
from kpicore.spreadsheet.room import Room
from kpicore.spreadsheet.tables import catalogue, explanation, local_time, refusal, table
from kpicore.spreadsheet.telling import Words
from kpicore.spreadsheet.values import (
    DIV_0,
    NUM,
    CellCall,
    CellFailure,
    CellRange,
    CellValue,
    answered,
    code_of,
    failed,
    without_value,
)
from kpicore.targets.attainment import attained, target_answer
from kpicore.turns import pause
from kpicore.workspace import Workspace

CellResult = float | str | datetime | CellFailure | CellRange
_Show = Callable[[Asked], CellResult]
_MOST_TRIED = 100
"""So often a batch that fails is halved; what is left of it then fails together."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A call whose questions are asked with those of all others, and how its result is made of the answers."""

    function: str
    asked: Asked
    questions: tuple[Question, ...]
    show: _Show


class Answering:
    """Answers calls; what was read of their arguments is kept for the next batch. `words` are what callers read."""

    def __init__(self, workspace: Workspace, words: Words = str) -> None:
        self.workspace = workspace
        self._words = words
        self._reader = Arguments(workspace)
        self.functions = tuple(self._reader.functions.values())
        self._of_one: Mapping[str, _Show] = {
            "KPI": self._value,
            "KPI_TARGET": self._target,
            "KPI_ATTAINMENT": self._attainment,
            "KPI_EXPLAIN": lambda asked: explanation(workspace, asked),
        }
        self._of_all: Mapping[str, Callable[[Sequence[CellValue], Room], CellResult]] = {
            "KPI_TABLE": lambda given, room: table(workspace, self._reader, room, given),
            "KPI_LIST": lambda given, room: catalogue(self._reader, room, given),
            "KPI_PERIOD": lambda given, _: self._period(given),
            "KPI_ASOF": lambda given, _: local_time(workspace),
        }

    def answer(self, calls: Sequence[CellCall]) -> list[CellResult]:
        """Return one result a call, in order."""
        room = Room()
        read = [self._read(call, room) for call in calls]
        refused = self._ask([question for each in read if isinstance(each, _Waiting) for question in each.questions])
        return [self._shown(each, refused, room) if isinstance(each, _Waiting) else each for each in read]

    def _read(self, call: CellCall, room: Room) -> _Waiting | CellResult:
        pause()
        try:
            function = self._reader.function(call.name)
        except KpiError as error:
            return self._told(error)
        try:
            return first_failure(call.arguments) or self._called(function, call.arguments, room)
        except OverflowError:
            return CellFailure(NUM, "a number is too large.")
        except Exception as error:  # a defect, ours or a plugin's, is one of this call
            return self._told(error, function.name)

    def _called(self, function: CellFunction, given: Sequence[CellValue], room: Room) -> _Waiting | CellResult:
        if function.kind == CALCULATOR:
            return calculated_cell(self.workspace.definitions, function, given)
        if function.kind == KPI:
            return self._waiting(function.name, self._reader.asked(function.metric, given), self._value)
        if function.name in self._of_one:
            if not given:
                raise BadArgument(
                    f"{function.name} takes a KPI and a period.", hint=f'={function.name}("id of a KPI", 2026)'
                )
            asked = self._reader.asked(text_of(given[0], "the KPI"), given[1:])
            return self._waiting(function.name, asked, self._of_one[function.name])
        most = len(function.arguments)
        if len(given) > most and not (most and function.arguments[-1].repeats):
            raise BadArgument(f"{function.name} takes at most {most} values, not {len(given)}.")
        return self._of_all[function.name](given, room)

    def _waiting(self, function: str, asked: Asked, show: _Show) -> _Waiting:
        if not asked.compare:
            return _Waiting(function, asked, (asked.question,), show)
        if function in ("KPI_TARGET", "KPI_ATTAINMENT"):
            raise BadArgument(f"{function} compares nothing.", hint="Leave the pair 'compare' out.")
        earlier = self._reader.earlier(asked)
        if show != self._value:
            return _Waiting(function, asked, (asked.question, earlier), lambda _: self._explained(asked, earlier))
        return _Waiting(function, asked, (asked.question, earlier), lambda _: self._change(asked.question, earlier))

    def _ask(self, questions: Sequence[Question]) -> Mapping[Question, KpiError]:
        """Bring the answers into the engine, in as few scans as can be; return what cannot be asked, and why."""
        engine = self.workspace.engine if questions else None
        if engine is None:
            return {}
        try:
            engine.answer(questions)
            return {}
        except Exception:
            pass  # some cannot be asked: those are told, and the others asked without them
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
            some = waiting.pop()
            try:
                self.workspace.engine.answer(some)
            except Exception as error:
                tries -= 1
                if len(some) == 1 or tries < 0:
                    refused |= dict.fromkeys(some, _never_raised(error))
                else:
                    half = len(some) // 2
                    waiting += some[half:], some[:half]
        return refused

    def _shown(self, waiting: _Waiting, refused: Mapping[Question, KpiError], room: Room) -> CellResult:
        pause()
        for question in waiting.questions:
            if question in refused:
                return self._told(refused[question], waiting.function)
        try:
            shown = waiting.show(waiting.asked)
            if isinstance(shown, tuple):
                room.take(len(shown), len(shown[0]))
            return shown
        except Exception as error:  # as in `_read`
            return self._told(error, waiting.function)

    def _told(self, error: Exception, function: str = "") -> CellResult:
        """Return what shows an error; KPI_EXPLAIN shows its text, for hosts whose errors can carry none."""
        told = _as_kpi_error(error)
        failure = failed(told, self._words(told))
        return refusal(failure) if function == "KPI_EXPLAIN" else failure

    def _answer(self, question: Question) -> Answer:
        return self.workspace.engine.answer([question])[0]

    def _value(self, asked: Asked) -> CellResult:
        return answered(self._answer(asked.question), self.workspace.wording)

    def _change(self, question: Question, earlier: Question) -> float | CellFailure:
        """Return the change as `kpi get --compare` tells it: of shares and points the difference, else a fraction."""
        now, before = self._answer(question), self._answer(earlier)
        for each in (now, before):
            if each.value is None:
                return without_value(each, self.workspace.wording)
        found = change(now, before)
        if found is not None:
            return found
        return CellFailure(
            DIV_0 if before.value == 0 else NUM, f"no change: {earlier.period.with_days} was {before.value:g}"
        )

    def _explained(self, asked: Asked, earlier: Question) -> CellRange:
        """Return the explanation of a value, with the change and the days of the period it is compared with."""
        told = self._change(asked.question, earlier)
        return explanation(self.workspace, asked, self._answer(earlier), told)

    def _target(self, asked: Asked) -> CellResult:
        return answered(target_answer(self.workspace.engine, asked.question), self.workspace.wording)

    def _attainment(self, asked: Asked) -> CellResult:
        found = attained(self.workspace.engine, asked.question)
        words = self.workspace.wording.attained(found)
        return found.value if found.value is not None else CellFailure(code_of(found.reason), words)

    def _period(self, given: Sequence[CellValue]) -> str:
        if len(given) != 2:
            raise BadArgument("KPI_PERIOD takes a date and a grain.", hint='=KPI_PERIOD(A1, "month")')
        return self._reader.period(given[0], text_of(given[1], "the grain")).key


def _as_kpi_error(error: Exception) -> KpiError:
    return error if isinstance(error, KpiError) else Defect(error)


def _never_raised(error: Exception) -> KpiError:
    """Return an error to keep: by its traceback it would keep the whole batch, in a circle."""
    return _as_kpi_error(error).anew()
