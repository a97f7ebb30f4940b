"""What an import or a source must ask, as data: whoever shows a question, whoever answers it, it is this record.

Who must know something builds a `LoadQuestion` and calls `ask(question)`, an `Asker`. The answer is the value of a
choice, a text where the question is `free`, or a tuple of values where it takes `many`; it is None where nobody
answers. Behind `ask` stand a file of answers, a person at a terminal, a page, or nobody: see `Interview`.

A new kind of question takes three steps:

- an `id` that says where the answer is kept, and what it is about: "mappings/loans.toml#keeps",
  "words.loan.state.Back", "same.reader.17". It is the same with each import, and no other question has it.
- `answer = ask(question)`: with None do what is done where nobody is asked. `default` is taken wherever nobody
  answers, `assumed` with --yes alone, and `likely` is only shown: a person need but agree.
- keep the answer where the next import finds it, so that the question does not come again.

What stands in a mapping is a `MappingQuestion` of the files' doctor, and needs its answer put into the mapping alone.
What can be asked only of rows that were loaded is an `ImportQuestion`, which plugins give by `kpi_import_questions`.
`yes_or_no` makes what is agreed to or not: whether rows that are gone are removed, with their number in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

from kpicore.errors import BadArgument, BadDefinition, closest
from kpicore.model.checked import place
from kpicore.text.plain_text import harmless, value_shown

YES, NO = "yes", "no"
LoadAnswer = str | tuple[str, ...]
"""The value of a choice or a free text; of a question that takes many a tuple of them, perhaps an empty one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer there is: its `value`, what people are `shown` (the value, unless it is told), and a `note` beside it.

    >>> Choice("back").shown
    'back'
    """

    value: str
    shown: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        _refuse_other_types(self, "choice")
        object.__setattr__(self, "shown", self.shown or self.value)


@dataclass(frozen=True, slots=True)
class LoadQuestion:
    """One thing that an import must know and only people can tell.

    `about` names the file and column, `text` asks. Of several things that are asked about below one text `label` says
    which. With `many` the answer is some of the choices, perhaps none, and with `ordered` in an order; with `free` it
    may be another text than theirs. `hint` says how to answer.
    """

    id: str
    about: str
    text: str
    choices: tuple[Choice, ...] = ()
    default: str = ""
    assumed: str = ""
    likely: str = ""
    many: bool = False
    ordered: bool = False
    free: bool = False
    hint: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        _refuse_other_types(self, "question", "id")
        where = place("question", self.id)
        values = [choice.value for choice in self.choices]
        if not self.id.strip() or harmless(self.id) != self.id:
            raise BadDefinition(where, "its id is a text in one line that people can read")
        if len({*values}) < len(values):
            raise BadDefinition(where, "two of its choices have the same value")
        if not values and not self.free and not self.many:
            raise BadDefinition(where, "it has no choices, and takes no other text")
        if (self.ordered and not self.many) or (self.free and self.many):
            raise BadDefinition(where, "it is ordered only where it takes many, and takes many only of its choices")
        proposed = [value for value in (self.default, self.assumed, self.likely) if value]
        if proposed and (self.many or (not self.free and not {*proposed} <= {*values})):
            raise BadDefinition(where, f"{value_shown(proposed[0])} is proposed and is none of its choices")

    @property
    def heading(self) -> str:
        """What is asked, with what it is about."""
        return f"{self.about}: {self.text}" if self.about else self.text

    @property
    def proposed(self) -> str:
        """The answer that a person need only agree to, "" where there is none."""
        return self.default or self.assumed or self.likely

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is agreed to or not."""
        return not self.many and not self.free and [choice.value for choice in self.choices] == [YES, NO]


Asker = Callable[[LoadQuestion], LoadAnswer | None]
"""Gives the answer to a question, None where nobody knows it."""


def yes_or_no(id: str, text: str, *, about: str = "", default: str = "", assumed: str = "") -> LoadQuestion:
    """Return a question that is agreed to or not.

    >>> yes_or_no("gone.loans", "Remove the 3 loans that are gone?", assumed=NO).is_yes_or_no
    True
    """
    return LoadQuestion(id, about, text, (Choice(YES), Choice(NO)), default, assumed)


def id_of(*parts: str) -> str:
    """Return an id whose last parts may be any text of a file: a line that can be read, and that no other text gives.

    >>> id_of("words", "loan", "state", "Given\\nback")
    'words.loan.state.Given\\\\nback'
    """
    return ".".join(_readable(part) for part in parts)


