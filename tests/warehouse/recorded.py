"""The statements that read the whole catalogue, recorded: `python -m tests.warehouse.recorded` writes them anew.

A line is a variant of a KPI, and for each way to ask it a digest of the texts and values that are sent, `-` for none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kpicore import Engine, Grain, KpiError, Question, Warehouse, Workspace, open_workspace
from kpicore.engine.explain.explain import explained
from kpicore.engine.plan.filters import MemberNames
from kpicore_crm.testing import load_tiny_company

FILE = Path(__file__).parent / "statements.txt"
PERIODS = ("2025-Q1", "2025-01-10..2025-02-20")
SOME = (("channel", ("(none)", "web")),)

Statement = tuple[str, tuple[object, ...]]
Ask = Callable[[Engine], object]


class Recording:
    """A warehouse that remembers what it was asked."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.asked: list[Statement] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._warehouse, name)

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        self.asked.append((sql, tuple(values)))
        return self._warehouse.query(sql, values)


def statements(workspace: Workspace) -> Iterator[tuple[str, dict[str, list[Statement]]]]:
    """Yield each variant with what each way to ask it sends to a warehouse of which nothing is known yet."""
    for id, metric in workspace.registry.metrics.items():
        for variant in metric.variant_names:
            sent: dict[str, list[Statement]] = {}
            for way, ask in _ways(workspace, id, variant).items():
                warehouse = Recording(workspace.warehouse)
                engine = _engine(workspace, warehouse)
                with suppress(KpiError):  # what cannot be asked this way sends nothing
                    ask(engine)
                sent[way] = sorted(warehouse.asked, key=repr)  # two are sent at a time
            yield f"{id}.{variant}", sent


def _engine(workspace: Workspace, warehouse: Warehouse) -> Engine:
    members = MemberNames(warehouse, workspace.registry.codes_of_dimensions())
    targets = workspace.targets.over(warehouse, members)
    return Engine(workspace.registry, workspace.definitions, warehouse, workspace.calendar, members, targets)


def _ways(workspace: Workspace, id: str, variant: str) -> dict[str, Ask]:
    periods = [workspace.calendar.parse(each, today=workspace.engine.today) for each in (*PERIODS, "2025")]
    units = [each for grain in (Grain.MONTH, Grain.QUARTER) for each in workspace.calendar.split(periods[-1], grain)]
    quarter, days = ([Question(id, variant, period, ())] for period in periods[:2])
    cut = [Question(id, variant, period, SOME) for period in periods[:2]]
    series = [Question(id, variant, unit, ()) for unit in units]
    return {
        "quarter": lambda engine: engine.answer(quarter),
        "quarter by rep": lambda engine: engine.tables([quarter], ("rep",)),
        "days": lambda engine: engine.answer(days),
        "days by rep": lambda engine: engine.tables([days], ("rep",)),
        "both cut": lambda engine: engine.answer(cut),
        "months and quarters": lambda engine: engine.answer(series),
        "rows": lambda engine: [each.rows() for each in explained(engine, quarter[0]).inputs],
    }


def line(name: str, sent: dict[str, list[Statement]]) -> str:
    """Return the line of a variant."""
    return " ".join([name, *map(_digest, sent.values())])


def _digest(sent: Sequence[Statement]) -> str:
    return hashlib.sha256(repr(sent).encode()).hexdigest()[:8] if sent else "-"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        load_tiny_company(Path(folder))
        with open_workspace(folder) as made:
            FILE.write_text("".join(f"{line(*statement)}\n" for statement in statements(made)), encoding="utf-8")
