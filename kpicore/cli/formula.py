"""A formula with the numbers put in: "kept / base" becomes "4,238 / 6,711"."""

from __future__ import annotations

import re
from collections.abc import Mapping

# not in the middle of a name or in quotes, and not before a bracket, where it is a function
_NAME = re.compile(r'(?<![\w."])(?:(?:period|setting)\.\w+|"[^"]+"|[A-Za-z_]\w*)(?![\w.("])')


def with_numbers(formula: str, values: Mapping[str, float | None]) -> str:
    """Return the formula with each name that has a value replaced by it; one without a value is "none".

    >>> with_numbers("(now - before) / before", {"now": 1500.0, "before": 1200.5})
    '(1,500 - 1,200.5) / 1,200.5'
    """

    def put(match: re.Match[str]) -> str:
        name = match[0].strip('"')
        return plain(values[name]) if name in values else match[0]

    return _NAME.sub(put, formula)


def setting_values(settings: Mapping[str, object]) -> dict[str, float | None]:
    """Return the settings that are numbers, as a formula names them."""
    return {f"setting.{name}": float(value) for name, value in settings.items() if isinstance(value, int | float)}


def plain(value: float | None) -> str:
    """Return a number with thousands marks and no more decimals than it needs, four at most.

    >>> plain(6711.0), plain(0.57125), plain(0.00001234), plain(None)
    ('6,711', '0.5713', '1.234e-05', 'none')
    """
    from kpicore.model.figures import rounded

    if value is None:
        return "none"
    if value and abs(value) < 0.001:
        return f"{value:.4g}"
    return rounded(value, 4).rstrip("0").rstrip(".")
