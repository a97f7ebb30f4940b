# kpi_words: words 'win_rate.DE': its language is a language such as 'de' or 'pt-br', not 'DE'. (words_language.py,
# line 9)

from kpicore import Words, hookimpl


@hookimpl
def kpi_words():
    yield Words("win_rate", "DE", "Die Quote.")
