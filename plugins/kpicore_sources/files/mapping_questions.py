"""What is asked about one table: how columns are read, which one is the id, in which currency amounts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpicore import Type, day_name
from kpicore_sources.files.currency_signs import code_of
from kpicore_sources.files.plan import MappingQuestion, Plan
from kpicore_sources.files.profile import EMPTY
from kpicore_sources.files.proposal import KEYLESS, fits
from kpicore_sources.files.reading import AnswerChoice
from kpicore_sources.files.typed_values import NUMBERS

_MOST = 5
"""No more columns are offered."""


def reading_questions(plan: Plan) -> list[MappingQuestion]:
    """Ask how the columns are read whose values prove no reading."""
    questions = {}
    for input_ in (*plan.direct.values(), *plan.inputs.values()):
        decision = input_.reading.decision
        if decision.ambiguous:
            text = f"{plan.sheet.place}, column {input_.column}: {decision.evidence}"
            questions[input_.column] = MappingQuestion("columns", input_.column, text, decision.choices)
    return list(questions.values())


def key_question(plan: Plan) -> list[MappingQuestion]:
    """Ask for the id where rows cannot do without one."""
    missing = [name for name in plan.entity.key if name not in plan.mapping.fields]
    if plan.entity.name in KEYLESS:
        return _unknown_questions(plan)
    if not missing:
        return []
    # an id comes once a row, so a column whose values come again is none
    unique = [name for name, profile in plan.profiles.items() if profile.kind != EMPTY and not profile.few]
    choices = tuple(AnswerChoice(name, f"such as {plan.profiles[name].sample[0]}") for name in unique[:_MOST])
    return [
        MappingQuestion(
            "fields",
            missing[0],
            f"{plan.sheet.place}: which column is the {missing[0]} of the {plan.entity.name}?",
            choices,
        )
    ]


def _unknown_questions(plan: Plan) -> list[MappingQuestion]:
    """Ask for the first number and the day of rows that need no id, where no column fills any of their fields."""
    if plan.mapping.fields:
        return []
    fields = plan.entity.fields
    number = next((field for field in fields if field.type in NUMBERS), None)
    days = (field for field in fields if plan.entity.main_date in (field.name, day_name(field.name)))
    day = next((field for field in days if field.type in (Type.DATE, Type.MOMENT)), None)
    unfilled = [field for field in (number, day) if field]
    which = ", which ".join(f"the {'day (' + field.name + ')' if field is day else field.name}" for field in unfilled)
    text = f"{plan.sheet.place}: no column is known as a field of {plan.entity.name}; which is {which}?"
    questions = []
    for field in unfilled:
        likely = [name for name, profile in plan.profiles.items() if fits(field, profile, plan.entity)]
        choices = tuple(AnswerChoice(name, f"such as {plan.profiles[name].sample[0]}") for name in likely[:_MOST])
        questions.append(MappingQuestion("fields", field.name, text, choices))
    return questions


def currency_question(plan: Plan, signs_by_column: Mapping[str, Sequence[str]]) -> list[MappingQuestion]:
    """Ask in which currency amounts are, where signs beside the numbers tell and nothing is mapped to it."""
    if not signs_by_column or plan.entity.field("currency") is None or "currency" in plan.mapping.fields:
        return []
    column, signs = next(iter(signs_by_column.items()))
    shown = ", ".join(dict.fromkeys(sign for column_signs in signs_by_column.values() for sign in column_signs))
    codes = {code_of(sign) for column_signs in signs_by_column.values() for sign in column_signs}
    text = f"{plan.sheet.place}, column {column}: the amounts carry {shown}; in which currency are the rows?"
    if len(codes) > 1:
        return [MappingQuestion("fields", "currency", text + " There is no column that says it")]
    (code,) = codes
    # one sign of several currencies, as $: rows without a currency are in the organisation's own
    if not code:
        return [MappingQuestion("fields", "currency", text)] if len(signs) > 1 else []
    return [
        MappingQuestion("fields", "currency", text, (AnswerChoice(f"'{code}'", f"all rows in {code}"),), f"'{code}'")
    ]
