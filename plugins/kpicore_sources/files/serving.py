"""Which kept tables serve a sheet: all columns that they read are there, whatever has come or gone beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kpicore import BadConfig
from kpicore_sources.files.mapping import OPEN, TableMapping
from kpicore_sources.files.staging import StagedSheet

_ALIKE = 0.5
"""The least share of columns in common with which a mapping serves a file of another name."""
_SHOWN = 8
_NUMBERED = re.compile(r"(?P<name>.+) \((?P<number>\d+)\)")
_UNNAMED = re.compile(r"column \d+")


@dataclass(frozen=True, slots=True)
class ServingTable:
    """A table of a mapping file beside a sheet, whose columns are named as the mapping spells them.

    `number` is its place in the file from 0. `own` says that the file is the one for files of this name, or was chosen,
    `kin` that it was made beside that one, as deals-2.toml beside deals.toml; `renamed` gives the sheet's spelling of
    each column that the mapping spells in another way.
    """

    file: Path
    number: int
    mapping: TableMapping
    sheet: StagedSheet
    own: bool
    kin: bool
    renamed: Mapping[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns that it reads and the sheet does not have; of tables that read none, all of the header."""
        needed = self.mapping.needed
        if not needed or self.mapping.entity in ("", OPEN) or self.unnamed:
            strange = set(self.mapping.header) ^ set(self.sheet.columns)
            return tuple(name for name in (*self.mapping.header, *self.sheet.columns) if name in strange)
        return tuple(name for name in needed if name not in self.sheet.columns)

    @property
    def unnamed(self) -> bool:
        """Whether it reads a column without a name: one known by its place alone, which others may have taken."""
        return any(_UNNAMED.fullmatch(name) for name in self.mapping.needed)

    @property
    def exact(self) -> bool:
        """Whether the sheet has the columns of the header and no others, in any order."""
        return set(self.mapping.header) == set(self.sheet.columns)

    @property
    def named(self) -> bool:
        """Whether the sheet's name is the table's."""
        return self.mapping.sheet == self.sheet.name

    @property
    def likeness(self) -> float:
        """The share of all columns that header and sheet have in common."""
        header, columns = set(self.mapping.header), set(self.sheet.columns)
        return len(header & columns) / max(1, len(header | columns))

    @property
    def serves(self) -> bool:
        """Whether the sheet can be read by it; of another file's mapping it must have most columns."""
        if self.missing or (not self.own and self.mapping.entity == OPEN):
            return False
        return self.own or self.likeness >= _ALIKE

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, float, bool]:
        """What orders tables that serve, the best highest."""
        near = self.own or self.kin
        return (near, near and self.named, self.exact, self.named, self.likeness, self.own)

    @property
    def sure(self) -> bool:
        """Whether the columns and the file's name leave no doubt that it is the mapping for this sheet."""
        return self.own or self.exact

    def notes(self) -> tuple[str, ...]:
        """Return a line each for the columns that are spelled in another way, have come, and have gone."""
        now = set(self.sheet.columns)
        # a column may be written under [table.fields] though the header does not have it
        known = {*self.mapping.header, *self.mapping.reads(self.sheet.columns)}
        needed = self.mapping.needed
        spelled = [f"{theirs} is taken for {ours}" for ours, theirs in self.renamed.items() if ours in needed]
        new = [name for name in self.sheet.columns if name not in known]
        gone = [name for name in self.mapping.header if name not in now]
        lines = [f"{', '.join(spelled[:_SHOWN])}: only case and spaces differ"] if spelled else []
        lines += [f"new since {self.file} was made, and not used: {_listed(new)}"] if new else []
        lines += [f"no longer in the file, and not used by {self.file}: {_listed(gone)}"] if gone else []
        return tuple(lines)

    @property
    def lacking(self) -> str:
        """What is told of a sheet that it does not serve: the columns that it reads and that are not there."""
        if self.unnamed:
            return "it reads a column without a name, and columns came or went beside it"
        fields = {
            name: [field for field, source in self.mapping.fields.items() if source == name] for name in self.missing
        }
        shown = [f"'{name}'" + (f" ({', '.join(filled)})" if filled else "") for name, filled in fields.items()]
        noun = "column" if len(shown) == 1 else "columns"
        return f"{self.sheet.place} lacks the {noun} {_listed(shown)}, which it reads"


