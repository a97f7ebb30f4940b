# kpi_note_words: note words 'often_renewed': its text is a text or a function, not 7. (note_words_text.py, line 8)

from kpicore import NoteWords, hookimpl


@hookimpl
def kpi_note_words():
    yield NoteWords("often_renewed", 7)
