"""`[[source]] kind = "files"` in kpi.toml: files that are read by mappings a workspace keeps, without questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpicore import BadConfig, Message, StreamSource, Unreadable, open_workspace
from kpicore_sources.earlier import earlier, today
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.source import FILES, FileSource
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.strange_words import refuse_strange_words
from kpicore_sources.files.streams import case_stream


@dataclass(slots=True)
class ConfiguredFile:
    """One file named in kpi.toml. It is opened when its batches are asked for, not before."""

    name: str
    path: Path
    workspace: Path
    mapping: Path | None
    ids_of: str = FILES
    _unreadable: list[Unreadable] = field(default_factory=list)

    def messages(self, cursors: Mapping[str, str]) -> Iterator[Message]:
        """Yield the rows of all tables. Raises BadFile, and BadConfig when no mapping is kept for them."""
        with open_workspace(self.workspace) as opened, Staging() as staging:
            reader = ColumnReader(staging, read_words(), opened.config.timezone)
            kept = kept_mappings(opened.config.folder, self.mapping)
            doctor = Doctor(
                opened.registry, reader, kept, opened.config.currency, earlier=earlier(opened), day=today(opened)
            )
            cases = doctor.examine([self.path])
            for case in cases:
                if not case.kept:
                    raise BadConfig(
                        kept.folder, f"no mapping fits {case.sheet.place}", hint=f"Run: kpi import {self.path}"
                    )
                if case.filled:
                    raise BadConfig(case.file, case.assumptions[0], hint=f"Run: kpi import {self.path}")
                if case.questions:
                    raise BadConfig(case.file, case.questions[0].text, hint=f"Run: kpi import {self.path}")
            refuse_strange_words(doctor.with_words(cases), doctor.earlier)
            # inside the `with`: the rows are read from the staging while the load takes them
            planned = [(case.plan, case_stream(self.workspace, case)) for case in cases if case.plan]
            plans, streams = tuple(plan for plan, _ in planned), tuple(stream for _, stream in planned)
            source = FileSource(self.path.name, staging, reader, plans, streams, name=self.name, original=self.path)
            yield from source.messages(cursors)
            self._unreadable = list(source.unreadable())

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what could not be read."""
        return tuple(self._unreadable)


def open_files(settings: Mapping[str, Any]) -> StreamSource:
    """Return the source of a [[source]] table: its `name`, `path`, `mapping`, and the folder of the `workspace`.

    Paths are relative to the workspace. Raises BadConfig when `path` is empty.
    """
    path = settings["path"]
    if not path.strip():
        raise BadConfig(f"source '{settings['name']}'", "has no path", hint='Write path = "exports/deals.csv".')
    workspace = Path(settings["workspace"])
    mapping = settings.get("mapping")
    return ConfiguredFile(
        settings["name"],
        workspace / path,
        workspace,
        workspace / mapping if mapping else None,
    )
