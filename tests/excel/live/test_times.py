"""The periods of a live workbook are found by what they are, however many there are."""

from __future__ import annotations

from kpicore import Grain, Period, Question
from kpicore_excel.live.times import Span, Times, times_of


def test_each_of_many_periods_is_compared_with_few_others(tiny, monkeypatch):
    whole, compared, usual = tiny.period("2021..2024"), list[Period](), Period.__eq__
    questions = [Question(*tiny.definitions.named(kpi), whole) for kpi in ("won_deals", "win_rate", "revenue")]

    def counted(period: Period, other: object) -> bool:
        compared.append(period)
        return usual(period, other)

    monkeypatch.setattr(Period, "__eq__", counted)
    times = times_of(tiny, questions, whole, "day", "previous")
    assert times.steps == 1461  # 365 * 3 + 366
    assert len(compared) < 20 * 1461  # it was a million once
    assert times.befores[0][1] == 1
    assert [times.number(span.period) for span in times.spans] == [*range(1, len(times.spans) + 1)]


def test_a_period_is_made_of_parts_that_follow_each_other_or_is_a_part_by_itself(tiny):
    calendar, times = tiny.calendar, Times()
    quarters = [tiny.period(f"2025-Q{number}") for number in (1, 2)]
    months = [tiny.period(f"2025-0{number}") for number in (1, 2, 3, 4, 6)]
    for month in (*months, *months):
        times.add_part(month)
    for period in (*quarters, months[1], *quarters):
        times.add(period, calendar.tiles(period, Grain.MONTH), Grain.MONTH)
    assert times.parts == [*months, quarters[1]]
    assert times.spans == [Span(quarters[0], 1, 3), Span(quarters[1], 6, 6), Span(months[1], 2, 2)]
    assert [times.number(period) for period in (*quarters, months[1])] == [1, 2, 3]
    assert tiny.period("2025-Q3") not in times
