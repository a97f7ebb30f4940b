# kpi_words: words 'win_rate.de': its names is a tuple of names in one line, not 'Abschlussquote'. Write
# ('Abschlussquote',). (words_names.py, line 9)

from kpicore import Words, hookimpl


@hookimpl
def kpi_words():
    yield Words("win_rate", "de", "Anteil.", "Abschlussquote")
