"""The definitions files of a workspace: each `*.toml` in its folder `metrics`, read and checked for shape.

What is wrong is a flaw: of one definition, and then the others of the file work; or of the whole file
(no TOML, an unknown table), and then nobody knows what it was to say about any KPI.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpicore.config.reader import OWN_FOLDER
from kpicore.definitions.toml_lines import lines_of
from kpicore.definitions.toml_tables import DefinitionRefused, TomlTable
from kpicore.errors import closest
from kpicore.model.metrics import Metric
from kpicore.model.schema import Field

FieldOf = tuple[str, str]
_TABLES = ("metric", "field")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong; `item` is the metric's id, entity and field ("order.size"), or "" for the whole file."""

    file: str
    line: int
    item: str
    problem: str

    @property
    def told(self) -> str:
        """The problem with what it is about, without the place."""
        what = f"{'field' if '.' in self.item else 'metric'} '{self.item}': " if self.item else ""
        return f"{what}{self.problem}"

    def __str__(self) -> str:
        return f"{place(self.file, self.line)}: {self.told}"


def place(file: str, line: int) -> str:
    """Return "metrics/own.toml, line 12", the file alone where the line is not known."""
    return f"{file}, line {line}" if line else file


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What one file defines. `replaces` are the ids and fields that are meant to stand in for given ones."""

    name: str
    metrics: tuple[Metric, ...] = ()
    fields: tuple[Field, ...] = ()
    replaces: frozenset[str | FieldOf] = frozenset()
    flaws: tuple[Flaw, ...] = ()
    tables: TomlTable = field(default_factory=lambda: TomlTable({}, (), {}))

    @property
    def is_unread(self) -> bool:
        """Whether the file is wrong as a whole."""
        return any(not flaw.item for flaw in self.flaws)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all metrics that the file speaks of, the flawed ones too."""
        return frozenset(
            (*(metric.id for metric in self.metrics), *(flaw.item for flaw in self.flaws if "." not in flaw.item))
        )

    def aliases(self, id: str) -> tuple[str, ...]:
        """The other names that the file gives a metric, which may be flawed."""
        metric = self.tables.table("metric").values.get(id)
        listed = metric.get("aliases") if isinstance(metric, Mapping) else None
        return tuple(alias for alias in (listed if isinstance(listed, list) else [listed]) if isinstance(alias, str))

    def said(self, field: Field) -> frozenset[str]:
        """The words that the file says of a field."""
        return frozenset(self.tables.table("field").table(field.entity).table(field.name).values)


def own_files(folder: Path) -> tuple[OwnFile, ...]:
    """Return the definitions files of the workspace in `folder`, by name."""
    files = sorted((folder / OWN_FOLDER).glob("*.toml"))
    return tuple(own_file(file, f"{OWN_FOLDER}/{file.name}") for file in files)


def own_file(path: Path, name: str) -> OwnFile:
    """Return what a file defines; `name` is what to call it."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Notepad writes a byte order mark
    except UnicodeDecodeError:
        return _unread(name, 0, "it is not UTF-8 text.")
    except OSError as error:
        return _unread(name, 0, f"{error.strerror or error}.")
    return parse_own(text, name)


def parse_own(text: str, name: str) -> OwnFile:
    """Return what the text of a file defines."""
    from kpicore.definitions.fields import field_of
    from kpicore.definitions.metrics import metric_of

    try:
        tables = _tables(text)
        definitions = list(_definitions(tables))
    except DefinitionRefused as refused:
        return _unread(name, refused.line, refused.problem)
    flaws: list[Flaw] = []
    metrics: list[Metric] = []
    fields: list[Field] = []
    for item, table in definitions:
        try:
            with table.refusing("id"):
                if table.path[0] == "metric":
                    metrics.append(metric_of(item, table))
                else:
                    # a name in quotes may hold dots: wherever it is parted, the record refuses it
                    entity, name_of = item.split(".", 1)
                    fields.append(field_of(entity, name_of, table))
        except DefinitionRefused as refused:
            flaws.append(Flaw(name, refused.line, item, refused.problem))
    metric_tables, field_tables = tables.table("metric").values, tables.table("field").values
    # the records do not hold `replaces`: it is asked of the tables that they were read from
    ids = {metric.id for metric in metrics if metric_tables[metric.id].get("replaces")}
    keys = {(field.entity, field.name) for field in fields if field_tables[field.entity][field.name].get("replaces")}
    return OwnFile(name, tuple(metrics), tuple(fields), frozenset(ids | keys), tuple(flaws), tables)


def _unread(name: str, line: int, problem: str) -> OwnFile:
    return OwnFile(name, flaws=(Flaw(name, line, "", problem),))


def _tables(text: str) -> TomlTable:
    try:
        return TomlTable(tomllib.loads(text), (), lines_of(text.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        # tomllib tells the place in its words only
        at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        lines = text.split("\n")
        line = int(at[1] or len(lines)) if at else 0
        problem = str(error)[: at.start()] if at else str(error)
        hint = " A table in braces stands on one line." if "{" in lines[line - 1] and "}" not in lines[line - 1] else ""
        raise DefinitionRefused(line, f"this is no TOML: {problem[:1].lower()}{problem[1:]}.{hint}") from None
    except ValueError:
        raise DefinitionRefused(0, "it has a number of thousands of digits.") from None
    except RecursionError:
        raise DefinitionRefused(0, "it is nested too deep.") from None


def _definitions(tables: TomlTable) -> Iterator[tuple[str, TomlTable]]:
    """Yield each definition's name and table. Raises DefinitionRefused where something else stands."""
    for key in tables.values:
        if key not in _TABLES:
            nearest = closest(key, _TABLES)
            hint = f"Did you mean '{nearest}'?" if nearest else "A definition begins with [metric.its_id]."
            tables.refuse(key, f"no table named '{key}'", hint)
    if isinstance(tables.values.get("metric"), list):
        tables.refuse("metric", "a metric is a table with its id", "Write [metric.its_id], not [[metric]].")
    for id in tables.table("metric").values:
        yield id, tables.table("metric").table(id)
    for entity in tables.table("field").values:
        for name in tables.table("field").table(entity).values:
            yield f"{entity}.{name}", tables.table("field").table(entity).table(name)
