"""What an importer asks people once files have been loaded, as only they can tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Id, Line
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import blamed_on

if TYPE_CHECKING:
    from kpicore.model.load_questions import LoadAnswer, LoadQuestion
else:
    LoadAnswer = LoadQuestion = object  # a record checks that its functions are some, whatever they give

Workspace = Any  # it stands above what is asked in it


@dataclass(frozen=True, slots=True)
class ImportQuestion:
    """A question after an import: `ask` gives it as it is to be asked in a workspace now, nothing where it is answered.

    The id of what it gives is the `name`, or begins with it and a dot where there are several. `keep` is given the
    workspace, the question and its answer, which it keeps.
    """

    name: Id
    meaning: Line
    ask: Callable[[Workspace], Iterable[LoadQuestion]]
    keep: Callable[[Workspace, LoadQuestion, LoadAnswer], None]

    def __post_init__(self) -> None:
        check_fields(self, "import question", "name")

    def asked(self, workspace: Workspace) -> tuple[LoadQuestion, ...]:
        """Return what is to be asked. Raises KpiError, for whatever else its plugin raises too."""
        from kpicore.model.load_questions import LoadQuestion  # which no other command needs

        where = place("import question", self.name)
        with blamed_on(where):
            given = self.ask(workspace)
            questions = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
        for question in questions:
            if type(question) is not LoadQuestion:
                raise BadDefinition(where, f"it asks by LoadQuestions, not {value_shown(question)}")
            if question.id != self.name and not question.id.startswith(f"{self.name}."):
                problem = f"the id of its question is '{self.name}' or begins with '{self.name}.', not '{question.id}'"
                raise BadDefinition(where, problem)
        return questions

    def answered(self, workspace: Workspace, question: LoadQuestion, answer: LoadAnswer) -> None:
        """Keep the answer to what was asked. Raises KpiError, for whatever else its plugin raises too."""
        with blamed_on(place("import question", self.name)):
            self.keep(workspace, question, answer)
