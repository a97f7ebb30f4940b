"""Whatever sources say in whatever order: the rows are those of the ledger, and an earlier day stays as it was."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

from kpicore import EntityReport, LoadReport
from kpicore.testing import load
from tests.loads.compared import answers, clean_load, expected_rows, instant, made_rows, now, raw_rows
from tests.loads.dice import Dice
from tests.loads.ledger import Ledger
from tests.loads.shop import REGISTRY, opened, shop
from tests.loops import loop

START = date(2025, 3, 1)


def counts(reports: Mapping[str, EntityReport]) -> object:
    return {
        name: (report.new, report.changed, report.unchanged, report.gone, report.emptied)
        for name, report in reports.items()
    }


def assert_clean(folder: Path, ledger: Ledger, day: date) -> None:
    """Assert that a fresh workspace into which all rows are loaded at once holds and says the same."""
    clean = Path(tempfile.mkdtemp(dir=folder.parent))
    clean_load(ledger, clean, instant(day))
    assert made_rows(folder) == made_rows(clean)
    mine, other = ({key: _values(found) for key, found in now(at).items()} for at in (folder, clean))
    assert mine == other
    shutil.rmtree(clean)


def _values(found: object) -> object:
    # notes tell how rows came, which is not the same
    return [row[:6] for row in found] if isinstance(found, list) else found


class Round:
    """Loads what dice say, and compares."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder, self.chance, self.dice = folder, chance, Dice(chance)
        self.ledger, self.day = Ledger(), START
        self.said: dict[date, Mapping[object, object]] = {}

    def load(self) -> None:
        sources = [*self.dice.sources()]
        self.day += timedelta(days=self.chance.choice((0, 1, 1, 2, -1)))
        report = load(shop(self.folder), REGISTRY, sources, data_time=instant(self.day))
        expected, failed = self.ledger.load(*sources)
        assert [source.source for source in report.sources if source.error] == failed, report.errors
        assert counts({entity.entity: entity for entity in report.entities}) == counts(expected)
        self.compare(report)

    def compare(self, report: LoadReport) -> None:
        if report.version is None and not self.ledger.book.rows:
            return
        assert raw_rows(self.folder) == expected_rows(self.ledger)
        with opened(self.folder) as workspace:
            day = workspace.warehouse.state.time.date()
            # what was said on that day before this load is not what stood at its close
            self.said = {earlier: said for earlier, said in self.said.items() if earlier < day}
            self.said[day] = answers(workspace)

    def end(self) -> None:
        if not self.said:
            return
        assert_clean(self.folder, self.ledger, max(self.said))
        with opened(self.folder) as workspace:
            for day, said in self.said.items():
                later = answers(workspace, day)
                differ = {key: (said[key], later[key]) for key in said if said[key] != later[key]}
                assert not differ, f"{day}: {differ}"


@loop("seven loads of several sources, with deletions, merges and failures, compared with a ledger", ci=3, soak=300)
def test_loads_leave_what_the_ledger_says_and_no_earlier_day_changes(
    rounds: int, chance: Random, tmp_path: Path
) -> None:
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        one = Round(folder, Random(chance.random()))
        for _ in range(7):
            one.load()
        one.end()
        shutil.rmtree(folder)
