# won_deals: its name 'Close rate' is left out: 'win_rate' is found by it

from kpicore import Words, hookimpl


@hookimpl
def kpi_words():
    yield Words("won_deals", "en", "", ("Close rate",))
