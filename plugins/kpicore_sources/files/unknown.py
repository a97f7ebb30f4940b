"""Tables of which no column is known: what to ask about them."""

from __future__ import annotations

from kpicore import Type
from kpicore_sources.files.plan import Plan, Question
from kpicore_sources.files.proposal import day_name, fits
from kpicore_sources.files.reading import Choice
from kpicore_sources.files.values import NUMBERS

_MOST = 5


def unknown_questions(plan: Plan) -> list[Question]:
    """Ask for the first number and the day of rows that need no id, where no column fills any of their fields."""
    if plan.mapping.fields:
        return []
    fields = plan.entity.fields
    number = next((field for field in fields if field.type in NUMBERS), None)
    days = (field for field in fields if plan.entity.main_date in (field.name, day_name(field.name)))
    day = next((each for each in days if each.type in (Type.DATE, Type.MOMENT)), None)
    asked = [each for each in (number, day) if each]
    which = ", which ".join(f"the {'day (' + each.name + ')' if each is day else each.name}" for each in asked)
    text = f"{plan.sheet.place}: no column is known as a field of {plan.entity.name}; which is {which}?"
    found = []
    for each in asked:
        likely = [name for name, profile in plan.profiles.items() if fits(each, profile, plan.entity)]
        choices = tuple(Choice(name, f"such as {plan.profiles[name].sample[0]}") for name in likely[:_MOST])
        found.append(Question("fields", each.name, text, choices))
    return found
