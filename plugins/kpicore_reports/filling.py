"""Fills a report: asks all its numbers in one batch, and its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kpicore import (
    NONE,
    TO_DATE,
    Answer,
    BadArgument,
    Breakdown,
    Figures,
    Grain,
    KpiError,
    Listed,
    Listing,
    Note,
    Period,
    Question,
    Section,
    Trend,
    Workspace,
    beside,
    cut_words,
    judged,
    titled,
)
from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filled_sections import (
    FigureTable,
    MemberTable,
    MonthTable,
    MyNumber,
    MyTable,
    ReportNumber,
    RowTable,
    Shown,
    TableLine,
    numbers_of,
)
from kpicore_reports.report_notes import notes_on
from kpicore_reports.report_request import Cuts, ReportRequest, kpi_named, needed_cuts, report_request

MOST_MEMBERS = 1_000
Titled = tuple[str, str]
"""A title, "" for the KPI's own name, and the KPI."""


def fill(
    workspace: Workspace,
    name: str,
    period: str | Period,
    *,
    where: Mapping[str, object] | None = None,
    by: Iterable[str] = (),
    me: str = "",
    as_of: date | None = None,
) -> FilledReport:
    """Return a report with its numbers; `me` is a member whose numbers stand beside the median of all, alone.

    Raises: UnknownName for the report, a dimension or a member; BadPeriod; BadCut; BadArgument.
    """
    request = report_request(workspace, name, period, where or {}, tuple(by), me, as_of)
    questions: dict[Question, None] = {}

    def noted(question: Question) -> Answer:
        questions[question] = None
        definition = workspace.definitions.get(question.metric, question.variant)
        return Answer(question, None, definition.unit, definition.metric.better)

    # Twice: first to hear what is asked, and, when all of it is answered in one batch, to fill it in.
    ReportBuilder(workspace, request, noted).sections()
    answers = dict(zip(questions, workspace.engine.answer(list(questions)), strict=True))
    sections = ReportBuilder(workspace, request, answers.__getitem__).sections()
    return _filled(workspace, request, sections)


