"""Kept originals read again by the mapping as it is today: nothing is asked, and no file is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kpicore import BadConfig, KeptOriginal, KpiError, Message, StreamSource, Unreadable, Workspace, open_workspace
from kpicore_sources.earlier import earlier
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor, TableCase
from kpicore_sources.files.kept_mappings import FOLDER, KeptMappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.mapping import OPEN, TableMapping
from kpicore_sources.files.opening import stage_file
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.profile import column_profiles
from kpicore_sources.files.reading_digest import reading_digest
from kpicore_sources.files.source import FILES, FileSource
from kpicore_sources.files.staging import StagedSheet, Staging
from kpicore_sources.files.streams import mapping_of

_STAY = "Put that right, or import the file again; until then its rows stay as they are."


def read_again(workspace: Path, stream: str, originals: Sequence[KeptOriginal]) -> StreamSource:
    """Return the source of a stream of files over its deliveries, given in the order in which they came.

    Later ones win over earlier ones of the same key. Rows without a key are read one delivery at a time, as only the
    load knows which of them it has already. The mapping is read when batches are asked for: then BadConfig is raised,
    in one line, where it is gone or does not fit what was delivered, and BadFile where that is gone.
    """
    _, tables, number = mapping_of(workspace, stream)
    return OriginalsAgain(tables[number].source or FILES, stream, workspace, tuple(originals))


def reading_of(workspace: Path, stream: str) -> str:
    """Return the digest of how a stream of files is read today. Raises KpiError where its mapping is gone or empty."""
    _, tables, number = mapping_of(workspace, stream)
    with open_workspace(workspace, may_remake=False) as opened:
        entity = opened.registry.entity(tables[number].entity)
        return reading_digest(tables[number], entity, opened.config.timezone, read_words())


@dataclass(slots=True)
class OriginalsAgain:
    """The deliveries of one stream. Each is unpacked when its rows are asked for."""

    name: str
    stream: str
    workspace: Path
    originals: tuple[KeptOriginal, ...]
    _unreadable: list[Unreadable] = field(default_factory=list)

    def messages(self, cursors: Mapping[str, str]) -> Iterator[Message]:
        """Yield the rows of each delivery, whatever the cursors."""
        file, tables, number = mapping_of(self.workspace, self.stream)
        with open_workspace(self.workspace, may_remake=False) as opened:
            for original in self.originals:
                # what cannot be unpacked is told by who keeps it
                with original.opened() as path, _told_of(file, self.stream, original, path), Staging() as staging:
                    reader = ColumnReader(staging, read_words(), opened.config.timezone)
                    sheets = _sheets(reader, path, original, file, tables, number)
                    plans = [_plan(opened, reader, sheet, file, mapping) for sheet, mapping in sheets]
                    if len(self.originals) > 1:
                        _refuse_rows_without_key(plans)
                    streams = (self.stream,) * len(plans)
                    source = FileSource(
                        original.name, staging, reader, tuple(plans), streams, limit=None, name=self.name
                    )
                    # inside all of these: the rows are read from the staging while the load takes them
                    yield from source.messages({})
                    self._unreadable += source.unreadable()

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what could not be read."""
        return tuple(self._unreadable)


@contextmanager
def _told_of(file: Path, stream: str, original: KeptOriginal, path: Path) -> Iterator[None]:
    """Tell of what is raised to which delivery it happened. The temporary file goes by the original's name."""
    try:
        yield
    except KpiError as error:
        why = str(error).replace(str(path), original.name)
        problem = f"load {original.load:,} of '{stream}' ({original.name}) cannot be read again: {why}"
        raise BadConfig(file, problem, hint=_STAY) from error


def _sheets(
    reader: ColumnReader,
    path: Path,
    original: KeptOriginal,
    file: Path,
    tables: tuple[TableMapping, ...],
    number: int,
) -> list[tuple[StagedSheet, TableMapping]]:
    """Return the tables of a delivery that the stream's mapping is for. Raises BadConfig where there is none."""
    table = tables[number]
    # as an import finds it: a mapping elsewhere was chosen, those of the folder tell the encoding of their namesakes
    kept = KeptMappings(file.parent, {file: tables}, None if file.parent.name == FOLDER else file)
    encoding = kept.encoding(Path(original.name))
    # by the name that it had: messages, and what cannot be read, tell of it
    sheets = [replace(sheet, path=Path(original.name)) for sheet in stage_file(reader.staging, path, encoding)]
    kept = replace(kept, chosen=None)
    serving = [serving for sheet in sheets for serving in kept.find(sheet) if serving.number == number]
    return [(one.sheet, one.mapping) for one in serving] or [(_fitting(sheets, table), table)]


def _fitting(sheets: Sequence[StagedSheet], table: TableMapping) -> StagedSheet:
    """Return the one sheet that has the columns which the mapping uses, whatever others it has."""
    named = [sheet for sheet in sheets if sheet.name == table.sheet] or sheets
    fitting = [sheet for sheet in named if table.used <= {*sheet.columns}]
    if len(fitting) > 1:
        places = " and ".join(sheet.place for sheet in fitting[:2])
        raise KpiError(f"both {places} have its columns.")
    if not fitting:
        missing = next(name for name in table.header if name in table.used and name not in named[0].columns)
        raise KpiError(f"it has no column '{missing}'.")
    return fitting[0]


def _plan(opened: Workspace, reader: ColumnReader, sheet: StagedSheet, file: Path, table: TableMapping) -> Plan:
    """Return how a table is read. Raises KpiError where a person would have to be asked."""
    if table.entity in ("", OPEN):
        raise KpiError("the mapping does not say what one row is.")
    profiles = column_profiles(reader.staging, sheet, reader.words)
    kept = KeptMappings(file.parent, {file: (table,)}, file)
    doctor = Doctor(opened.registry, reader, kept, opened.config.currency, earlier=earlier(opened))
    (case,) = doctor.together([doctor.examined(TableCase(sheet.path, sheet, profiles, table, file, True))])
    if case.questions:
        raise KpiError(case.questions[0].text)
    assert case.plan is not None
    return case.plan


def _refuse_rows_without_key(plans: Sequence[Plan]) -> None:
    for plan in plans:
        if not plan.entity.key or not {*plan.entity.key} <= {*plan.mapping.fields}:
            raise KpiError("its rows have no key, and are read one delivery at a time.")
