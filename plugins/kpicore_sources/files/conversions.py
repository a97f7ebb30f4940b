"""What a lead was converted to: a CRM may mean an account, a contact or a deal, and none of them has paid yet."""

from __future__ import annotations

from pathlib import Path

from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.mapping import TableMapping
from kpicore_sources.files.plan import MappingQuestion, Plan
from kpicore_sources.files.reading import AnswerChoice
from kpicore_sources.files.typed_values import trimmed_sql

_FIELD, _DATE = "conversion", "converted_at"
_IDS = ("converted_customer_id", "converted_opportunity_id")
_UNKNOWN = "'unknown'"
_CHOICES = (
    AnswerChoice("'customer'", "someone who pays"),
    AnswerChoice("'account'", "a company that may buy"),
    AnswerChoice("'contact'", "a person who may buy"),
    AnswerChoice("'deal'", "a deal that may be won"),
    AnswerChoice(_UNKNOWN, "not known: they are not counted as converted, and answers tell of them"),
)


def conversion_question(plan: Plan, reader: ColumnReader) -> list[MappingQuestion]:
    """Ask what being converted means, where leads were converted and neither a customer nor a deal is named."""
    if plan.entity.name != "lead" or _DATE not in plan.direct or _FIELD in plan.mapping.fields:
        return []
    column = plan.direct[_DATE].column
    named = [plan.direct[name].column for name in _IDS if name in plan.direct]
    # rows that name a customer or a deal say themselves what the lead became
    empty = "".join(f" AND {trimmed_sql(plan.sheet.cell(id_column))} = ''" for id_column in named)
    sql = f"SELECT 1 FROM {plan.sheet.table} WHERE {trimmed_sql(plan.sheet.cell(column))} <> ''{empty} LIMIT 1"
    if not reader.staging.query(sql):
        return []
    text = f"{plan.sheet.place}, column {column}: what has a lead become that has a date here and no customer or deal?"
    return [MappingQuestion("fields", _FIELD, text, _CHOICES, _UNKNOWN)]


def conversion_hint(mapping: TableMapping, file: Path) -> tuple[str, ...]:
    """Return what to write where nobody said it."""
    if mapping.fields.get(_FIELD) != _UNKNOWN:
        return ()
    ways = " or ".join(f'"{choice.reading}"' for choice in _CHOICES if choice.reading != _UNKNOWN)
    hint = "leads converted without a customer or a deal are not counted as converted, and answers tell of them"
    return (f"{hint}: write {_FIELD} = {ways} under [table.fields] in {file}",)
