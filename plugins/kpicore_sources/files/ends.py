"""Whether a column holds the last day of something or the first day after it: proven by the rows, or asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from kpicore import Entity, Field, Type
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.convert import conversion
from kpicore_sources.files.mapping import ALWAYS, DAY_AFTER, LAST_DAY, OPEN, TableMapping
from kpicore_sources.files.plan import MappingQuestion, Plan
from kpicore_sources.files.reading import EXCEPTIONS, AnswerChoice, Decision
from kpicore_sources.files.staging import Staging

SECTION = "ends"
_FEW = 3
"""So many next rows may stand where they do by chance."""
_STARTS = {0: DAY_AFTER, 1: LAST_DAY}
"""What an end is behind which the next row of the same key begins after so many days."""


def decided_ends(plan: Plan, reader: ColumnReader, *, kept: bool) -> tuple[TableMapping, list[MappingQuestion]]:
    """Return the mapping with all ends that the rows prove, and a question for each other.

    A mapping that was `kept` without a word about an end was read as the first day after, so that there even a
    proof is asked about: rows loaded earlier are not moved in silence. So is one against what was decided.
    """
    mapping, questions = plan.mapping, list[MappingQuestion]()
    for field in plan.entity.fields:
        decided = mapping.end(field.name)
        if not field.ends or field.type is not Type.DATE or field.name not in mapping.fields:
            continue
        if decided not in ("", OPEN):
            questions += _contradicted(plan, reader, field, decided) if kept else ()
            continue
        decision, _ = _decision(plan, reader, field)
        if decision is None:
            continue
        if decision.reading and not kept:
            mapping = _with(mapping, field.name, decision.reading, decision.evidence)
            continue
        if not kept:
            ways = " or ".join(f'"{choice.reading}" ({choice.shown})' for choice in decision.choices)
            mapping = _with(mapping, field.name, OPEN, f"{decision.evidence}: write {ways}")
        questions.append(_question(plan, field, decision, proof=decision.reading if decided == OPEN else ""))
    return mapping, questions


def _contradicted(plan: Plan, reader: ColumnReader, field: Field, decided: str) -> list[MappingQuestion]:
    """Ask about an end that was decided where the next rows of more than a few keys prove the other reading."""
    if plan.mapping.says_of_end(field.name, ALWAYS):
        return []
    decision, followed = _decision(plan, reader, field)
    if decision is None or decision.reading in ("", decided) or followed <= _FEW:
        return []
    shown = {choice.reading: choice.shown for choice in decision.choices}
    choices = (
        AnswerChoice(decision.reading, shown[decision.reading]),
        AnswerChoice(f"{decided}, {ALWAYS}", shown[decided]),
    )
    text = f"{plan.sheet.place}, column {plan.mapping.fields[field.name]}: the mapping says '{decided}', but"
    return [MappingQuestion(SECTION, field.name, f"{text} {decision.evidence}", choices)]


def assumed(question: MappingQuestion, answer: str, mapping: TableMapping, file: object) -> str:
    """Return what to tell of an answer that nobody gave."""
    other = DAY_AFTER if answer == LAST_DAY else LAST_DAY
    column = mapping.fields[question.key]
    return (
        f"{column} is taken for the {_WORDS[answer]} ({question.evidence}); if it is the {_WORDS[other]},"
        f' write {question.key} = "{other}" under [table.ends] in {file} and import again'
    )


_WORDS = {LAST_DAY: "last day", DAY_AFTER: "first day after the last"}


def _with(mapping: TableMapping, name: str, reading: str, note: str) -> TableMapping:
    notes = {**mapping.notes, f"{SECTION}.{name}": note}
    return replace(mapping, ends={**mapping.ends, name: reading}, notes=notes)


def _question(plan: Plan, field: Field, decision: Decision, proof: str) -> MappingQuestion:
    column = plan.mapping.fields[field.name]
    text = f"{plan.sheet.place}, column {column}: is it the last day, or the first day after? {decision.evidence}"
    return MappingQuestion(
        SECTION,
        field.name,
        text,
        decision.choices,
        default=proof,
        assumed=decision.reading or LAST_DAY,
        evidence=decision.evidence,
    )


def _decision(plan: Plan, reader: ColumnReader, field: Field) -> tuple[Decision | None, int]:
    """Return what the rows prove, and how many next rows do; None where no row has an end, or dates are asked about."""
    key = _key(plan.entity, plan.mapping.fields)
    names = [name for name in (field.name, field.ends, key) if name in plan.mapping.fields]
    if any(name in plan.direct and not plan.direct[name].reading.code for name in names):
        return None, 0
    # ends={}: of the dates as they stand, before any of them is moved
    mapping = replace(plan.mapping, fields={name: plan.mapping.fields[name] for name in names}, ends={})
    converted = conversion(replace(plan, mapping=mapping), reader)
    end, start, of = (converted.fields.get(name, "NULL") for name in (field.name, field.ends, key))
    table = reader.staging.new_table()
    reader.staging.query(
        f"CREATE TABLE {table} AS SELECT CAST({of} AS VARCHAR) AS k, CAST({start} AS DATE) AS s, {end} AS e"
        f" FROM {plan.sheet.table} WHERE NOT ({converted.left_out})",
        converted.values,
    )
    decision = _proven(reader.staging, table)
    reader.staging.query(f"DROP TABLE {table}")
    return decision


def _proven(staging: Staging, table: str) -> tuple[Decision | None, int]:
    """Return what rows of a key k, a start s and an end e prove, and how many next rows do; None where no row ends."""
    last, first, every, example = staging.query(
        f"SELECT count(*) FILTER (WHERE e = last_day(e)), count(*) FILTER (WHERE day(e) = 1), count(e), min(e)"
        f" FROM {table}"
    )[0]
    if not every:
        return None, 0
    # An end before its start proves nothing.
    # of each end the rows of the same key are looked for that begin on it (0) or a day later (1)
    following = staging.query(
        # after 0: the next row begins on the end itself, which is the day after; 1: a day later, so it is the last day
        f"SELECT after, count(*), arg_min(k, e), min(e) FROM (SELECT *, unnest([0, 1]) AS after FROM {table}) AS one"
        f" WHERE coalesce(e + after > s, TRUE)"
        f" AND EXISTS (FROM {table} AS next WHERE next.k = one.k AND next.s = one.e + one.after) GROUP BY after"
    )
    choices = (
        AnswerChoice(LAST_DAY, f"it is over on {example + timedelta(1)}"),
        AnswerChoice(DAY_AFTER, f"it is over on {example}"),
    )
    followed = _by_next_row(following)
    decision = followed or _by_months(int(last), int(first), int(every))
    rows = sum(int(count) for _, count, _, _ in following) if followed else 0
    return replace(decision or Decision("", f"nothing tells, such as {example}"), choices=choices), rows


def _key(entity: Entity, mapped: Mapping[str, str]) -> str:
    """Return the field that rows of one stretch after the other share: what the entity first refers to.

    The rows of an entity with a name are no stretches of something else.
    """
    if entity.label:
        return ""
    return next((field.name for field in entity.fields if field.refers_to and field.name in mapped), "")


def _by_next_row(following: list[tuple[int, int, str, date]]) -> Decision | None:
    """Return what the next rows of the same key prove: they begin on the end, or one day later."""
    total = sum(count for _, count, _, _ in following)
    for after, count, key, end in following:
        if count >= (1 - EXCEPTIONS) * total:
            evidence = f"{key} ends {end}, and its next row begins {end + timedelta(after)}"
            return Decision(_STARTS[after], evidence)
    return None


def _by_months(last: int, first: int, every: int) -> Decision | None:
    """Return what it proves that all ends are last days of months, or all are first days."""
    for count, reading, day in ((last, LAST_DAY, "last"), (first, DAY_AFTER, "first")):
        if count >= (1 - EXCEPTIONS) * every:
            return Decision(reading, f"the ends are {day} days of months")
    return None
