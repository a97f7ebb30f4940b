# kpi_note_words: note words 'often_renewed': its text is no format: expected '}' before end of
# string. (note_words_format.py, line 9)

from kpicore import NoteWords, hookimpl


@hookimpl
def kpi_note_words():
    yield NoteWords("often_renewed", "{rows loans were renewed too often")
