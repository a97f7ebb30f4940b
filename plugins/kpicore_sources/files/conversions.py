"""What a lead was converted to: a CRM may mean an account, a contact or a deal, and none of them has paid yet."""

from __future__ import annotations

from pathlib import Path

from kpicore_sources.files.columns import Reader
from kpicore_sources.files.mapping import TableMapping
from kpicore_sources.files.plan import Plan, Question
from kpicore_sources.files.reading import Choice
from kpicore_sources.files.values import trimmed_sql

_FIELD, _DATE = "conversion", "converted_at"
_IDS = ("converted_customer_id", "converted_opportunity_id")
_UNKNOWN = "'unknown'"
_CHOICES = (
    Choice("'customer'", "someone who pays"),
    Choice("'account'", "a company that may buy"),
    Choice("'contact'", "a person who may buy"),
    Choice("'deal'", "a deal that may be won"),
    Choice(_UNKNOWN, "not known: they are not counted as converted, and answers tell of them"),
)


def conversion_question(plan: Plan, reader: Reader) -> list[Question]:
    """Ask what being converted means, where leads were converted and neither a customer nor a deal is named."""
    if plan.entity.name != "lead" or _DATE not in plan.direct or _FIELD in plan.mapping.fields:
        return []
    column = plan.direct[_DATE].column
    named = [plan.direct[each].column for each in _IDS if each in plan.direct]
    empty = "".join(f" AND {trimmed_sql(plan.sheet.cell(each))} = ''" for each in named)
    sql = f"SELECT 1 FROM {plan.sheet.table} WHERE {trimmed_sql(plan.sheet.cell(column))} <> ''{empty} LIMIT 1"
    if not reader.staging.query(sql):
        return []
    asked = f"{plan.sheet.place}, column {column}: what has a lead become that has a date here and no customer or deal?"
    return [Question("fields", _FIELD, asked, _CHOICES, _UNKNOWN)]


def conversion_hint(mapping: TableMapping, file: Path) -> tuple[str, ...]:
    """Return what to write where nobody said it."""
    if mapping.fields.get(_FIELD) != _UNKNOWN:
        return ()
    ways = " or ".join(f'"{each.reading}"' for each in _CHOICES if each.reading != _UNKNOWN)
    told = "leads converted without a customer or a deal are not counted as converted, and answers tell of them"
    return (f"{told}: write {_FIELD} = {ways} under [table.fields] in {file}",)
