"""What every sheet of a live workbook is written from: what is asked, its inputs, the engine's answers, the looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpicore import Answer, KpiError, Note, Question, cut_words, data_words, harmless
from kpicore_excel.live.input_tables import Inputs
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.members import ALL
from kpicore_excel.live.places import chosen
from kpicore_excel.live.request import WorkbookRequest
from kpicore_excel.live.times import progress
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from kpicore import Period, Workspace


@dataclass(slots=True)
class Live:
    """A workbook in the making."""

    workspace: Workspace
    request: WorkbookRequest
    inputs: Inputs
    looks: Looks
    _answers: dict[Question, Answer | None] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """What tells how fresh the numbers are."""
        state, freshness = self.workspace.warehouse.state, self.workspace.engine.freshness
        times = {state.time, *(freshness.of(kpi.definition).time for kpi in self.request.kpis)}
        return f"Data of {data_words(times, self.workspace.config.timezone)}, version {state.version}."

    @property
    def has_money(self) -> bool:
        """Whether any KPI is an amount."""
        return any(kpi.definition.unit.is_money for kpi in self.request.kpis)

    @property
    def where_words(self) -> str:
        """What all numbers are cut by, in words; "" for nothing."""
        return harmless(cut_words(self.request.where)) if self.request.where else ""

    def period_words(self, period: Period) -> str:
        """Return what the first sheet says of the period that is chosen at first."""
        times, today = self.request.times, self.workspace.engine.today
        numbers = [before[times.number(period) - 1] for before in times.befores]
        earlier = " or ".join(times.at(number).with_days for number in numbers if number)
        wording = self.workspace.wording
        compared = wording.note(Note.of("compared", periods=earlier)) if earlier else ""
        parts = [period.key, progress(period, today, wording), compared]
        return ", ".join(part for part in parts if part)

    def answer(self, kpi: LiveKpi, period: Period, members: Mapping[str, tuple[str, ...]]) -> Answer | None:
        """Return the engine's answer, None where the question cannot be asked."""
        question = kpi.question(period, self.request.cuts(members))
        if question not in self._answers:
            self._know([question])
        return self._answers[question]

    def steps(self, kpi: LiveKpi) -> list[Answer | None]:
        """Return the engine's answers for the parts of the period, of all members."""
        return [self.answer(kpi, part, {}) for part in self.request.times.parts[: self.request.times.steps]]

    def know_shown(self) -> None:
        """Ask all that the sheets show at first in one go, which is ten times as fast as one by one."""
        periods = [span.period for span in self.request.times.spans]
        whole = self.request.times.at(self.request.times.offered)
        by_member = [
            {members.dimension: choice.members} for members in self.request.lists for choice in members.choices
        ]
        self._know(
            kpi.question(period, self.request.cuts(cut))
            for kpi in self.request.kpis
            for period, cut in (*((period, {}) for period in periods), *((whole, cut) for cut in by_member))
        )

    def _know(self, questions: Iterable[Question]) -> None:
        """Ask the engine; None is the answer to what cannot be asked."""
        askable = []
        for question in questions:
            try:
                self.workspace.engine.check(question)
            except KpiError:
                self._answers[question] = None
            else:
                askable.append(question)
        self._answers.update(zip(askable, self.workspace.engine.answer(askable), strict=True))

    def cut_words(self) -> str:
        """Return the formula, without "=", of what is chosen in words."""
        if not self.request.by:
            return '""'
        return '&", "&'.join(f'"{dimension}: "&{chosen(dimension)}' for dimension in self.request.by)

    def all_words(self) -> str:
        """Return those words where nothing is chosen yet."""
        return ", ".join(f"{dimension}: {ALL}" for dimension in self.request.by)