def serving_table(
    file: Path, number: int, mapping: TableMapping, sheet: StagedSheet, *, own: bool, kin: bool = False
) -> ServingTable:
    """Return a table of a mapping file beside a sheet. Case and spaces in the names of columns play no part."""
    ours = _by_spelling(name for name in mapping.header if name not in sheet.columns)
    theirs = _by_spelling(name for name in sheet.columns if name not in mapping.header)
    # where two are spelled alike nobody knows which is which
    pairs = {names[0]: theirs[key][0] for key, names in ours.items() if len(names) == len(theirs.get(key, ())) == 1}
    if pairs:
        spelled = {theirs: ours for ours, theirs in pairs.items()}
        columns = tuple(spelled.get(name, name) for name in sheet.columns)
        sheet = replace(sheet, columns=columns, numeric=frozenset(spelled.get(name, name) for name in sheet.numeric))
    return ServingTable(file, number, mapping, sheet, own, kin, pairs)


def best_tables(tables: Sequence[ServingTable]) -> tuple[ServingTable, ...]:
    """Return the tables by which a sheet is read: the best one, and those beside it of the same header.

    Raises: BadConfig where several mappings serve as well and would read the sheet in different ways, and where a
    column has come or gone beside another one of its name.
    """
    serving = [table for table in tables if table.serves]
    if not serving:
        return ()
    # the first of equal ones: the file of this very name stands first
    best = max(serving, key=lambda table: table.rank)
    for rival in serving:
        if rival.file != best.file and rival.rank == best.rank and _differ(rival, best):
            hint = f"Say which: --mapping {best.file}, or delete the other one."
            raise BadConfig(best.sheet.path.name, f"{best.file} and {rival.file} both fit it, and differ", hint=hint)
    _refuse_doubled(best)
    return tuple(
        table
        for table in serving
        if table.file == best.file
        and table.mapping.sheet == best.mapping.sheet
        and set(table.mapping.header) == set(best.mapping.header)
    )


def nearest(tables: Sequence[ServingTable]) -> ServingTable | None:
    """Return the table of the file's own mapping that comes nearest to a sheet it does not serve, if any."""
    own = [table for table in tables if table.own and table.named and table.mapping.needed]
    return max(own, key=lambda table: table.likeness, default=None)


def _by_spelling(names: Iterable[str]) -> dict[str, list[str]]:
    spellings: dict[str, list[str]] = {}
    for name in names:
        spellings.setdefault("".join(unicodedata.normalize("NFKC", name).casefold().split()), []).append(name)
    return spellings


def _differ(table: ServingTable, other: ServingTable) -> bool:
    """Return whether two mappings read a sheet in different ways, whatever their comments say."""
    plain, others = (
        replace(one.mapping, header=(), empty=(), encoding="", sheet="", notes={}, unused=(), untold={})
        for one in (table, other)
    )
    return plain != others


def _refuse_doubled(table: ServingTable) -> None:
    """Refuse a sheet with more or fewer columns of one name than the mapping knows: which is meant nobody can tell."""
    strange = set(table.mapping.header) ^ set(table.sheet.columns)
    for name in sorted(strange):
        numbered = _NUMBERED.fullmatch(name)
        if numbered and numbered["name"] in table.mapping.needed:
            bare = numbered["name"]
            there = name in table.sheet.columns
            problem = f"has {'another' if there else 'no second'} column '{bare}', which {table.file} reads"
            hint = f"In {table.file} write which is meant under [table.fields], and the columns of the file in header."
            raise BadConfig(table.sheet.place, problem, hint=hint)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