@dataclass(frozen=True, slots=True)
class ReportBuilder:
    """Fills the sections of a report with what `answer` gives."""

    workspace: Workspace
    request: ReportRequest
    answer: Callable[[Question], Answer]
    own_cuts: Cuts = field(init=False)

    def __post_init__(self) -> None:
        mine = self.request.mine
        others = tuple(cut for cut in self.request.cuts if cut[0] not in dict(mine))
        object.__setattr__(self, "own_cuts", tuple(sorted((*others, *mine))))

    def sections(self) -> tuple[Shown, ...]:
        """Return the sections in order."""
        return tuple(self._section(section) for section in self.request.report.sections)

    def _section(self, section: Section) -> Shown:
        match section:
            case Figures():
                compared = section.compared
                numbers = (self._number(kpi, self.own_cuts, compared=compared) for kpi in titled(section.kpis))
                return FigureTable(section.title, tuple(numbers))
            case Breakdown() if self.request.me and not section.by:
                return self._mine(section)
            case Breakdown():
                return self._members(section)
            case Trend():
                return self._months(section)
            case Listing():
                return self._rows(section)

    def _number(
        self, titled_kpi: Titled, cuts: Cuts, period: Period | None = None, *, compared: bool = False
    ) -> ReportNumber:
        title, ref = titled_kpi
        kpi = kpi_named(self.workspace, ref, title)
        try:
            id, variant = self.workspace.definitions.named(ref)
            question = Question(id, variant, period or self.request.period, cuts, self.request.as_of)
            self.workspace.engine.check(question)
        except KpiError as error:
            return ReportNumber(kpi, None, error.message)
        answer = self.answer(question)
        earlier = self.workspace.comparable(question, "previous") if compared else None
        before = self.answer(earlier) if earlier else None
        metric = self.workspace.registry.metric(id)
        judgement = judged(answer, metric)
        # a target that was set for the KPI is about the variant that people mean by it
        target = self.workspace.engine.target(question) if variant == metric.default else None
        why, status = self.workspace.wording.why_none(answer), judgement.status if judgement else ""
        return ReportNumber(kpi, answer, why, before, target, status)

    def _members(self, section: Breakdown) -> MemberTable:
        by = tuple(self.workspace.registry.dimension(name).name for name in section.by) or self.request.by
        kpis = titled(section.kpis)
        if section.instead is not None and (why := self._untold(kpis, by)):
            return replace(self._members(section.instead), remarks=self.workspace.remedies(why))
        lines = [
            TableLine(" · ".join(members), tuple(self._number(kpi, cuts) for kpi in kpis))
            for members, cuts in self._cuts_by([ref for _, ref in kpis], by)
        ]
        if section.ranked:
            lines.sort(key=lambda line: -(line.numbers[0].value or 0))
        whole = TableLine("All", tuple(self._whole(kpi, by) for kpi in kpis))
        return MemberTable(
            section.title, by, tuple(number.kpi for number in whole.numbers), tuple(lines), whole, section.chart
        )

    def _untold(self, kpis: Sequence[Titled], by: Sequence[str]) -> frozenset[str]:
        """Return the reasons why KPIs have no value by these dimensions, as nobody gave what that presumes."""
        # Asked at once and not in the batch: the answer decides which table the batch is to fill.
        now = replace(self, answer=lambda question: self.workspace.engine.answer([question])[0])
        cuts = tuple(sorted({**dict(self.own_cuts), **dict.fromkeys(by, (NONE,))}.items()))
        answers = (now._number(kpi, cuts).answer for kpi in kpis)
        return (
            frozenset(answer.reason for answer in answers if answer and answer.reason) & self.workspace.registry.untold
        )

    def _whole(self, titled_kpi: Titled, by: Sequence[str]) -> ReportNumber:
        """Return the number of all members together; none, and no reason, where it has a meaning by member only."""
        number = self._number(titled_kpi, self.own_cuts)
        needed = needed_cuts(self.workspace, number.kpi.ref)
        return replace(number, why="") if number.answer is None and set(needed) & set(by) else number

    def _cuts_by(self, refs: Sequence[str], by: tuple[str, ...]) -> list[tuple[tuple[str, ...], Cuts]]:
        """Return the members of `by` that have rows behind one of the KPIs, each with the cuts that name it."""
        names = tuple(sorted(by))
        rows: set[tuple[str, ...]] = set()
        for ref in refs:
            try:
                id, variant = self.workspace.definitions.named(ref)
                question = Question(id, variant, self.request.period, self.own_cuts, self.request.as_of)
                self.workspace.engine.check(question, names)
            except KpiError:  # its numbers say why
                continue
            rows |= set(self.workspace.engine.groups([[question]], names)[0])
        if len(rows) > MOST_MEMBERS:
            raise BadArgument(
                f"by {' and '.join(by)} there are {len(rows):,} lines, and a report shows {MOST_MEMBERS:,} at most.",
                hint="Ask for fewer with --where, or for all with: kpi get",
            )
        orders = [self.workspace.members(name, self.request.as_of) for name in by]
        places = [{member: at for at, member in enumerate(order)} for order in orders]
        lines = [tuple(dict(zip(names, row, strict=True))[name] for name in by) for row in rows]
        lines.sort(key=lambda line: [places[at].get(member, len(places[at])) for at, member in enumerate(line)])
        kept = [cut for cut in self.own_cuts if cut[0] not in by]
        return [
            (line, tuple(sorted([*kept, *((name, (member,)) for name, member in zip(by, line, strict=True))])))
            for line in lines
        ]

    def _mine(self, section: Breakdown) -> MyTable:
        team = ReportBuilder(self.workspace, replace(self.request, me=""), self.answer)
        kpis = titled(section.kpis)
        everyone = [cuts for _, cuts in team._cuts_by([ref for _, ref in kpis], self.request.by)]
        numbers = tuple(self._my_number(kpi, everyone) for kpi in kpis)
        return MyTable(section.title, self.request.by[0], self.request.me, numbers)

    def _my_number(self, titled_kpi: Titled, everyone: Sequence[Cuts]) -> MyNumber:
        number = self._number(titled_kpi, self.own_cuts, compared=True)
        if number.answer is None:
            return MyNumber(number, None, 0, number.why)
        answers = [answer for cuts in everyone if (answer := self._number(titled_kpi, cuts).answer) is not None]
        others = beside(answers, self.request.by[0], self.request.me)
        return MyNumber(number, others.median, others.members, self.workspace.wording.note(others.why))

    def _months(self, section: Trend) -> MonthTable:
        calendar, today = self.workspace.calendar, self.workspace.engine.at(self.request.as_of).today
        last = calendar.containing(Grain.MONTH, min(today, self.request.period.last))
        assert last.id is not None
        months = tuple(calendar.by_id(Grain.MONTH, last.id - back) for back in reversed(range(section.months)))
        lines = tuple(
            TableLine(kpi_named(self.workspace, ref, title).title, numbers)
            for title, ref in titled(section.kpis)
            for numbers in [tuple(self._number((title, ref), self.own_cuts, month) for month in months)]
        )
        return MonthTable(section.title, months, lines)

    def _rows(self, listing: Listing) -> RowTable:
        cuts = {name: list(values) for name, values in self.own_cuts}
        try:
            listed = self.workspace.listed(listing, self.request.period, cuts, self.request.as_of)
        except KpiError as error:
            return RowTable(listing.name, Listed(listing, (), (), 0), error.message)
        return RowTable(listing.name, listed, self.workspace.wording.spelt(listed.reason, listed.detail))


def _filled(workspace: Workspace, request: ReportRequest, sections: tuple[Shown, ...]) -> FilledReport:
    engine, period = workspace.engine.at(request.as_of), request.period
    state, today = engine.state, engine.today
    numbers = [number for section in sections for number in numbers_of(section)]
    earlier = Counter(number.before.question.period for number in numbers if number.before)
    before = earlier.most_common(1)[0][0] if earlier else None
    in_progress = period.start <= today < period.last
    to_date = Note.of(TO_DATE, elapsed=(today - period.start).days + 1, days=period.days)
    return FilledReport(
        id=request.report.id,
        name=request.report.name,
        meaning=request.report.meaning,
        company=workspace.config.name,
        period=period,
        progress=workspace.wording.note(to_date) if in_progress else "",
        before=before,
        cuts=cut_words([*request.cuts, *request.mine]),
        currency=workspace.config.currency,
        timezone=workspace.config.timezone,
        data_time=state.time,
        oldest=min(filter(None, (number.answer.data_time for number in numbers if number.answer)), default=state.time),
        data_version=state.version,
        data_day=today,
        sections=sections,
        notes=notes_on(workspace.wording, sections, numbers, before, today),
        wording=workspace.wording,
    )
