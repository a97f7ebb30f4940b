"""The Python API: a workspace, opened, answers questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.as_of import past_engines
from kpicore.calendar import Grain, Period
from kpicore.calendar.arguments import day_of, grain_named, text_given, texts_given
from kpicore.config.reader import Config, check_default_variants, read_config, written_targets
from kpicore.definitions import workspace_registry
from kpicore.engine.compile.compare_steps import earlier_period
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.plan.availability import is_planned
from kpicore.engine.plan.cube_store import FILE as CUBES
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.filters import MemberNames, resolved
from kpicore.engine.scan.made_tables import Tables
from kpicore.ingest.file_sources import changed_files, sources_of_files, take_files_over
from kpicore.ingest.renewal import Stand, renewed, tell
from kpicore.insight.result import Result
from kpicore.model.features import feature_of
from kpicore.model.questions import Answer, Question, questions_of
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.manager import Plugins
from kpicore.plugins.settled import settled
from kpicore.registry.registry import Registry
from kpicore.targets.relation import WorkspaceTargets
from kpicore.turns import once
from kpicore.warehouse import Warehouse
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    from kpicore.engine.explain.bridge import Bridge
    from kpicore.engine.explain.coverage import Coverage
    from kpicore.engine.explain.explain import Explanation
    from kpicore.engine.explain.input_values import Workings
    from kpicore.engine.explain.listings import Listed
    from kpicore.ingest import LoadReport
    from kpicore.ingest.publish import Published
    from kpicore.insight.guards import Guard
    from kpicore.insight.intervals import Interval
    from kpicore.insight.joint_rules import Finding
    from kpicore.model.listings import Listing
    from kpicore.model.sources import Source
    from kpicore.targets.attainment import Attainment
    from kpicore.targets.tree import Goal

PeriodGiven = str | float | date | Period
CutsGiven = Mapping[str, object]


class Workspace:
    """A folder with `kpi.toml` and its data. Opened files are let go of by `close`, or with `with`.

    Tables of other definitions than today's are made anew before they are read, with a warning of the logger
    "kpicore"; unless it `may_remake`, what is outdated of them is refused, and `why_not` is told. Raises BadConfig.
    """

    def __init__(self, config: Config, plugins: Plugins, *, may_remake: bool = True, why_not: str = "") -> None:
        self.config, self._may_remake, self._why_not = settled(config, plugins), may_remake, why_not
        self.plugins, self.calendar, self._files_are_seen = plugins, config.calendar(), not may_remake
        self._warehouse: Warehouse | None = None
        self._stand: Stand | None = None

    @once
    def registry(self) -> Registry:
        """Every entity, dimension and metric that the plugins and the workspace's own definitions give."""
        return workspace_registry(self.plugins.contributions, self.config)

    @property
    def wording(self) -> Wording:
        """The words for what is to be known of answers: notes, and why there is no number."""
        return self.registry.wording

    @once
    def definitions(self) -> Definitions:
        """The compiled metrics. Raises BadConfig when kpi.toml prefers a variant that does not exist."""
        check_default_variants(self.config, self.registry)
        return Definitions(self.registry, self.config.settings, self.config.default_variants)

    @property
    def warehouse(self) -> Warehouse:
        """The data, opened for reading. Raises WarehouseError, and BadConfig for a bad file of a plugin."""
        if self._warehouse is None:
            asked = self.config, self.registry, self.calendar
            self._warehouse, self._stand = renewed(*asked, may_remake=self._may_remake, why_not=self._why_not)
            if not self._files_are_seen:
                self._files_are_seen = True
                files = self.registry.workspace_files.values()
                changed = [*changed_files(files, self.config.folder, self._warehouse)]
                take_files_over(changed, lambda source: self.load([source], data_time=self.data_time).errors)
        return self._warehouse or self.warehouse  # what was loaded is opened anew

    @property
    def outdated(self) -> Stand | None:
        """What of the tables is outdated and could not be made anew; None when nothing is. Raises WarehouseError."""
        return self._stand if self.warehouse else None

    @once
    def engine(self) -> Engine:
        """What answers, on the data as it is when first used. Raises WarehouseError."""
        is_kept = self.outdated is None  # what was kept of outdated tables may not be read either
        store = CubeStore(self.config.folder / CUBES, self.warehouse.version) if is_kept else None
        asked = self.registry, self.definitions, self.warehouse, self.calendar, self.targets.members, self.targets
        days = past_engines(self.config, self.registry, self.warehouse)
        return Engine(*asked, store, self.config.working(), days=days)

    @once
    def targets(self) -> WorkspaceTargets:
        """What was set for KPIs, in the data and by hand. Raises BadConfig and WarehouseError."""
        members = MemberNames(self.warehouse, self.registry.codes_of_dimensions())
        asked = self.registry, self.definitions, self.warehouse, self.calendar, members
        return WorkspaceTargets(*asked, written_targets(self.config))

    def period(self, given: PeriodGiven, grain: Grain | None = None, as_of: date | None = None) -> Period:
        """Return the period that is meant, seen from the day of the data, today's or of `as_of`. Raises BadPeriod."""
        if isinstance(given, Period):
            return given
        return self.calendar.parse(given, today=self.engine.at(day_of(as_of)).today, grain=grain)

    def cuts(self, given: CutsGiven | None, as_of: date | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return cuts with canonical names and members, those of a day. Raises BadCut and UnknownName."""
        return resolved(given, self.registry, self.engine.at(day_of(as_of)).members) if given else ()

    def member(self, dimension: str, name: str, as_of: date | None = None) -> str:
        """Return the one member of a dimension that a name, label or id means. Raises BadCut and UnknownName."""
        ((_, values),) = self.cuts({dimension: name}, as_of)
        return values[0]

    def get(
        self,
        kpis: str | Iterable[str],
        period: PeriodGiven,
        *,
        grain: str | Grain | None = None,
        by: str | Sequence[str] = (),
        where: CutsGiven | None = None,
        compare: str | None = None,
        as_of: date | None = None,
        guards: bool = False,
        intervals: bool = False,
        to_date: bool = False,
    ) -> Result:
        """Return the answers for one or more KPIs ("loans", "loans.renewed").

        `grain` splits the period ("month", or "week": see Calendar.series); `by` gives one answer for each member that
        has rows; `where` holds cuts (a list of values means any of them); `compare` is "previous" or "year". `guards`
        asks each KPI's guards too; `intervals` tells how sure each share is, at 95 %. With `to_date` each unit of
        `grain` stands for all from the start of the period to its end.

        Raises: KpiError with one clear line for anything that cannot be asked.
        """
        names = texts_given(kpis, "a KPI")
        dimensions = tuple(dict.fromkeys(self.registry.dimension(each).name for each in texts_given(by, "a dimension")))
        whole = self.period(period, as_of=as_of)
        unit = grain_named(grain) if grain else None
        cut = self.calendar.running if to_date else self.calendar.series
        periods = cut(whole, unit) if unit else (whole,)
        day = day_of(as_of)
        cuts = self.cuts(where, day)
        asked = [questions_of(self.definitions.named(name), periods, cuts, day) for name in names]
        answers = self._answers(asked, dimensions)
        if to_date and unit:
            answers = self.engine.to_date(answers, unit)
        compared = self.engine.answer([self.earlier(answer.question, compare) for answer in answers]) if compare else ()
        guarded = self._guarded(answers) if guards else ()
        covers = self.calendar.between(periods[0].start, periods[-1].last)
        other = covers if (covers.start, covers.end) != (whole.start, whole.end) else None
        return Result(answers, compared, dimensions, guarded, self.definitions, intervals, other)

    def _answers(self, asked: Sequence[Sequence[Question]], by: tuple[str, ...]) -> Sequence[Answer]:
        if not by:
            return self.engine.answer([each for some in asked for each in some])
        found = self.engine.tables(asked, tuple(sorted(by)))
        return found[0] if len(found) == 1 else [each for some in found for each in some]

    def _guarded(self, answers: Sequence[Answer]) -> Sequence[tuple[Guard, ...]]:
        from kpicore.insight.guards import guards

        return guards(self.engine, answers, lambda question: self.earlier(question, "previous"))

    def advise(self, period: PeriodGiven, where: CutsGiven | None = None) -> list[Finding]:
        """Return what each joint rule says of a period: whether it applies, with the numbers that tell.

        A rule that does not stand tells why. Raises: BadPeriod, BadCut and UnknownName.
        """
        from kpicore.insight.joint_rules import findings

        return findings(self.engine, [rule for _, rule in self.registry.rules], self.period(period), self.cuts(where))

    def interval(self, answer: Answer) -> Interval:
        """Return how sure a share is: its interval at 95 %, or the reason why it has none."""
        from kpicore.insight.intervals import interval

        return interval(answer, self.definitions.get(answer.question.metric, answer.question.variant))

    def earlier(self, question: Question, step: str) -> Question:
        """Return the same question for the earlier period that it is compared with: `step` as `compare` in `get`.

        What is counted by a plan date is there for the whole of a period in progress, so it is
        compared with the whole of the earlier one.
        """
        today = self.engine.at(question.as_of).today
        if is_planned(self.definitions.get(question.metric, question.variant), self.definitions):
            step = step.removesuffix("-full") + "-full"
        return replace(question, period=earlier_period(question.period, step, today, self.calendar))

    def explain(
        self, kpi: str, period: PeriodGiven, where: CutsGiven | None = None, as_of: date | None = None
    ) -> Explanation:
        """Return what stands behind one answer: definition, inputs, notes, statements and rows."""
        from kpicore.engine.explain.explain import explained

        return explained(self.engine, self._question(kpi, period, where, as_of))

    def _question(self, kpi: str, period: PeriodGiven, where: CutsGiven | None, as_of: date | None = None) -> Question:
        asked, cuts = self.period(period, as_of=as_of), self.cuts(where, as_of)
        return Question(*self.definitions.named(kpi), asked, cuts, day_of(as_of))

    def workings(self, questions: Sequence[Question]) -> list[Workings]:
        """Return what each input of each question came to, for those who compute the formula elsewhere.

        The questions are not checked: they may be parts of a period that its KPI is not asked for alone.
        """
        from kpicore.engine.explain.input_values import workings

        return workings(self.engine, questions)

    def listed(
        self, listing: Listing, period: PeriodGiven, where: CutsGiven | None = None, as_of: date | None = None
    ) -> Listed:
        """Return the rows of a listing for a period. Raises BadPeriod, BadCut, BadDefinition and UnknownName."""
        from kpicore.engine.explain.listings import listed

        return listed(*(self.engine, listing, self.period(period, as_of=as_of), self.cuts(where, as_of), day_of(as_of)))

    def members(self, dimension: str, as_of: date | None = None) -> tuple[str, ...]:
        """Return the members of a dimension by name; those of rows with a position by that."""
        from kpicore.engine.scan.relations import values_in_order

        warehouse = self.engine.at(as_of).warehouse if as_of else self.warehouse
        return values_in_order(self.registry.dimension(dimension), self.registry, warehouse)

    def bridge(self, kpi: str, other: str, period: PeriodGiven, where: CutsGiven | None = None) -> Bridge:
        """Return why two variants of one KPI ("loans.all", "loans.renewed") differ on the same data."""
        from kpicore.engine.explain.bridge import bridge

        return bridge(self.engine, *(self._question(each, period, where) for each in (kpi, other)))

    def target(self, kpi: str, period: PeriodGiven, where: CutsGiven | None = None) -> Answer:
        """Return the target of exactly this KPI, period and cuts, or why there is none. Raises BadPeriod and BadCut."""
        from kpicore.targets.attainment import target_answer

        return target_answer(self.engine, self._question(kpi, period, where))

    def attainment(
        self, kpi: str, period: PeriodGiven, where: CutsGiven | None = None, as_of: date | None = None
    ) -> Attainment:
        """Return what was reached of a target, and at what pace by working days while the period runs.

        Raises: KpiError with one clear line for anything that cannot be asked.
        """
        from kpicore.targets.attainment import attained

        return attained(self.engine, self._question(kpi, period, where, as_of))

    def goals(self, period: PeriodGiven | None = None) -> list[Goal]:
        """Return the goals that have parts, as trees; of a period those that lie in it or hold it."""
        from kpicore.targets.progress import goals

        return goals(self.engine, self.targets.read(), self.period(period) if period is not None else None)

    def attainments(self, period: PeriodGiven) -> list[Attainment]:
        """Return what was reached of each target of a KPI that is set for exactly this period."""
        from kpicore.targets.progress import attainments

        return attainments(self.engine, self.targets.read(), self.period(period))

    def tables(self, as_of: date | None = None) -> Tables:
        """Return the made tables, of today's data or as of a day, for one's own statements. Raises WarehouseError."""
        return self.engine.at(day_of(as_of)).made_tables()

    def remedies(self, reasons: Collection[str]) -> tuple[str, ...]:
        """Return how people can give what nobody gave, in words, for the reasons of answers that presume it."""

        return self.wording.notes(self.engine.preparation.presumed.remedies(frozenset(reasons)))

    def file_sources(self) -> list[Source]:
        """Return the files of the workspace that are sources of their own, for an import. Raises BadConfig."""
        return list(sources_of_files(self.registry.workspace_files.values(), self.config.folder))

    def target_problems(self) -> list[str]:
        """Return one line for each target or goal that cannot be, so that no one counts for nothing silently."""
        from kpicore.targets.problems import target_problems

        return list(self.wording.notes(target_problems(self.engine, self.targets.read())))

    def calc(self, kpi: str, *numbers: float, **named: float) -> float:
        """Return what the calculator of a KPI gives for plain numbers, in order or by name. Raises BadArgument when
        there is no calculator, or no value (a zero denominator).
        """
        from kpicore.engine.answer.calculators import calculated

        return calculated(self.definitions, kpi, numbers, named)

    def coverage(self) -> list[Coverage]:
        """Return, for every KPI and variant, whether the loaded data can answer it and what is lacking."""
        from kpicore.engine.explain.coverage import coverage

        return coverage(self.engine)

    def load(
        self,
        sources: Iterable[Source],
        *,
        data_time: datetime | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> LoadReport:
        """Load what the sources give; what is asked afterwards is answered from it.

        `data_time` is the instant that they show (default: now); the data is of the latest. Raises WarehouseError.
        """
        from kpicore.engine.warm_up import refill_kept
        from kpicore.ingest import load

        self.close()
        report = load(self.config, self.registry, sources, data_time=data_time, progress=progress)
        tell(report.remade)
        if report.version is not None:
            refill_kept(self.config.folder, lambda: self.engine)
        if report.version is not None and any(entity.entity == "target" for entity in report.entities):
            from kpicore.targets.problems import target_problems

            report = report.noted("target", target_problems(self.engine, self.targets.read()))
        return report

    def remake(self, *, everything: bool = False, progress: Callable[[str, float], None] | None = None) -> Published:
        """Make anew the tables that today's definitions make otherwise; with `everything` all of them.

        No source is asked, and the data time stays. Raises WarehouseError and BadDefinition; then all is as it was.
        """
        from kpicore.engine.warm_up import refill_kept
        from kpicore.ingest.remake import remake

        self.close()
        found = remake(self.config, self.registry, everything=everything, progress=progress)
        refill_kept(self.config.folder, lambda: self.engine)
        return found

    def keep_words(self, entity: str, field: str, words: Mapping[str, str]) -> None:
        """Write into kpi.toml which codes of a field words mean. Raises BadConfig and UnknownName."""
        from kpicore.config.word_answers import kept_answers

        self.close()
        self.config = kept_answers(self.config, self.registry, entity, field, words)
        self.__dict__.pop("registry", None)
        self.__dict__.pop("definitions", None)

    @property
    def data_time(self) -> datetime:
        """The latest instant that a source was last loaded as of, in UTC."""
        return self.warehouse.state.time

    if not TYPE_CHECKING:  # to a type checker there is nothing but what stands here

        def __getattr__(self, name: str) -> object:
            return feature_of(self, name)

    def close(self) -> None:
        """Let go of the data; harmless when done twice."""
        if self._warehouse is not None:
            self._warehouse.close()
            self._warehouse = self._stand = None
            self.__dict__.pop("engine", None)
            self.__dict__.pop("targets", None)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def open_workspace(folder: str | Path = ".", *, may_remake: bool = True) -> Workspace:
    """Return the workspace in a folder; it tells what it does with outdated tables. Raises BadConfig without one."""
    if not isinstance(folder, str | PathLike):
        text_given(folder, "the folder of a workspace")
    return Workspace(read_config(Path(folder)), load_plugins(), may_remake=may_remake)
