# win_rate: the words of 'win_rate' in 'de' are left out: plugins give it more than 1,000

from kpicore import Words, hookimpl


@hookimpl
def kpi_words():
    yield Words("win_rate", "de", "", tuple(f"Quote {number}" for number in range(10_000)))
