"""Fills a report: asks all its numbers in one batch, and its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kpicore import (
    NONE,
    Answer,
    BadArgument,
    Breakdown,
    Figures,
    Grain,
    KpiError,
    Listed,
    Listing,
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
from kpicore_reports.filled_report import (
    FigureTable,
    FilledReport,
    Line,
    MemberTable,
    MonthTable,
    MyNumber,
    MyTable,
    Number,
    RowTable,
    Shown,
    numbers_of,
)
from kpicore_reports.report_notes import notes_on
from kpicore_reports.report_request import ME, Asked, Cuts, asked_for, kpi_named, needed_cuts

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
    """Return a report with its numbers; `me` is a rep whose numbers stand beside the median of all, alone.

    Raises: UnknownName for the report, a dimension or a member; BadPeriod; BadCut; BadArgument.
    """
    asked = asked_for(workspace, name, period, where or {}, tuple(by), me, as_of)
    wanted: dict[Question, None] = {}

    def noted(question: Question) -> Answer:
        wanted[question] = None
        definition = workspace.definitions.get(question.metric, question.variant)
        return Answer(question, None, definition.unit, definition.metric.better)

    # Twice: first to hear what is asked, and, when all of it is answered in one batch, to fill it in.
    Filling(workspace, asked, noted).sections()
    answers = dict(zip(wanted, workspace.engine.answer(list(wanted)), strict=True))
    sections = Filling(workspace, asked, answers.__getitem__).sections()
    return _filled(workspace, asked, sections)


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills the sections of a report with what `answer` gives."""

    workspace: Workspace
    asked: Asked
    answer: Callable[[Question], Answer]
    own_cuts: Cuts = field(init=False)

    def __post_init__(self) -> None:
        mine = ((ME, (self.asked.me,)),) if self.asked.me else ()
        others = tuple(cut for cut in self.asked.cuts if not mine or cut[0] != ME)
        object.__setattr__(self, "own_cuts", tuple(sorted((*others, *mine))))

    def sections(self) -> tuple[Shown, ...]:
        """Return the sections in order."""
        return tuple(self._section(section) for section in self.asked.report.sections)

    def _section(self, section: Section) -> Shown:
        match section:
            case Figures():
                compared = section.compared
                numbers = (self._number(each, self.own_cuts, compared=compared) for each in titled(section.kpis))
                return FigureTable(section.title, tuple(numbers))
            case Breakdown() if self.asked.me and not section.by:
                return self._mine(section)
            case Breakdown():
                return self._members(section)
            case Trend():
                return self._months(section)
            case Listing():
                return self._rows(section)

    def _number(self, wanted: Titled, cuts: Cuts, period: Period | None = None, *, compared: bool = False) -> Number:
        title, ref = wanted
        kpi = kpi_named(self.workspace, ref, title)
        try:
            id, variant = self.workspace.definitions.named(ref)
            question = Question(id, variant, period or self.asked.period, cuts, self.asked.as_of)
            self.workspace.engine.check(question)
        except KpiError as error:
            return Number(kpi, None, error.message)
        answer = self.answer(question)
        before = self.answer(self.workspace.earlier(question, "previous")) if compared else None
        metric = self.workspace.registry.metric(id)
        judgement = judged(answer, metric)
        # a target that was set for the KPI is about the variant that people mean by it
        target = self.workspace.engine.target(question) if variant == metric.default else None
        why, status = self.workspace.wording.why_none(answer), judgement.status if judgement else ""
        return Number(kpi, answer, why, before, target, status)

    def _members(self, section: Breakdown) -> MemberTable:
        by, wanted = section.by or self.asked.by, titled(section.kpis)
        if section.instead is not None and (why := self._untold(wanted, by)):
            return replace(self._members(section.instead), remarks=self.workspace.remedies(why))
        lines = [
            Line(" · ".join(members), tuple(self._number(each, cuts) for each in wanted))
            for members, cuts in self._cuts_by([ref for _, ref in wanted], by)
        ]
        if section.ranked:
            lines.sort(key=lambda line: -(line.numbers[0].value or 0))
        whole = Line("All", tuple(self._whole(each, by) for each in wanted))
        return MemberTable(
            section.title, by, tuple(number.kpi for number in whole.numbers), tuple(lines), whole, section.chart
        )

    def _untold(self, wanted: Sequence[Titled], by: Sequence[str]) -> frozenset[str]:
        """Return the reasons why KPIs have no value by these dimensions, as nobody gave what that presumes."""
        now = replace(self, answer=lambda question: self.workspace.engine.answer([question])[0])
        cuts = tuple(sorted({**dict(self.own_cuts), **dict.fromkeys(by, (NONE,))}.items()))
        answers = (now._number(each, cuts).answer for each in wanted)
        return (
            frozenset(answer.reason for answer in answers if answer and answer.reason) & self.workspace.registry.untold
        )

    def _whole(self, wanted: Titled, by: Sequence[str]) -> Number:
        """Return the number of all members together; none, and no reason, where it has a meaning by member only."""
        found = self._number(wanted, self.own_cuts)
        needed = needed_cuts(self.workspace, found.kpi.ref)
        return replace(found, why="") if found.answer is None and set(needed) & set(by) else found

    def _cuts_by(self, refs: Sequence[str], by: tuple[str, ...]) -> list[tuple[tuple[str, ...], Cuts]]:
        """Return the members of `by` that have rows behind one of the KPIs, each with the cuts that name it."""
        names = tuple(sorted(by))
        found: set[tuple[str, ...]] = set()
        for ref in refs:
            try:
                id, variant = self.workspace.definitions.named(ref)
                question = Question(id, variant, self.asked.period, self.own_cuts, self.asked.as_of)
                self.workspace.engine.check(question, names)
            except KpiError:  # its numbers say why
                continue
            found |= set(self.workspace.engine.groups([[question]], names)[0])
        if len(found) > MOST_MEMBERS:
            raise BadArgument(
                f"by {' and '.join(by)} there are {len(found):,} lines, and a report shows {MOST_MEMBERS:,} at most.",
                hint="Ask for fewer with --where, or for all with: kpi get",
            )
        places = [{each: at for at, each in enumerate(self.workspace.members(name, self.asked.as_of))} for name in by]
        members = [tuple(dict(zip(names, each, strict=True))[name] for name in by) for each in found]
        members.sort(key=lambda each: [places[at].get(one, len(places[at])) for at, one in enumerate(each)])
        kept = [cut for cut in self.own_cuts if cut[0] not in by]
        return [
            (member, tuple(sorted([*kept, *((name, (one,)) for name, one in zip(by, member, strict=True))])))
            for member in members
        ]

    def _mine(self, section: Breakdown) -> MyTable:
        team = Filling(self.workspace, replace(self.asked, me=""), self.answer)
        wanted = titled(section.kpis)
        everyone = [cuts for _, cuts in team._cuts_by([ref for _, ref in wanted], (ME,))]
        return MyTable(section.title, self.asked.me, tuple(self._my_number(each, everyone) for each in wanted))

    def _my_number(self, wanted: Titled, everyone: Sequence[Cuts]) -> MyNumber:
        number = self._number(wanted, self.own_cuts, compared=True)
        if number.answer is None:
            return MyNumber(number, None, 0, number.why)
        answers = [one.answer for one in (self._number(wanted, cuts) for cuts in everyone) if one.answer is not None]
        found = beside(answers, ME, self.asked.me)
        return MyNumber(number, found.median, found.members, self.workspace.wording.note(found.why))

    def _months(self, section: Trend) -> MonthTable:
        calendar, today = self.workspace.calendar, self.workspace.engine.at(self.asked.as_of).today
        last = calendar.containing(Grain.MONTH, min(today, self.asked.period.last))
        assert last.id is not None
        months = tuple(calendar.by_id(Grain.MONTH, last.id - back) for back in reversed(range(section.months)))
        lines = tuple(
            Line(kpi_named(self.workspace, ref, title).title, numbers)
            for title, ref in titled(section.kpis)
            for numbers in [tuple(self._number((title, ref), self.own_cuts, month) for month in months)]
        )
        return MonthTable(section.title, months, lines)

    def _rows(self, listing: Listing) -> RowTable:
        cuts = {name: list(values) for name, values in self.own_cuts}
        try:
            listed = self.workspace.listed(listing, self.asked.period, cuts, self.asked.as_of)
        except KpiError as error:
            return RowTable(listing.name, Listed(listing, (), (), 0), error.message)
        return RowTable(listing.name, listed, self.workspace.wording.spelt(listed.reason, listed.detail))


def _filled(workspace: Workspace, asked: Asked, sections: tuple[Shown, ...]) -> FilledReport:
    engine, period = workspace.engine.at(asked.as_of), asked.period
    state, today = engine.state, engine.today
    numbers = [each for section in sections for each in numbers_of(section)]
    earlier = Counter(number.before.question.period for number in numbers if number.before)
    before = earlier.most_common(1)[0][0] if earlier else None
    in_progress = period.start <= today < period.last
    return FilledReport(
        id=asked.report.id,
        name=asked.report.name,
        meaning=asked.report.meaning,
        company=workspace.config.name,
        period=period,
        progress=f"to date, {(today - period.start).days + 1} of {period.days} days" if in_progress else "",
        before=before,
        cuts=cut_words([*asked.cuts, *([(ME, (asked.me,))] if asked.me else [])]),
        currency=workspace.config.currency,
        timezone=workspace.config.timezone,
        data_time=state.time,
        data_version=state.version,
        data_day=today,
        sections=sections,
        notes=notes_on(workspace.wording, sections, numbers, before),
        wording=workspace.wording,
    )
