"""A messy export to try `kpi import` on: what a partner's CRM in another country might send.

Semicolons, day-first dates, decimal commas and dots for thousands, currency signs, an impossible
date, a product spelled without its space, and a row with a column too many.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from kpicore_demo.chance import Chance, working_day
from kpicore_demo.company import NOW, PRODUCTS, REPS

FILE = "demo-export.csv"
ROWS = 120
_HEADER = "Deal ID;Deal name;Sales agent;Product;Created;Close date;Stage;Amount"
_BUYERS = ("Tidewater Inn", "Gull & Crumb", "Moss Street Studio", "Lanternfish Bar", "The Slow Spoon", "Pinwheel Books")
_STAGES = {"won": 45, "lost": 35, "negotiation": 20}


def export_text(seed: int = 7) -> str:
    """Return the text of the export: 120 deals of the last half year, three of them damaged."""
    chance = Chance(seed)
    lines = [_HEADER] + [_line(chance, number) for number in range(1, ROWS + 1)]
    lines[11] = _with(lines[11], 4, "31.02.2026")
    lines[27] = _with(lines[27], 3, "MarmotGrand")
    lines[42] += ";called twice; call again"
    return "\n".join(lines) + "\n"


def _line(chance: Chance, number: int) -> str:
    created = working_day(NOW.date() - timedelta(days=chance.whole(60, 180)))
    stage = chance.weighted(_STAGES)
    closed = min(working_day(created + timedelta(days=chance.whole(10, 70))), NOW.date())
    rep = chance.pick([rep for rep in REPS if rep.works_on(created)])
    product = chance.pick([product for product in PRODUCTS if product.line == "machines"])
    amount = product.price_on(created) * chance.whole(1, 3) * (100 - chance.whole(0, 9)) / 100
    return ";".join(
        (
            f"PX-{number:03d}",
            f"{chance.pick(_BUYERS)}, {product.id}",
            rep.id,
            product.id,
            _day_first(created),
            "" if stage == "negotiation" else _day_first(closed),
            stage,
            _european(amount) + (" $" if chance.hits(0.2) else ""),
        )
    )


def _day_first(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _european(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _with(line: str, place: int, value: str) -> str:
    cells = line.split(";")
    cells[place] = value
    return ";".join(cells)
