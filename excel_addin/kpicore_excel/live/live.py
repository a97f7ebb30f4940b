"""What every sheet of a live workbook is written from: what is asked, its inputs, the engine's answers, the looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpicore import Answer, KpiError, Question, cut_words, harmless, time_words
from kpicore_excel.live.input_tables import Inputs
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.members import ALL
from kpicore_excel.live.places import chosen
from kpicore_excel.live.request import Asked
from kpicore_excel.live.times import progress
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from kpicore import Period, Workspace


@dataclass(slots=True)
class Live:
    """A workbook in the making."""

    workspace: Workspace
    asked: Asked
    inputs: Inputs
    looks: Looks
    _answers: dict[Question, Answer | None] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """What tells how fresh the numbers are."""
        state = self.workspace.warehouse.state
        return f"Data of {time_words(state.time, self.workspace.config.timezone)}, version {state.version}."

    @property
    def has_money(self) -> bool:
        """Whether any KPI is an amount."""
        return any(each.definition.unit.is_money for each in self.asked.kpis)

    @property
    def where_words(self) -> str:
        """What all numbers are cut by, in words; "" for nothing."""
        return harmless(cut_words(self.asked.where)) if self.asked.where else ""

    def told(self, period: Period) -> str:
        """Return what the first sheet says of the period that is chosen at first."""
        times, today = self.asked.times, self.workspace.engine.today
        numbers = [before[times.number(period) - 1] for before in times.befores]
        earlier = " or ".join(times.at(number).with_days for number in numbers if number)
        parts = [period.key, progress(period, today), f"compared with {earlier}" if earlier else ""]
        return ", ".join(part for part in parts if part)

    def answer(self, kpi: LiveKpi, period: Period, members: Mapping[str, tuple[str, ...]]) -> Answer | None:
        """Return the engine's answer, None where the question cannot be asked."""
        question = kpi.question(period, self.asked.cuts(members))
        if question not in self._answers:
            self._know([question])
        return self._answers[question]

    def steps(self, kpi: LiveKpi) -> list[Answer | None]:
        """Return the engine's answers for the parts of the period, of all members."""
        return [self.answer(kpi, part, {}) for part in self.asked.times.parts[: self.asked.times.steps]]

    def know_shown(self) -> None:
        """Ask all that the sheets show at first in one go, which is ten times as fast as one by one."""
        periods = [span.period for span in self.asked.times.spans]
        whole = self.asked.times.at(self.asked.times.offered)
        members = [{choice.dimension: one.members} for choice in self.asked.choices for one in choice.choices]
        self._know(
            kpi.question(period, self.asked.cuts(cut))
            for kpi in self.asked.kpis
            for period, cut in (*((each, {}) for each in periods), *((whole, member) for member in members))
        )

    def _know(self, questions: Iterable[Question]) -> None:
        """Ask the engine; None is the answer to what cannot be asked."""
        possible = []
        for question in questions:
            try:
                self.workspace.engine.check(question)
            except KpiError:
                self._answers[question] = None
            else:
                possible.append(question)
        self._answers.update(zip(possible, self.workspace.engine.answer(possible), strict=True))

    def cut_words(self) -> str:
        """Return the formula, without "=", of what is chosen in words."""
        if not self.asked.by:
            return '""'
        return '&", "&'.join(f'"{each}: "&{chosen(each)}' for each in self.asked.by)

    def all_words(self) -> str:
        """Return those words where nothing is chosen yet."""
        return ", ".join(f"{each}: {ALL}" for each in self.asked.by)
