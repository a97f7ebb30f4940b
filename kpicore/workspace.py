"""The Python API: a workspace, opened, answers questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.as_of import past_engines
from kpicore.calendar import Grain, Period
from kpicore.calendar.arguments import day_of, text_given
from kpicore.config.reader import (
    Config,
    check_default_variants,
    check_source_kinds,
    read_config,
    unread_sources,
    written_targets,
)
from kpicore.definitions import workspace_registry
from kpicore.engine import features as engine_features
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.plan.cube_store import FILE as CUBES
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.filters import MemberNames, resolved
from kpicore.ingest.configured_sources import opened_sources
from kpicore.ingest.file_sources import changed_files, sources_of_files, take_files_over
from kpicore.ingest.renewal import Stand, renewed, tell
from kpicore.insight import features as insight_features
from kpicore.model.features import feature_of
from kpicore.model.kpi_requests import CutsGiven, KpiRequest, PeriodGiven
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.manager import Plugins
from kpicore.plugins.settled import settled
from kpicore.registry.registry import Registry
from kpicore.targets import features as target_features
from kpicore.targets.relation import WorkspaceTargets
from kpicore.turns import TurnLock, once
from kpicore.warehouse import Warehouse
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    from kpicore.ingest import LoadReport
    from kpicore.ingest.publish import Published
    from kpicore.insight.result import Result
    from kpicore.model.sources import Source, StreamSource


class Workspace:
    """A folder with `kpi.toml` and its data. Opened files are let go of by `close`, or with `with`.

    Tables of other definitions than today's are made anew before they are read, with a warning of the logger
    "kpicore"; unless it `may_remake`, what is outdated of them is refused, and `why_not` is told. Raises BadConfig.
    """

    def __init__(self, config: Config, plugins: Plugins, *, may_remake: bool = True, why_not: str = "") -> None:
        self._making_features = TurnLock()
        self.config, self._may_remake, self._why_not = settled(config, plugins), may_remake, why_not
        for error in unread_sources(self.config):
            tell(f"{error.message} It is not read.")
        # who may not remake tables loads nothing either: files that were changed by hand are left for others
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
            parts = self.config, self.registry, self.calendar
            self._warehouse, self._stand = renewed(*parts, may_remake=self._may_remake, why_not=self._why_not)
            # once, and set before they are taken over: that loads, which closes and opens this same warehouse
            if not self._files_are_seen:
                self._files_are_seen = True
                files = self.registry.workspace_files.values()
                changed = [*changed_files(files, self.config.folder, self._warehouse)]
                take_files_over(changed, lambda source: self._loaded([source], data_time=self.data_time).errors)
        return self._warehouse or self.warehouse  # what was loaded is opened anew

    @property
    def outdated(self) -> Stand | None:
        """What of the tables is outdated and could not be made anew; None when nothing is. Raises WarehouseError."""
        # to look at the warehouse is what tells whether anything is outdated
        return self._stand if self.warehouse else None

    @once
    def engine(self) -> Engine:
        """What answers, on the data as it is when first used. Raises WarehouseError."""
        is_kept = self.outdated is None  # what was kept of outdated tables may not be read either
        store = CubeStore(self.config.folder / CUBES, self.warehouse.version) if is_kept else None
        parts = self.registry, self.definitions, self.warehouse, self.calendar, self.targets.members, self.targets
        days = past_engines(self.config, self.registry, self.warehouse)
        return Engine(*parts, store, self.config.working(), days=days)

    @once
    def targets(self) -> WorkspaceTargets:
        """What was set for KPIs, in the data and by hand. Raises BadConfig and WarehouseError."""
        members = MemberNames(self.warehouse, self.registry.codes_of_dimensions())
        parts = self.registry, self.definitions, self.warehouse, self.calendar, members
        return WorkspaceTargets(*parts, written_targets(self.config))

    def period(self, given: PeriodGiven, grain: Grain | None = None, as_of: date | None = None) -> Period:
        """Return the period that is meant, seen from the day of the data, today's or of `as_of`. Raises BadPeriod."""
        if isinstance(given, Period):
            return given
        return self.calendar.parse(given, today=self.engine.at(day_of(as_of)).today, grain=grain)

    def cuts(self, given: CutsGiven | None, as_of: date | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return filters with canonical names and values, those of a day. Raises BadCut and UnknownName."""
        return resolved(given, self.registry, self.engine.at(day_of(as_of)).members) if given else ()

    def member(self, dimension: str, name: str, as_of: date | None = None) -> str:
        """Return the one value of a dimension that a name, label or id means. Raises BadCut and UnknownName."""
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

        `grain` splits the period ("month", or "week": see Calendar.series); `by` gives one answer for each dimension
        value that has rows; `where` holds filters (a list of values means any of them); `compare` is "previous" or
        "year". `guards` asks each KPI's guards too; `intervals` tells how sure each share is, at 95 %. With `to_date`
        each unit of `grain` stands for all from the start of the period to its end.

        Raises: KpiError with one clear line for anything that cannot be asked.
        """
        request = KpiRequest.of(
            kpis,
            period,
            grain=grain,
            by=by,
            where=where,
            compare=compare,
            as_of=as_of,
            guards=guards,
            intervals=intervals,
            to_date=to_date,
        )
        return self.ask(request)

    # A function of a room below is a method here, with its types and its help: it stands beside what it calls.
    ask = insight_features.ask
    earlier = insight_features.earlier
    comparable = insight_features.comparable
    advise = insight_features.advise
    interval = insight_features.interval

    explain = engine_features.explain
    workings = engine_features.workings
    listed = engine_features.listed
    bridge = engine_features.bridge
    coverage = engine_features.coverage
    remedies = engine_features.remedies
    calc = engine_features.calc
    members = engine_features.members
    tables = engine_features.tables

    target = target_features.target
    attainment = target_features.attainment
    attainments = target_features.attainments
    goals = target_features.goals
    target_problems = target_features.target_problems

    def file_sources(self) -> list[Source | StreamSource]:
        """Return the files of the workspace that are sources of their own, for an import. Raises BadConfig."""
        return list(sources_of_files(self.registry.workspace_files.values(), self.config.folder))

    def sources(self, *names: str) -> list[Source | StreamSource]:
        """Return the `[[source]]`s of kpi.toml, opened: those of the names, else all that are enabled.

        Raises: UnknownName, and BadConfig for a source that cannot be read as it is written.
        """
        return opened_sources(self.config, names)

    def load(
        self,
        sources: Iterable[Source | StreamSource],
        *,
        data_time: datetime | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> LoadReport:
        """Load what the sources give; what is asked afterwards is answered from it.

        `data_time` is the instant that they show (default: now); the data is of the latest. Raises WarehouseError, and
        BadConfig while kpi.toml has a source of a kind that no plugin gives.
        """
        check_source_kinds(self.config)
        return self._loaded(sources, data_time=data_time, progress=progress)

    def _loaded(
        self,
        sources: Iterable[Source | StreamSource],
        *,
        data_time: datetime | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> LoadReport:
        from kpicore.engine.warm_up import refill_kept
        from kpicore.ingest import load

        self.close()
        report = load(self.config, self.registry, sources, data_time=data_time, progress=progress)
        tell(report.remade)
        if report.version is not None:
            refill_kept(self.config.folder, lambda: self.engine)
        # only what was loaded can tell: a target may be of a dimension value that the same load brought
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
        published = remake(self.config, self.registry, everything=everything, progress=progress)
        refill_kept(self.config.folder, lambda: self.engine)
        return published

    def keep_words(self, entity: str, field: str, words: Mapping[str, str]) -> None:
        """Write into kpi.toml which codes of a field words mean. Raises BadConfig and UnknownName."""
        from kpicore.config.word_answers import kept_answers

        self.close()
        self.config = kept_answers(self.config, self.registry, entity, field, words)
        # codes are read with other words now: what was joined and compiled of the old ones is made again when asked for
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
            # these two hold the warehouse; the registry and the definitions know nothing of data, and stay
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
