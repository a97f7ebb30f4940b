"""The mappings that a workspace keeps: found again by the header of a file, written for people to review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicore import BadConfig, write_whole
from kpicore_sources.files.mapping import TableMapping, mapping_text, read_mapping, without_unproven
from kpicore_sources.files.staging import Sheet

FOLDER = "mappings"


@dataclass(frozen=True, slots=True)
class Kept:
    """The mapping files of a workspace, by path; `chosen` is the only one when the user named it, else None."""

    folder: Path
    files: Mapping[Path, tuple[TableMapping, ...]]
    chosen: Path | None = None

    def encoding(self, path: Path) -> str:
        """Return the encoding that the mapping for a file of this name gives, or ""."""
        tables = self.files.get(self.chosen or self.folder / f"{path.stem}.toml", ())
        return next((table.encoding for table in tables if table.encoding), "")

    def find(self, sheet: Sheet) -> tuple[Path, TableMapping] | None:
        """Return the mapping for tables with this header, with its file.

        Raises: BadConfig for a chosen one that does not fit.
        """
        own = self.chosen or self.folder / f"{sheet.path.stem}.toml"
        for file in [own, *(each for each in self.files if each != own and self.chosen is None)]:
            fitting = [each for each in self.files.get(file, ()) if set(each.header) == set(sheet.columns)]
            named = [each for each in fitting if each.sheet == sheet.name]
            if named or fitting:
                return file, (named or fitting)[0]
        return self._nearly(sheet) if self.chosen else None

    def new_file(self, sheet: Sheet) -> Path:
        """Return where a new mapping for the file goes: beside those that are there."""
        file, number = self.folder / f"{sheet.path.stem}.toml", 2
        while file.exists():
            file, number = self.folder / f"{sheet.path.stem}-{number}.toml", number + 1
        return file

    def _nearly(self, sheet: Sheet) -> tuple[Path, TableMapping] | None:
        """Return the table of the chosen mapping whose columns the file has, beside others."""
        assert self.chosen is not None
        tables = self.files[self.chosen]
        for table in tables:
            used = {column for column in table.fields.values() if column in table.header}
            if used <= set(sheet.columns) and len(tables) == 1:
                return self.chosen, table
        if len(tables) == 1:
            missing = [each for each in tables[0].header if each not in sheet.columns]
            raise BadConfig(self.chosen, f"is for a file with other columns: {sheet.place} has no '{missing[0]}'")
        return None


def kept_mappings(workspace: Path, chosen: Path | None = None) -> Kept:
    """Return the mappings of a workspace, or the `chosen` one alone. Raises BadConfig for one that cannot be read."""
    folder = workspace / FOLDER
    files = [chosen] if chosen is not None else sorted(folder.glob("*.toml"))
    return Kept(folder, {file: read_mapping(file) for file in files}, chosen)


def write_mapping(file: Path, source: str, tables: Sequence[TableMapping]) -> None:
    """Write a new mapping file. Raises BadConfig when it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(file, f"cannot be written: {error.strerror or error}") from None
    write_whole(file, mapping_text(source, tables))


def amend_mapping(file: Path, sheet: Sheet, answers: Sequence[tuple[str, str, str]]) -> None:
    """Put answers (section, key, value) into a mapping that people have edited; their comments stay.

    What is left out when it is read goes, so that its comment does not stay behind an answer.

    Raises: BadConfig when it cannot be written.
    """
    import tomlkit

    document = tomlkit.parse(without_unproven(file.read_text(encoding="utf-8-sig")))
    tables = read_mapping(file)
    fitting = [n for n, each in enumerate(tables) if set(each.header) == set(sheet.columns)] or [0]
    named = [n for n in fitting if tables[n].sheet == sheet.name]
    target = document["table"][(named or fitting)[0]]
    for section, key, value in answers:
        place = target
        for part in section.split(".", 1):
            if part not in place:
                place[part] = tomlkit.table()
            place = place[part]
        place[key] = value
    write_whole(file, tomlkit.dumps(document))
