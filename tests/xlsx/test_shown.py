"""Values as cells show them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import DAYS, MONEY, SHARE
from kpicore_xlsx.number_formats import MOMENT_FORMAT, MONTH_FORMAT, change_format, number_format
from kpicore_xlsx.shown import shown


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        *((None, "0", ""), ("Ann", "0.0%", "Ann"), (True, "", "TRUE"), (3, "", "3"), (0.1 + 0.2, "", "0.3")),
        *((9_999.5, number_format(MONEY), "9,999.50"), (-9_999.5, number_format(MONEY), "-9,999.50")),
        *((747_724.4, number_format(MONEY), "747,724"), (-747_724.4, number_format(MONEY), "-747,724")),
        *((0.8125, number_format(SHARE), "81.3%"), (67.5, number_format(DAYS), "67.5 d")),
        *((0.176, change_format(MONEY), "▲ 17.6%"), (-0.152, change_format(MONEY), "▼ 15.2%")),
        *((0, change_format(MONEY), "= 0.0%"), (-16.2, change_format(SHARE), "▼ 16.2 pts")),
        *((date(2026, 3, 1), "", "2026-03-01"), (46_082, "yyyy-mm-dd", "2026-03-01")),
        *((datetime(2026, 3, 1, 8), MOMENT_FORMAT, "2026-03-01 08:00"), (46_082.75, MOMENT_FORMAT, "2026-03-01 18:00")),
        *(
            (1e300, "0.0", f"{10**300}.0"),
            (46_082, MONTH_FORMAT, "Mar 2026"),
            (5, '"of "0" in all"', "of 5 in all"),
            (5, '"all; of them"', "5"),
        ),
    ],
)
def test_a_value_is_printed_as_its_format_says(value, pattern, text):
    assert shown(value, pattern) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(st.sampled_from('#0,.%;"[>=]1hdy ')))
def test_no_format_makes_it_stumble(value, pattern):
    assert isinstance(shown(value, pattern), str)


@pytest.mark.parametrize("pattern", ["", "0.0%", "#,##0", "yyyy-mm-dd"])
@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_what_is_no_number_is_printed_as_that(number, pattern):
    assert shown(number, pattern) == str(number)
