"""What an importer asks people once files have been loaded, as only they can tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Id, Line
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import blamed_on

if TYPE_CHECKING:
    from kpicore.model.ordered_choice import OrderedChoice
else:
    OrderedChoice = object  # a record checks that its functions are some, whatever they give

Workspace = Any  # it stands above what is asked in it


@dataclass(frozen=True, slots=True)
class ImportQuestion:
    """A question after an import: `ask` gives it as it is to be asked in a workspace now, None where it is answered."""

    name: Id
    meaning: Line
    ask: Callable[[Workspace], OrderedChoice | None]

    def __post_init__(self) -> None:
        check_fields(self, "import question", "name")

    def asked(self, workspace: Workspace) -> OrderedChoice | None:
        """Return what is to be asked, None for nothing. Raises KpiError, for whatever else its plugin raises too."""
        from kpicore.model.ordered_choice import OrderedChoice  # which no other command needs

        where = place("import question", self.name)
        with blamed_on(where):
            question = self.ask(workspace)
        if question is not None and type(question) is not OrderedChoice:
            raise BadDefinition(where, f"it asks by an OrderedChoice, not {value_shown(question)}")
        return question

    def answered(self, choice: OrderedChoice, places: Sequence[int]) -> None:
        """Keep the answer to what was asked. Raises KpiError, for whatever else its plugin raises too."""
        with blamed_on(place("import question", self.name)):
            choice.keep(places)