def _readable(text: str) -> str:
    if len(text) <= _LONGEST_PART:
        return harmless(text)
    from hashlib import sha256  # which hardly a text needs

    # what tells long texts from each other may be what is cut off
    return f"{harmless(text, _LONGEST_PART)}~{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


_LONGEST_PART = 100


def answer_to(question: LoadQuestion, given: object) -> LoadAnswer:
    """Return what somebody gave as an answer: choices by what they are or how they are shown, whatever the case.

    >>> answer_to(yes_or_no("gone", "Remove them?"), True)
    'yes'

    Raises: BadArgument for what is no answer to the question.
    """
    if question.is_yes_or_no and isinstance(given, bool):
        return YES if given else NO
    texts = _texts(given)
    if question.many:
        return _many(question, texts)
    if isinstance(given, list | tuple):
        raise BadArgument("it takes one answer, and no list.")
    return _value(question, texts[0])


def _texts(given: object) -> list[str]:
    texts = []
    for text in given if isinstance(given, list | tuple) else [given]:
        if not isinstance(text, str):
            raise BadArgument(f"an answer is a text or a list of texts, not {value_shown(text)}.")
        texts.append(text)
    return texts


def _many(question: LoadQuestion, texts: Sequence[str]) -> tuple[str, ...]:
    values = [_value(question, text) for text in texts]
    for number, value in enumerate(values):
        if question.ordered and value in values[:number]:
            raise BadArgument(f"'{_words(question, value)}' has one place in the order, not two.")
    return (*dict.fromkeys(values),)


def _words(question: LoadQuestion, value: str) -> str:
    return harmless(next(choice.shown for choice in question.choices if choice.value == value), 60)


def _value(question: LoadQuestion, text: str) -> str:
    """Return the value of the choice that is meant, else the text itself where any is taken."""
    folded = text.strip().casefold()
    ways = (
        [choice for choice in question.choices if choice.value == text],
        [choice for choice in question.choices if choice.value.strip().casefold() == folded],
        [choice for choice in question.choices if choice.shown.strip().casefold() == folded],
    )
    for meant in ways:
        if len(meant) == 1:
            return meant[0].value
    if question.free and text.strip():
        return text
    known = [choice.shown for choice in question.choices]
    nearest = closest(text, known)
    listed = ", ".join(f"'{harmless(name, 60)}'" for name in known[:_MOST_LISTED])
    hint = f"Did you mean '{harmless(nearest, 60)}'?" if nearest else f"There are {listed}." if known else ""
    raise BadArgument(f"'{harmless(text, 60)}' is none of its choices.", hint=hint)


_MOST_LISTED = 8


def question_to_json(question: LoadQuestion) -> dict[str, Any]:
    """Return a question as JSON and TOML can hold it: texts, truth values, and a list of choices."""
    return {**asdict(question), "choices": [asdict(choice) for choice in question.choices]}


def question_from_json(record: Mapping[str, Any]) -> LoadQuestion:
    """Return the question that `question_to_json` gave. Raises BadArgument and BadDefinition for what is none."""
    given = _known(LoadQuestion, record)
    choices = given.get("choices", [])
    if not isinstance(choices, list):
        raise BadArgument(f"the choices of a question are a list, not {value_shown(choices)}.")
    return LoadQuestion(**{**given, "choices": tuple(Choice(**_known(Choice, choice)) for choice in choices)})


def _known(kind: type[Choice | LoadQuestion], record: object) -> dict[str, Any]:
    parts = fields(kind)
    names, needed = {part.name for part in parts}, {part.name for part in parts if part.default is MISSING}
    if not isinstance(record, Mapping) or not needed <= {*record} <= names:
        raise BadArgument(f"a {kind.__name__} has {', '.join(sorted(names))}, not {value_shown(record)}.")
    return dict(record)


def _refuse_other_types(record: Any, kind: str, *named_by: str) -> None:
    """Refuse what is of another type. Not by `check_fields`: a value may be any text of a file, and is not shown so."""
    types = {"str": str, "bool": bool, "tuple[Choice, ...]": tuple}
    for field in fields(record):
        value = getattr(record, field.name)
        if type(value) is not types[str(field.type)] or (
            type(value) is tuple and any(type(part) is not Choice for part in value)
        ):
            named = (getattr(record, name) for name in named_by)
            raise BadDefinition(place(kind, *named), f"its {field.name} cannot be {value_shown(value)}")
