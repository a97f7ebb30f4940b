"""Joint rules, looked at for a period: which of them apply, with the numbers that tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kpicore.calendar import Period
from kpicore.engine.compile.compare_steps import earlier_period
from kpicore.engine.engine import Engine
from kpicore.errors import KpiError
from kpicore.language import MissingInput, Node, formula_python, parse_formula
from kpicore.model.figures import name_of
from kpicore.model.inputs import Earlier, Target
from kpicore.model.notes import TEXT, Note
from kpicore.model.questions import Answer, Question
from kpicore.model.rules import Rule, Yardstick
from kpicore.model.units import Unit
from kpicore.wording.wording import Wording

Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RuleNumber:
    """One of the numbers that a rule looked at: `what` it is, its value, or the reason why it has none."""

    name: str
    what: str
    value: float | None
    unit: Unit
    n: int = 0
    reason: Note | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule for a period: whether it `applies`, None where the data or the period cannot tell, and `reason`."""

    rule: Rule
    period: Period
    applies: bool | None
    numbers: tuple[RuleNumber, ...] = ()
    reason: Note | None = None


def findings(engine: Engine, rules: Sequence[Rule], period: Period, cuts: Cuts = ()) -> list[Finding]:
    """Return what each rule says of the period, in their order; all their questions are one batch.

    A rule that does not stand, or that these cuts cannot be asked of, tells why; the others work.
    """
    checked = [(rule, _problem(engine, rule, period, cuts)) for rule in rules]
    standing = [rule for rule, problem in checked if not problem]
    questions = [question for rule in standing for question in _questions(engine, rule, period, cuts)]
    refused = {question: problem for question in questions if (problem := engine.refusal(question))}
    # a batch is refused whole, for one question in it that cannot be asked
    possible = [question for question in dict.fromkeys(questions) if question not in refused]
    answers = dict(zip(possible, engine.answer(possible), strict=True))
    return [
        Finding(rule, period, None, reason=problem)
        if problem
        else _finding(engine, rule, period, cuts, answers, refused)
        for rule, problem in checked
    ]


def _problem(engine: Engine, rule: Rule, period: Period, cuts: Cuts) -> Note | None:
    """Return why a rule cannot be looked at for the period, None when it can."""
    if rule.grains and (
        period.whole is not None or not {grain.value for grain in engine.calendar.grains_of(period)} & {*rule.grains}
    ):
        return Note.of("about_grains", grains=tuple(rule.grains))
    try:
        condition(rule, engine.definitions.settings)
        questions = _questions(engine, rule, period, cuts)
        if rule.at_end and period.last > min(map(engine.today_of, questions), default=engine.today):
            return Note.of("not_over", period=str(period))
    except KpiError as error:
        return Note.of(TEXT, text=str(error))
    return None


def condition(rule: Rule, settings: Mapping[str, object]) -> Node:
    """Return the condition of a rule as a formula that is 1 where it holds and else 0. Raises BadExpression."""
    # a formula gives a number, so that it can be printed to every host
    text = f"case when {rule.when} then 1 else 0 end"
    return parse_formula(text, tuple(rule.inputs), settings=settings, where=f"rule '{rule.id}'")


def _questions(engine: Engine, rule: Rule, period: Period, cuts: Cuts) -> list[Question]:
    return [_question(engine, yardstick, period, cuts) for name in rule.inputs for yardstick in rule.yardsticks(name)]


def _question(engine: Engine, yardstick: Yardstick, period: Period, cuts: Cuts) -> Question:
    id, variant = engine.definitions.named(yardstick.ref)
    yardstick = engine.definitions.settled(yardstick, "an input")
    question = Question(id, variant, period, cuts)
    if isinstance(yardstick, Earlier):
        earlier = earlier_period(period, yardstick.step, engine.today_of(question), engine.calendar)
        return replace(question, period=earlier)
    return question


def _finding(
    engine: Engine,
    rule: Rule,
    period: Period,
    cuts: Cuts,
    answers: Mapping[Question, Answer],
    refused: Mapping[Question, str],
) -> Finding:
    def number(name: str) -> RuleNumber:
        tried = [
            _number(engine, name, yardstick, _question(engine, yardstick, period, cuts), answers, refused)
            for yardstick in rule.yardsticks(name)
        ]
        # the first yardstick with a number; where none has one the last tells why
        return next((known for known in tried if known.value is not None), tried[-1])

    numbers = tuple(number(name) for name in rule.inputs)
    holds = formula_python(condition(rule, engine.definitions.settings))
    applies, reason = _applies(holds, numbers, engine.registry.wording)
    return Finding(rule, period, applies, numbers, reason)


def _applies(
    holds: Callable[[Mapping[str, float | None]], float], numbers: Sequence[RuleNumber], wording: Wording
) -> tuple[bool | None, Note | None]:
    try:
        return bool(holds({number.name: number.value for number in numbers})), None
    except MissingInput as absent:
        lacking = next((number for number in numbers if number.name == absent.name), None)
        if lacking is None:
            return None, Note.of("lacks_value", name=absent.name)
        return None, Note.of("lacks_number", what=lacking.what, why=wording.note(lacking.reason))
    except ZeroDivisionError:
        return None, Note.of("denominator_zero")
    except ValueError:
        return None, Note.of("condition_not_finite")


def _number(
    engine: Engine,
    name: str,
    yardstick: Yardstick,
    question: Question,
    answers: Mapping[Question, Answer],
    refused: Mapping[Question, str],
) -> RuleNumber:
    unit = engine.definitions.get(question.metric, question.variant).unit
    if isinstance(yardstick, Target):
        value = engine.target(question)
        reason = None if value is not None else Note.of("target_not_set")
        return RuleNumber(name, f"target of {yardstick.ref}", value, unit, reason=reason)
    if question in refused:
        return RuleNumber(name, yardstick.ref, None, unit, reason=Note.of(TEXT, text=refused[question]))
    answer = answers[question]
    when = f", {question.period}" if isinstance(yardstick, Earlier) else ""
    spelt = engine.registry.wording.spelt(answer.reason, answer.detail)
    why = Note.of(TEXT, text=spelt) if spelt else None
    return RuleNumber(name, f"{name_of(answer)}{when}", answer.value, unit, answer.n, why)
