"""References by name: deals that say "Acme" where accounts have ids. Each name is told apart and given its id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicore import Registry, Type, literal
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.typed_values import trimmed_sql

Earlier = Callable[[str, str], Iterable[tuple[str, str | None]]]
"""Gives the (id, name) of the rows of an entity that were loaded earlier; the name is the field's."""
_SHOWN = 3
_BY_LOAD = "target"
"""The entity whose names the load itself turns into ids."""


@dataclass(frozen=True, slots=True)
class NamedReference:
    """What the values of the reference `field` are, beside the rows of `entity` and their names in `by`.

    `ids`, `named`, `twice` and `unknown` count values: ids, names of one row, of several, of none.
    `rows` are those whose value is a name of one row. `table` gives the id of each `given` name.
    """

    field: str
    column: str
    entity: str
    by: str
    table: str
    ids: int
    named: int
    rows: int
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    more_unknown: int

    @property
    def likely(self) -> bool:
        """Whether the values are names rather than ids."""
        return self.named > self.ids and self.named >= len(self.unknown) + self.more_unknown

    def unjoined_note(self) -> str:
        """Return what to tell while names are not joined."""
        return f"{self.column}: {_names(self.named, of=True)} of {self.entity}, which {self.entity} has under other ids"

    def joined_notes(self) -> list[str]:
        """Return what to tell once names are joined."""
        rows = "row" if self.rows == 1 else "rows"
        ids = "its id" if self.named == 1 else "their ids"
        lines = [f"{self.column}: {_names(self.named)} of {self.entity} joined to {ids} ({self.rows:,} {rows})"]
        unknown = len(self.unknown) + self.more_unknown
        for number, what, names in (
            (unknown, f"no {self.entity}", self.unknown),
            (len(self.twice), f"several rows of {self.entity}, joined to none", self.twice),
        ):
            if number:
                lines.append(f"{self.column}: {_names(number, of=True)} of {what}: {_listed(names, number)}")
        return lines


def folded(cell: str) -> str:
    """Return SQL for a text without regard to case and to how many spaces part its words."""
    one_space = f"regexp_replace({trimmed_sql(cell)}, '[\\s\\x{{A0}}]+', ' ', 'g')"
    return f"lower(nfc_normalize({one_space}))"


def named_references(
    reader: ColumnReader,
    registry: Registry,
    plan: Plan,
    others: Sequence[Plan],
    earlier: Earlier,
    known: dict[tuple[str, str], str],
) -> list[NamedReference]:
    """Return what the values of each reference are; nothing of those whose entity no row is known of.

    `known` keeps the tables of names from one plan of an import to the next.
    """
    references: list[NamedReference] = []
    if plan.entity.name == _BY_LOAD:
        return references
    for field, input_ in plan.direct.items():
        target = input_.field.refers_to
        if not target or input_.field.type is not Type.TEXT or registry.entity(target).key != ("id",):
            continue
        by = plan.mapping.by.get(field, "") or registry.entity(target).label
        if by and (target, by) not in known:
            known[target, by] = _known(reader.staging, target, by, others, earlier)
        if known.get((target, by)):
            references.append(_named_reference(reader, plan, field, target, by, known[target, by]))
    return references


def near_names(reader: ColumnReader, plan: Plan, field: str, file: Path) -> list[str]:
    """Return a line for names in a reference that differ only in case or spaces, so that they count as two."""
    input_ = plan.direct[field]
    sample = plan.profiles[input_.column].sample
    bare = any(not any(sign.isdigit() for sign in text) for text in sample)
    if not input_.field.refers_to or input_.field.type is not Type.TEXT or not bare:
        return []
    cell = plan.sheet.cell(input_.column)
    # Not "WHERE given …": the database would look for digits in every row instead of in every text.
    names = "FILTER (WHERE given IS NOT NULL AND NOT regexp_matches(given, '[0-9]'))"
    groups = reader.staging.query(
        f"SELECT list(given ORDER BY n DESC, given) {names} FROM"
        f" (SELECT {reader.values.text('v')} AS given, sum(n) AS n FROM"
        f" (SELECT {cell} AS v, count(*) AS n FROM {plan.sheet.table} WHERE {cell} <> '' GROUP BY ALL) GROUP BY ALL)"
        f" GROUP BY {folded('given')} HAVING count(*) {names} > 1 ORDER BY 1"
    )
    replaced = plan.mapping.values.get(field, {})
    pairs = [(other, first) for ((first, *others),) in groups for other in others if other not in replaced]
    if not pairs:
        return []
    shown = ", ".join(f'"{text}" = "{meaning}"' for text, meaning in pairs[:_SHOWN])
    more = f" and {len(pairs) - _SHOWN:,} more" if len(pairs) > _SHOWN else ""
    return [
        f"{input_.column}: names that differ only in case or spaces count apart. To join them write {shown}{more}"
        f" under [table.values.{field}] in {file}"
    ]


