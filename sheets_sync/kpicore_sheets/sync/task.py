"""A table and what it is to show, as a run has it."""

from __future__ import annotations

from dataclasses import dataclass

from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.ids import TableIds, table_ids
from kpicore_sheets.sync.state import short_digest
from kpicore_sheets.table import HISTORY, ReportContent, SheetTable
from kpicore_xlsx.addresses import cell_address


@dataclass(frozen=True, slots=True)
class TableTask:
    """A table and what it is to show. `batch` is the name of its next batch, `sent` of the last that was applied.

    It is `shifted` when somebody shifted cells under that, and left its guard alone. `staging` is the hidden tab for
    the values of a large table, 0 where there is none yet. With `anew` its rules are made anew: somebody has put other
    ones in their places. `last_settings` are those with which it was written from here, and `last_generation` is the
    one that this made, as far as that is known.
    `again` tells that a try came to nothing, `wrote` that the content was written and the answers since then were as
    expected.
    """

    table: SheetTable
    content: TableContent
    batch: str
    settings: str
    sent: str = ""
    shifted: bool = False
    staging: int = 0
    anew: bool = False
    last_settings: str = ""
    last_generation: int = 0
    again: bool = False
    wrote: bool = False

    @property
    def ids(self) -> TableIds:
        """What the table is found by."""
        return table_ids(self.table.name)

    @property
    def is_history(self) -> bool:
        """Whether blocks are added, and what is there stays."""
        return self.table.mode == HISTORY

    @property
    def wants_charts(self) -> bool:
        """Whether it is to have charts; as long as it has no rows it shows none all the same."""
        return bool(self.content.charts or self.table.chart) or isinstance(self.table.content, ReportContent)

    @property
    def run(self) -> str:
        """The run that its batches are of."""
        return self.batch.rpartition(".")[0]

    @property
    def place(self) -> str:
        """What stands for where kpi.toml wants it."""
        return short_digest(self.wanted_cell)

    @property
    def wanted_cell(self) -> str:
        """Where kpi.toml wants it: "KPIs!G3"."""
        table = self.table
        return f"{table.tab or table.gid}!{cell_address(table.row, table.column)}"
