"""Fields with numbers that are too large to be worked out: which they are, where a load stops at one.

One that a plugin or the workspace gives is left empty and told, as it must not stop what others give. One of the core
stops the load, in words.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from kpicore.errors import BadBuild, BadDefinition
from kpicore.ingest.derive.making import Making, needs_of_all
from kpicore.ingest.fields.cycles import FieldOf, reached
from kpicore.ingest.fields.derived_rows import filled_rows
from kpicore.model.notes import TOO_LARGE
from kpicore.text.sql_text import quoted
from kpicore.warehouse.port import EntityState


def overflowing(making: Making) -> FieldOf | None:
    """Return a field whose values cannot be worked out, though those that it reads can; None where all can.

    Raises: BadDefinition for a field of the core.
    """
    failing = {filling for filling in making.definitions.fillings if not _is_sound(making, filling)}
    if not failing:
        return None
    needs = needs_of_all(making.definitions, making.rows)
    first = [each for each in sorted(failing) if not reached([each], needs) & failing - {each}]
    found = (first or sorted(failing))[0]
    if found not in making.registry.makers:
        hint = "Look for a number in the data that cannot be."
        raise BadDefinition(f"field '{'.'.join(found)}'", "what it is made of is too large a number", hint=hint)
    return found


def _is_sound(making: Making, field: FieldOf) -> bool:
    entity, name = field
    try:
        statement = filled_rows(making.definitions, making.rows[entity], [name], making.values)
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