def _known(staging: Staging, entity: str, by: str, others: Sequence[Plan], earlier: Earlier) -> str:
    """Lay out the id and the name of each row that is known; return the table, or "" when there is none."""
    table = staging.new_table()
    staging.query(f"CREATE TABLE {table} (id VARCHAR, name VARCHAR, folded VARCHAR)")
    for other in others:
        if other.entity.name == entity and "id" in other.direct:
            sheet = other.sheet
            name = trimmed_sql(sheet.cell(other.direct[by].column)) if by in other.direct else "NULL"
            key = trimmed_sql(sheet.cell(other.direct["id"].column))
            staging.query(f"INSERT INTO {table} SELECT {key}, {name}, NULL FROM {sheet.table} WHERE {key} <> ''")
    loaded = list(earlier(entity, by))
    if loaded:
        import pyarrow as pa

        names = ("id", "name")
        rows = pa.table({name: pa.array([row[at] for row in loaded], pa.string()) for at, name in enumerate(names)})
        staging.duckdb.register("loaded_names", rows)
        staging.query(
            f"INSERT INTO {table} SELECT id, name, NULL FROM loaded_names WHERE id NOT IN (SELECT id FROM {table})"
        )
        staging.duckdb.unregister("loaded_names")
    staging.query(f"UPDATE {table} SET folded = {folded('name')} WHERE name <> ''")
    ((names_there,),) = staging.query(f"SELECT count(folded) FROM {table}")
    return table if names_there else ""


def _named_reference(reader: ColumnReader, plan: Plan, field: str, entity: str, by: str, known: str) -> NamedReference:
    column = plan.direct[field].column
    staging = reader.staging
    cell, table = plan.sheet.cell(column), staging.new_table()
    # texts that the mapping replaces are decided; NOT IN () is no SQL, so '' stands for none of them
    mapped = ", ".join(literal(text) for text in plan.mapping.values.get(field, {})) or "''"
    staging.query(
        f"CREATE TABLE {table} AS WITH given AS (SELECT {reader.values.text('v')} AS given, sum(n) AS n FROM"
        f" (SELECT {cell} AS v, count(*) AS n FROM {plan.sheet.table} WHERE {cell} <> '' GROUP BY ALL) GROUP BY ALL),"
        # min(id) is the id where there is one alone; with several it is never read
        f" names AS (SELECT folded, count(DISTINCT id) AS ids, min(id) AS id FROM {known} GROUP BY folded)"
        " SELECT given.given, given.n, names.ids, names.id,"
        f" given.given IN (SELECT id FROM {known}) AS is_id"
        f" FROM given LEFT JOIN names ON names.folded = {folded('given.given')}"
        f" WHERE given.given NOT IN ('', {mapped})"
    )
    ((ids, joined, rows, unknown),) = staging.query(
        f"SELECT count(*) FILTER (is_id), count(*) FILTER (NOT is_id AND ids = 1),"
        f" coalesce(sum(n) FILTER (NOT is_id AND ids = 1), 0), count(*) FILTER (NOT is_id AND ids IS NULL) FROM {table}"
    )
    first = [
        tuple(
            str(name) for (name,) in staging.query(f"SELECT given FROM {table} WHERE NOT is_id AND {kind} LIMIT {most}")
        )
        for kind, most in (("ids > 1 ORDER BY n DESC, given", 1000), ("ids IS NULL ORDER BY n DESC, given", _SHOWN))
    ]
    # what stays are names of one row each, in which `convert` looks values up
    staging.query(f"DELETE FROM {table} WHERE is_id OR ids IS NULL OR ids > 1")
    return NamedReference(
        field, column, entity, by, table, ids, joined, int(rows), first[0], first[1], unknown - len(first[1])
    )


def _names(number: int, of: bool = False) -> str:
    if of:
        return "1 value is the name" if number == 1 else f"{number:,} values are names"
    return "1 name" if number == 1 else f"{number:,} names"


def _listed(names: Sequence[str], number: int) -> str:
    more = f" and {number - _SHOWN:,} more" if number > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
