"""What notes and reasons say, with the words of sales beside the core's: for tests that compare texts."""

from __future__ import annotations

from collections.abc import Iterable

from kpicore import Answer, Note
from tests.crm import crm_registry

WORDING = crm_registry().wording


def note_words(note: Note | None) -> str:
    return WORDING.note(note)


def note_texts(notes: Iterable[Note]) -> tuple[str, ...]:
    return WORDING.notes(notes)


def why_none(answer: Answer) -> str:
    return WORDING.why_none(answer)
