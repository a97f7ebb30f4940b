"""The mappings that a workspace keeps: found again by the header of a file, written for people to review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpicore import BadConfig, toml_document, toml_text, write_whole
from kpicore_sources.files.mapping import TableMapping, mapping_text, read_mapping, without_unproven
from kpicore_sources.files.profile import EMPTY, Profile
from kpicore_sources.files.staging import StagedSheet

FOLDER = "mappings"
Answer = tuple[str, str, str]
"""A section, a key, and the value that a mapping gets there."""


@dataclass(frozen=True, slots=True)
class KeptMappings:
    """The mapping files of a workspace, by path; `chosen` is the only one when the user named it, else None."""

    folder: Path
    files: Mapping[Path, tuple[TableMapping, ...]]
    chosen: Path | None = None

    def encoding(self, path: Path) -> str:
        """Return the encoding that the mapping for a file of this name gives, or ""."""
        tables = self.files.get(self.chosen or self.folder / f"{path.stem}.toml", ())
        return next((table.encoding for table in tables if table.encoding), "")

    def find(self, sheet: StagedSheet) -> tuple[Path, TableMapping] | None:
        """Return the mapping for tables with this header, with its file.

        Raises: BadConfig for a chosen one that does not fit.
        """
        # The mapping of the same name first: files of different content may share a header.
        own = self.chosen or self.folder / f"{sheet.path.stem}.toml"
        for file in [own, *(other for other in self.files if other != own and self.chosen is None)]:
            # as a set: another order of columns is the same file to it
            fitting = [table for table in self.files.get(file, ()) if set(table.header) == set(sheet.columns)]
            named = [table for table in fitting if table.sheet == sheet.name]
            # A sheet that was given another name still has its header.
            if named or fitting:
                return file, (named or fitting)[0]
        return self._nearly(sheet) if self.chosen else None

    def new_file(self, sheet: StagedSheet) -> Path:
        """Return where a new mapping for the file goes: beside those that are there."""
        file, number = self.folder / f"{sheet.path.stem}.toml", 2
        while file.exists():
            file, number = self.folder / f"{sheet.path.stem}-{number}.toml", number + 1
        return file

    def _nearly(self, sheet: StagedSheet) -> tuple[Path, TableMapping] | None:
        """Return the table of the chosen mapping whose columns the file has, beside others."""
        assert self.chosen is not None
        tables = self.files[self.chosen]
        for table in tables:
            used = {column for column in table.fields.values() if column in table.header}
            if used <= set(sheet.columns) and len(tables) == 1:
                return self.chosen, table
        if len(tables) == 1:
            missing = [column for column in tables[0].header if column not in sheet.columns]
            raise BadConfig(self.chosen, f"is for a file with other columns: {sheet.place} has no '{missing[0]}'")
        return None


def kept_mappings(workspace: Path, chosen: Path | None = None) -> KeptMappings:
    """Return the mappings of a workspace, or the `chosen` one alone. Raises BadConfig for one that cannot be read."""
    folder = workspace / FOLDER
    files = [chosen] if chosen is not None else sorted(folder.glob("*.toml"))
    return KeptMappings(folder, {file: read_mapping(file) for file in files}, chosen)


def write_mapping(file: Path, source: str, tables: Sequence[TableMapping]) -> None:
    """Write a new mapping file. Raises BadConfig when it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(file, f"cannot be written: {error.strerror or error}") from None
    write_whole(file, mapping_text(source, tables))


def amend_mapping(file: Path, sheet: StagedSheet, answers: Sequence[Answer]) -> None:
    """Put answers (section, key, value) into a mapping that people have edited; their comments stay.

    What is left out when it is read goes, so that its comment does not stay behind an answer.

    Raises: BadConfig when it cannot be written, or is spelled in a way that nothing can be put into.
    """
    text = without_unproven(toml_text(file))
    tables = read_mapping(file)
    # None has this header where columns have come since: then its only table is meant.
    fitting = [n for n, table in enumerate(tables) if set(table.header) == set(sheet.columns)] or [0]
    named = [n for n in fitting if tables[n].sheet == sheet.name]
    amended = amended_text(text, (named or fitting)[0], answers)
    if amended is None:
        raise BadConfig(
            file, "no answers can be put into it as it is spelled", hint="Write [table.fields] and the like."
        )
    write_whole(file, amended)


def amended_text(text: str, number: int, answers: Sequence[Answer]) -> str | None:
    """Return the text of a mapping with answers in one of its tables, None where its spelling allows none."""
    import tomlkit

    meant = toml_document(text, FOLDER)
    _answer(meant["table"][number], answers, dict)
    # a section of its own where there is none yet; inside what is inline or dotted it is inline too
    for new in (tomlkit.table, tomlkit.inline_table):
        # tomlkit writes back all else as it stood, with the comments that people made
        document = tomlkit.parse(text)
        try:
            _answer(document["table"][number], answers, new)
        except ValueError:  # a table in an inline one
            continue
        if toml_document(amended := tomlkit.dumps(document), FOLDER) == meant:
            return amended
    return None


def _answer(table: Any, answers: Iterable[Answer], new: Callable[[], Any]) -> None:
    for section, key, value in answers:
        place = table
        for part in section.split(".", 1):
            if part not in place:
                place[part] = new()
            place = place[part]
        place[key] = value


def filled_since(kept: TableMapping, proposed: TableMapping, profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Return the fields that a proposal fills from columns that were empty, without those that the kept mapping has.

    Nobody decided about an empty column, so it is looked at once it is filled.
    """
    filled = {column for column in kept.empty if column in profiles and profiles[column].kind != EMPTY}
    return {
        field: column
        for field, column in proposed.fields.items()
        # a column that stands in an expression is used, whatever else it would fill
        if column in filled - kept.used and field not in kept.fields
    }


def filled_notes(fields: Mapping[str, str], file: Path) -> tuple[str, ...]:
    """Return what to tell of each field that is read now."""
    return tuple(
        f"{column} was empty when {file} was made: it is read as {field} from now on"
        for field, column in fields.items()
    )


def with_answers(answers: tuple[Answer, ...], section: str, more: Mapping[str, str]) -> tuple[Answer, ...]:
    """Return the answers with more of a section, each key once."""
    known = {(where, key) for where, key, _ in answers}
    return (*answers, *((section, key, value) for key, value in more.items() if (section, key) not in known))
