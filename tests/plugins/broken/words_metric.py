# words won_dealz.sw: its metric: no KPI named 'won_dealz'. Did you mean 'won_deals'?

from kpicore import Words, hookimpl


@hookimpl
def kpi_words():
    yield Words("won_dealz", "sw", "Mikataba.")
