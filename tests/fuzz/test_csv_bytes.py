"""Text files of any bytes: an account that adds up, or one clear line."""

from __future__ import annotations

from pathlib import Path
from random import Random

from kpicore import KpiError, Registry, open_workspace
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import KnownWords, read_words
from kpicore_sources.files.plan import MappingQuestion
from kpicore_sources.files.source import FileSource
from kpicore_sources.files.staging import Staging
from tests.fuzz.mutations import mutated
from tests.loops import loop
from tests.sources.given import rows_given

FILES = {
    "opportunity": (
        "deal_id,owner,stage,created,closed,amount,note\r\n"
        'D1,Ann Lee,Won,2026-01-13 09:30,2026-02-01,"1,234.50",\r\n'
        'D2,Zoë Müller,Lost,2026-02-03 10:00,,0.00,"a ""big"" one"\r\n'
        'D3,"Bob, Jr",Open,2026-03-04 11:15,,99.25,"two\nlines"\r\n'
        "D4,Ann Lee,Won,2026-03-05 08:00,2026-03-31,$7.00,N/A\r\n"
        "Total,,,,,1340.75,\r\n"
    ),
    "order": "Bestellnummer;Datum;Kunde;Betrag\n" + "".join(
        f"{n};{n % 28 + 1:02}.03.2025;K{n % 7};{n},{n % 100:02} €\n" for n in range(1, 40)
    ),
    "cost": " date  amount category\n" + "".join(f" 2025{n % 12 + 1:02}01  {n}.5  Ads\n" for n in range(12)),
}  # fmt: skip


def taken(folder: Path, registry: Registry, words: KnownWords, entity: str, content: bytes) -> str:
    """Read a file as `kpi import --yes` does; check what it tells, and return "" or its one line."""
    path = folder / "file.csv"
    path.write_bytes(content)
    with Staging() as staging:
        reader = ColumnReader(staging, words, "Europe/Berlin")
        try:
            doctor = Doctor(registry, reader, kept_mappings(folder), "EUR", entity)
            (case,) = doctor.examine([path])
            while case.questions and (answer := _answer(case.questions[0])):
                case = doctor.answered(case, case.questions[0], answer)
            if case.questions or case.plan is None:
                return "asked"
            source = FileSource("file", staging, reader, (case.plan,), ("file",))
            loaded = len(rows_given(source))
        except KpiError as error:
            return checked(str(error))
        (account,) = source.accounts
        told = account.left_out + account.totals + account.quarantined + account.repeated
        assert account.read == loaded + told
        assert len(list(source.unreadable())) == account.quarantined + account.values
    return ""


def _answer(question: MappingQuestion) -> str:
    choices = [choice.reading for choice in question.choices]
    return question.default or question.assumed or next(iter(choices), "")


def checked(line: str) -> str:
    assert "\n" not in line and len(line) < 2100
    line.encode()
    return line


@loop("text files with bytes cut off, put in, changed and encoded otherwise", ci=60, soak=5_000)
def test_any_bytes_are_read_to_an_account_that_adds_up_or_refused_in_one_line(
    tmp_path: Path, rounds: int, chance: Random
) -> None:
    words = read_words()
    with open_workspace(_workspace(tmp_path)) as opened:
        read = 0
        for _ in range(rounds):
            entity = chance.choice(sorted(FILES))
            content = mutated(FILES[entity].encode(), chance)
            try:
                read += not taken(tmp_path, opened.registry, words, entity, content)
            except Exception as error:
                raise AssertionError(f"{entity}: {content!r}") from error
    assert read * 4 > rounds  # most files are still read


def _workspace(folder: Path) -> Path:
    (folder / "ws").mkdir()
    (folder / "ws" / "kpi.toml").write_text('[workspace]\nname = "Fuzz"\n', encoding="utf-8")
    return folder / "ws"
