"""Fields with numbers that are too large to be worked out: which they are, where a load stops at one.

One that a plugin or the workspace gives is left empty and told, as it must not stop what others give. One of the core
stops the load, in words.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from kpicore.errors import BadBuild, BadDefinition
from kpicore.ingest.derive.making import Making
from kpicore.ingest.fields.cycles import FieldOf, reached
from kpicore.ingest.fields.derived_rows import filled_rows
from kpicore.ingest.fields.field_plan import needs_of_all
from kpicore.model.notes import TOO_LARGE
from kpicore.text.sql_text import quoted
from kpicore.warehouse.port import EntityState


def overflowing(making: Making) -> FieldOf | None:
    """Return a field whose values cannot be worked out, though those that it reads can; None where all can.

    Raises: BadDefinition for a field of the core.
    """
    # each field alone costs a query, but this runs only where a load has failed: DuckDB does not say by which column
    converted = {(name, amount) for name, foreign in making.plan.foreign.items() for amount in foreign.amounts}
    failing = {field for field in converted.union(making.plan.derivations) if not _is_sound(making, field)}
    if not failing:
        return None
    needs = needs_of_all(making.plan, making.rows)
    # Whatever reads a field that fails fails too: the first one is that of which all that it reads can be worked out.
    first = [field for field in sorted(failing) if not reached([field], needs) & failing - {field}]
    culprit = (first or sorted(failing))[0]
    if culprit not in making.registry.makers:
        hint = "Look for a number in the data that cannot be."
        raise BadDefinition(f"field '{'.'.join(culprit)}'", "what it is made of is too large a number", hint=hint)
    return culprit


def _is_sound(making: Making, field: FieldOf) -> bool:
    entity, name = field
    try:
        # max() makes DuckDB work out every value, and fetches one
        statement = filled_rows(making.plan, making.rows[entity], [name], making.values)
        making.connection.execute(f"SELECT max({quoted(name)}) FROM ({statement.sql})", statement.values).fetchall()
    except duckdb.DataError:
        return False
    except BadBuild:  # no fault of the field: it reads a derived entity that fails
        return True
    return True


def emptied(states: Iterable[tuple[str, EntityState]]) -> frozenset[FieldOf]:
    """Return the fields that were left empty."""
    return frozenset(
        (entity, str(note.value("field"))) for entity, state in states for note in state.notes if note.kind == TOO_LARGE
    )
