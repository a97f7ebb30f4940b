# kpi_words: words 'win_rate.de': its description is a text, not None. (words_description.py, line 8)

from kpicore import Words, hookimpl


@hookimpl
def kpi_words():
    yield Words("win_rate", "de", None)
