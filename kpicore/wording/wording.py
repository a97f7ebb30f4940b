"""A language's words for what is to be known of answers: what notes say, and why there is no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kpicore.model import questions
from kpicore.model.notes import WITHOUT_VALUE, Note
from kpicore.model.questions import Answer
from kpicore.text.plain_text import harmless
from kpicore.wording.attained import Attained, attained_words
from kpicore.wording.note_words import NoteWords
from kpicore.wording.notes import NOTES, listed

REASONS: Mapping[str, str] = MappingProxyType(
    {
        questions.ZERO_DENOMINATOR: "no value",
        questions.NO_ROWS: "no value",
        questions.UNDEFINED: "no value",
        questions.NO_DATA: "no data",
        questions.NOT_LOADED: "not loaded",
        questions.NOT_STARTED: "not started",
        questions.NO_TARGET: "no target",
        questions.AMBIGUOUS_TARGET: "no value",
    }
)
"""The reasons of answers without a value, in a few words."""

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        questions.ZERO_DENOMINATOR: "Nothing to divide by",
        questions.NO_ROWS: "No rows in this period",
        questions.NO_DATA: "Outside the loaded dates",
        questions.NOT_LOADED: "Not loaded",
        questions.NOT_STARTED: "Has not started",
        questions.NO_TARGET: "No target is set",
        questions.UNDEFINED: "Has no value",
    }
)
"""The same as the beginning of a sentence."""


def _of_the_core() -> Mapping[str, NoteWords]:
    return MappingProxyType({words.kind: words for words in NOTES})


@dataclass(frozen=True, slots=True)
class Wording:
    """What each kind of notes says, and each reason: in a few words, and as a sentence for a cell.

    `presumed` are the words of the reasons that presumptions bring. A kind that is not among them says its name and
    its values, a reason its name. Of kinds beside those that it `says`, where these are told, it says nothing at all.
    """

    kinds: Mapping[str, NoteWords] = field(default_factory=_of_the_core)
    reasons: Mapping[str, str] = field(default_factory=lambda: REASONS)
    sentences: Mapping[str, str] = field(default_factory=lambda: SENTENCES)
    presumed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    says: frozenset[str] | None = None

    def joined(self, notes: Iterable[NoteWords], presumed: Mapping[str, str]) -> Wording:
        """Return the wording that knows these kinds of notes too, and these reasons."""
        kinds = {**self.kinds, **{note.kind: note for note in notes}}
        return replace(self, kinds=MappingProxyType(kinds), presumed=MappingProxyType({**self.presumed, **presumed}))

    def only(self, kinds: Iterable[str]) -> Wording:
        """Return the wording that says notes of these kinds alone.

        >>> Wording().only(["to_date"]).note(Note.of("undated", entity="loan", field="lent_on", rows=1))
        ''
        """
        return replace(self, says=frozenset(kinds))

    def note(self, note: Note | None) -> str:
        """Return what a note says, "" for none.

        >>> Wording().note(Note.of("undated", entity="loan", field="lent_on", rows=1))
        '1 row of loan has no lent_on and is in no period'
        >>> Wording().note(Note.of("mislaid", shelf="b", days=3))
        'mislaid: shelf b, days 3'
        """
        if note is None or (self.says is not None and note.kind not in self.says):
            return ""
        if note.kind == WITHOUT_VALUE and isinstance(reason := note.value("reason"), str):
            return self.spelt(reason)
        words = self.kinds.get(note.kind)
        try:
            said = words.said(dict(note.values)) if words else None
        except Exception:  # foreign code, or the values of another version
            said = None
        return said if isinstance(said, str) else _unknown(note)

    def notes(self, notes: Iterable[Note]) -> tuple[str, ...]:
        """Return what notes say, each text once."""
        return tuple(dict.fromkeys(filter(None, map(self.note, notes))))

    def why_none(self, answer: Answer, *, short: bool = False) -> str:
        """Return why an answer has no value, "no value: base is 0" or in `short` "no value"; empty when it has one."""
        return self.why(answer.reason, None if short else answer.detail)

    def why(self, reason: str | None, detail: Note | None = None) -> str:
        """Return why there is no value, "no value: base is 0"; empty without a reason."""
        if reason is None:
            return ""
        words = self.reasons.get(reason) or self._named(reason)
        told = harmless(self.note(detail))
        return f"{words}: {told}" if told else words

    def sentence(self, answer: Answer) -> str:
        """Return why an answer has no value as a sentence, "Nothing to divide by: base is 0"; empty when it has one."""
        if answer.value is not None:
            return ""
        reason = answer.reason or "not computed"
        words = self.sentences.get(reason) or self._named(reason).capitalize()
        told = self.note(answer.detail)
        return f"{words}: {told}" if told else words

    def spelt(self, reason: str | None, detail: Note | None = None) -> str:
        """Return a reason by its own name, with what it is about: "zero denominator: base is 0"; "" for none."""
        words = self._named(reason or "")
        told = self.note(detail)
        return f"{words}: {told}" if told else words

    def attained(self, given: Attained, *, with_days: bool = True) -> str:
        """Return what was reached of a target, or why there is none.

        So many working days of a period in progress are told `with_days`:
        "632k of 700k, 103% of pace (58 of 66 working days)".
        """
        return attained_words(given, with_days=with_days) or self.unattained(given.reason, given.detail)

    def unattained(self, reason: str | None, detail: Note | None = None) -> str:
        """Return why there is nothing to say of a target."""
        return self.note(detail) or self.spelt(reason)

    def _named(self, reason: str) -> str:
        return self.presumed.get(reason) or reason.replace("_", " ")


def _unknown(note: Note) -> str:
    values = ", ".join(f"{name} {listed(value)}" for name, value in note.values)
    kind = note.kind.replace("_", " ")
    return f"{kind}: {values}" if values else kind
