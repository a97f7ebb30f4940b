"""The mappings that a workspace keeps: found again by the columns of a file, written for people to review."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpicore import BadConfig, toml_document, toml_text, write_whole
from kpicore_sources.files.mapping import TableMapping, mapping_text, read_mapping, tables_text, without_unproven
from kpicore_sources.files.profile import EMPTY, Profile
from kpicore_sources.files.serving import ServingTable, best_tables, nearest, serving_table
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

    def find(self, sheet: StagedSheet) -> tuple[ServingTable, ...]:
        """Return the tables of the mapping by which a sheet is read; none where all columns it reads are in none.

        The mapping for files of the same name comes first, as files of different content may share a header.

        Raises: BadConfig for a chosen one that does not fit, and where several fit as well.
        """
        tables = self._beside(sheet)
        best = best_tables(tables)
        near = None if best or self.chosen is None else nearest(tables)
        # a workbook has sheets beside those that a mapping was chosen for
        if near and (len(tables) == 1 or not sheet.name):
            raise BadConfig(near.file, f"is for a file with other columns: {near.lacking}")
        return best

    def unfit(self, sheet: StagedSheet) -> str:
        """Return why the mapping for files of this name is not used for a sheet, "" where there is none."""
        near = nearest(self._beside(sheet))
        return f"{near.file} is not used: {near.lacking}" if near and near.missing else ""

    def _beside(self, sheet: StagedSheet) -> list[ServingTable]:
        """Return all tables there are."""
        own = self.chosen or self.folder / f"{sheet.path.stem}.toml"
        kin = re.compile(rf"{re.escape(sheet.path.stem)}-\d+")
        return [
            serving_table(file, number, table, sheet, own=file == own, kin=bool(kin.fullmatch(file.stem)))
            for file in self.files
            for number, table in enumerate(self.files[file])
        ]

    def new_file(self, sheet: StagedSheet) -> Path:
        """Return where a new mapping for the file goes: beside those that are there."""
        file, number = self.folder / f"{sheet.path.stem}.toml", 2
        while file.exists():
            file, number = self.folder / f"{sheet.path.stem}-{number}.toml", number + 1
        return file


def kept_mappings(workspace: Path, chosen: Path | None = None) -> KeptMappings:
    """Return the mappings of a workspace, or the `chosen` one alone. Raises BadConfig for one that cannot be read."""
    folder = workspace / FOLDER
    files = [chosen] if chosen is not None else sorted(folder.glob("*.toml"))
    return KeptMappings(folder, {file: read_mapping(file) for file in files}, chosen)


def write_mapping(file: Path, source: str, tables: Sequence[TableMapping]) -> None:
    """Write new tables to a mapping file; what it holds of others stays.

    Raises: BadConfig when it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(file, f"cannot be written: {error.strerror or error}") from None
    others = _without(file, tables) if file.exists() else ""
    write_whole(file, others + tables_text(tables) if others else mapping_text(source, tables))


def take_back(file: Path, tables: Sequence[TableMapping]) -> None:
    """Take new tables out of a mapping file, and the file away where it holds no other."""
    others = _without(file, tables) if file.exists() else ""
    if others:
        write_whole(file, others)
    else:
        file.unlink(missing_ok=True)


def _without(file: Path, tables: Sequence[TableMapping]) -> str:
    """Return the text of a mapping file without the tables for the same sheets and headers, "" where no other is left.

    Raises: BadConfig when it is spelled in a way that no table can be put beside another.
    """
    import tomlkit

    sheets = {(table.sheet, frozenset(table.header)) for table in tables}
    kept = [(table.sheet, frozenset(table.header)) not in sheets for table in read_mapping(file)]
    if not any(kept):
        return ""
    document = tomlkit.parse(toml_text(file))
    listed: Any = document["table"]
    if not isinstance(listed, tomlkit.items.AoT):
        raise BadConfig(file, "no table can be put beside those of it as it is spelled", hint="Write [[table]].")
    for number in reversed(range(len(kept))):
        if not kept[number]:
            del listed[number]
    return tomlkit.dumps(document)


def amend_mapping(file: Path, number: int, answers: Sequence[Answer]) -> None:
    """Put answers (section, key, value) into a table of a mapping that people have edited; their comments stay.

    What is left out when it is read goes, so that its comment does not stay behind an answer.

    Raises: BadConfig when it cannot be written, or is spelled in a way that nothing can be put into.
    """
    amended = amended_text(without_unproven(toml_text(file)), number, answers)
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
    text = _with_room(text, number, answers)
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


def _with_room(text: str, number: int, answers: Iterable[Answer]) -> str:
    """Return the text with a line for each key that the table itself lacks: put last it would be its section's."""
    table = toml_document(text, FOLDER)["table"][number]
    heads = list(re.finditer(r"^[ \t]*\[\[[ \t]*table[ \t]*\]\][^\n]*\n", text, re.MULTILINE))
    lacking = [key for section, key, _ in answers if not section and key not in table]
    if not lacking or number >= len(heads):
        return text
    at = heads[number].end()
    return text[:at] + "".join(f'{key} = ""\n' for key in lacking) + text[at:]


def _answer(table: Any, answers: Iterable[Answer], new: Callable[[], Any]) -> None:
    for section, key, value in answers:
        place = table
        for part in section.split(".", 1) if section else ():
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
