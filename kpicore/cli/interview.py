"""Who answers what an import asks: a file of answers, else a person, else nobody, who takes what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpicore.cli.answers_file import AnswersFile
from kpicore.errors import BadArgument, BadConfig, closest
from kpicore.model.load_questions import Asker, LoadAnswer, LoadQuestion, answer_to
from kpicore.text.plain_text import harmless

NOTHING_LOADED, LOADED = "Nothing was loaded.", "The rows are loaded; this answer is not kept."


@dataclass(slots=True)
class Interview:
    """An `Asker` that remembers what was asked and what it said: no question is asked twice.

    `person` answers what the file leaves open. Where there is none, what a question has by default is taken, and with
    `yes` what it assumes. `outcome` ends what is told of a wrong answer.
    """

    answers: AnswersFile = field(default_factory=AnswersFile)
    person: Asker | None = None
    yes: bool = False
    outcome: str = NOTHING_LOADED
    _asked: dict[str, LoadQuestion] = field(default_factory=dict)
    _said: dict[str, LoadAnswer] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)

    def __call__(self, question: LoadQuestion) -> LoadAnswer | None:
        """Return the answer, None where nobody has one. Raises BadConfig for an answer of the file that is none."""
        self._asked[question.id] = question
        if question.id in self.answers.given:
            said: LoadAnswer | None = self._of_the_file(question)
        elif self.person is not None:
            said = self._of_the_person(question, self.person)
        else:
            return self._taken(question)
        if said is not None:
            self._said[question.id] = said
            self._given.add(question.id)
        return said

    @property
    def open(self) -> list[LoadQuestion]:
        """What was asked, and neither the file nor the person has answered."""
        return [question for id, question in self._asked.items() if id not in self._given]

    @property
    def unanswered(self) -> list[LoadQuestion]:
        """Of those that are open the ones for which nothing was taken either."""
        return [question for question in self.open if self._taken(question) is None]

    def knows(self, id: str) -> bool:
        """Whether the file answers the question of that id."""
        return id in self.answers.given

    def was_given(self, question: LoadQuestion) -> bool:
        """Whether somebody has answered, so that the answer is none that was only assumed."""
        return question.id in self._given

    def refused(self, question: LoadQuestion, error: Exception) -> None:
        """Take an answer back that cannot be. Raises BadConfig where it is the file's: a person is asked again."""
        if question.id in self.answers.given:
            raise self._wrong(question.id, str(error)) from None
        self._said.pop(question.id, None)
        self._given.discard(question.id)

    def refuse_unknown(self, kept: Mapping[str, LoadAnswer], later: Iterable[str] = ()) -> None:
        """Refuse answers of the file that no question of this import has asked for.

        `kept` are the answers that stand somewhere already, by id: a file may say the same again. `later` are the
        names of questions that are asked only once the rows are loaded.
        """
        names = tuple(later)
        for id, given in self.answers.given.items():
            if id in self._asked or _is_of(id, names) or _same(kept.get(id), given):
                continue
            if id in kept:
                raise self._wrong(id, f"is not asked: it is {_shown(kept[id])} already", "Change it where it is kept.")
            raise self._unknown(id, [*self._asked, *kept, *names])

    def never_asked(self, names: Iterable[str]) -> list[str]:
        """Return the ids of the file that are of one of the names, and that nobody asked for."""
        wanted = (*names,)
        return [id for id in self.answers.given if id not in self._asked and _is_of(id, wanted)]

    def _taken(self, question: LoadQuestion) -> str | None:
        """Return the answer where nobody is asked."""
        return question.default or (question.assumed if self.yes else "") or None

    def _of_the_file(self, question: LoadQuestion) -> LoadAnswer:
        try:
            return answer_to(question, self.answers.given[question.id])
        except BadArgument as error:
            raise self._wrong(question.id, error.message.removesuffix("."), error.hint) from None

    def _of_the_person(self, question: LoadQuestion, person: Asker) -> LoadAnswer | None:
        # two files of one mapping ask the same; where its choices are others, the answer to one is none for the other
        said = self._said.get(question.id)
        if said is not None:
            try:
                return answer_to(question, said)
            except BadArgument:
                pass
        return person(question)

    def _unknown(self, id: str, known: Iterable[str]) -> BadConfig:
        ids = [*dict.fromkeys(known)]
        nearest = closest(id, ids)
        listed = ", ".join(f"'{known_id}'" for known_id in ids[:_MOST_LISTED])
        hint = f"Did you mean '{nearest}'?" if nearest else f"Known: {listed}." if ids else ""
        problem = f"no question of this import is '{harmless(id, 200)}'"
        return BadConfig(self.answers.file, problem, hint=f"{hint} {self.outcome}".strip())

    def _wrong(self, id: str, problem: str, hint: str = "") -> BadConfig:
        place = f"{self.answers.file} '{harmless(id, 200)}'"
        return BadConfig(place, problem, hint=f"{hint} {self.outcome}".strip())


_MOST_LISTED = 8


def _is_of(id: str, names: tuple[str, ...]) -> bool:
    return any(id == name or id.startswith(f"{name}.") for name in names)


def _same(kept: LoadAnswer | None, given: object) -> bool:
    if isinstance(kept, tuple):
        return isinstance(given, list) and sorted(map(_plain, kept)) == sorted(map(_plain, given))
    return kept is not None and _plain(kept) == _plain(given)


def _plain(text: object) -> str:
    """Return what is the same of two ways to write an answer; a text for all rows may stand in its quotes."""
    return str(text).strip().strip("'").casefold()


def _shown(kept: LoadAnswer) -> str:
    return ", ".join(f"'{harmless(text, 60)}'" for text in ((kept,) if isinstance(kept, str) else kept)) or "none"
