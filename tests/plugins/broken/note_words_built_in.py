# stages_since: kind of notes 'stages_since' is built in by 'crm'; choose another name.

from kpicore import NoteWords, hookimpl


@hookimpl
def kpi_note_words():
    yield NoteWords("stages_since", "stages of the moon are known")
