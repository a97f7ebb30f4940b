"""`kpi import`: files into the warehouse, after the doctor has looked at them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import workspace_option

if TYPE_CHECKING:
    from kpicore import Interview, Source, StreamSource
    from kpicore_sources.files.column_reader import ColumnReader
    from kpicore_sources.files.doctor import TableCase
    from kpicore_sources.files.source import FileSource


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--entity", default="", help="What one row is: opportunity, order, customer, …")
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping to use; else those kept in mappings/.")
@click.option("--as-of", metavar="DATE", help="The day that the data shows, such as 2026-09-18; else today.")
@click.option("--yes", is_flag=True, help="Accept what is proposed where nothing is ambiguous.")
@click.option(
    "--answers", metavar="FILE", type=click.Path(path_type=Path), help="Answers to what is asked, TOML or JSON."
)
@click.option("--questions", is_flag=True, help="Print what is open as JSON, and load nothing.")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(
    files: tuple[Path, ...],
    entity: str,
    mapping: Path | None,
    as_of: str | None,
    yes: bool,
    answers: Path | None,
    questions: bool,
    workspace: Path,
    as_json: bool,
) -> None:
    """Read files into the workspace: CSV, XLSX, ODS, Parquet, JSON lines.

    Says what it understood and why, asks what only you can tell, and keeps the answers in
    mappings/. What could not be read goes to quarantine, and the rest is loaded.

    \b
    kpi import deals.csv accounts.csv
    kpi import export.xlsx --entity opportunity --yes
    kpi import deals.csv --answers answers.toml
    """
    from kpicore import LOADED, KpiError, check_loads_here, check_source_kinds, day_given, open_workspace, progress
    from kpicore_sources.agreement import agree, open_json, open_told, refuse_open, refuse_unknown, tell_never_asked
    from kpicore_sources.earlier import doubled, earlier, end_of, loaded_at, older_note, stale_note, today
    from kpicore_sources.files.column_reader import ColumnReader
    from kpicore_sources.files.doctor import Doctor
    from kpicore_sources.files.kept_mappings import kept_mappings
    from kpicore_sources.files.known_words import read_words
    from kpicore_sources.files.staging import Staging
    from kpicore_sources.files.strange_words import refuse_strange_words
    from kpicore_sources.import_report import print_report, report_json
    from kpicore_sources.prompts import ask_questions, new_mappings_taken_back, save, settled
    from kpicore_sources.word_prompts import keep_words, with_known_words, word_answers

    # stderr too: questions are written there, so that stdout holds the report alone
    interactive = not (yes or as_json or questions) and sys.stdin.isatty() and sys.stderr.isatty()
    ask = _interview(answers, interactive=interactive, yes=yes or questions)
    with open_workspace(workspace, may_remake=False) as opened, Staging() as staging:
        check_loads_here(opened.config)
        check_source_kinds(opened.config)
        day = day_given(as_of)
        reader = ColumnReader(staging, read_words(), opened.config.timezone)
        kept = kept_mappings(opened.config.folder, mapping)
        with progress() as tell:
            doctor = Doctor(
                opened.registry,
                reader,
                kept,
                opened.config.currency,
                entity,
                lambda step: tell(step, 0.0),
                earlier(opened),
                day or today(opened),
            )
            cases = doctor.examine(tuple(dict.fromkeys(files)))
        _refuse_unfit(reader, cases, entity.casefold())
        cases = settled(doctor, cases, ask, opened.config.folder)
        words = opened.config.words
        # Words are asked about once a mapping is settled: only then it is known which columns hold codes.
        cases = [case if case.questions else doctor.with_words([case])[0] for case in cases]
        meant = word_answers(cases, ask)
        if interactive:  # what a person has said is kept at once, whatever comes next
            save(cases)
            keep_words(opened, meant)
        said = [*meant]
        refuse_unknown(ask, opened, cases)
        if questions:
            click.echo(open_json(ask, cases))
            return
        if not interactive:
            save(cases)
        with open_told(ask, cases, as_json=as_json):
            refuse_open(cases)
            keep_words(opened, said)
            cases = with_known_words(cases, opened.registry)
            refuse_strange_words(cases, doctor.earlier)
            agreed = agree(cases, ask, quiet=as_json)
        # Of when the data was is read before the load, which moves it.
        sources, before = _sources(cases, reader, opened.config.folder), loaded_at(opened)
        everything: list[Source | StreamSource] = [*sources, *opened.file_sources()]
        time = end_of(day, opened.config.timezone) if day else None
        with progress() as tell, new_mappings_taken_back(cases, agreed=agreed):
            report = opened.load(everything, data_time=time, progress=tell)
            if report.errors:
                raise KpiError("; ".join(report.errors))
        age = older_note(before, report, opened.data_time, opened.config.timezone)
        age = age or (None if day else stale_note(opened))
        for entity_report in report.entities:
            notes = opened.warehouse.state.entities[entity_report.entity].notes
            report = report.noted(entity_report.entity, [*notes, *doubled(opened, entity_report.entity)])
        ask.outcome = LOADED
        if not as_json:
            print_report(cases, sources, report, opened.wording, age, words_kept=opened.config.words != words)
        try:
            if interactive or as_json or answers:
                ask_questions(opened, ask)
                tell_never_asked(ask, opened, answers)
        finally:
            if as_json:
                click.echo(report_json(cases, sources, report, opened.wording, age, still_open=ask.unanswered))


def _interview(answers: Path | None, *, interactive: bool, yes: bool) -> Interview:
    """Return who answers: the file, then a person where there is one."""
    from kpicore import AnswersFile, Interview, read_answers, terminal_asker

    given = read_answers(answers) if answers else AnswersFile()
    return Interview(given, terminal_asker() if interactive else None, yes)


def _refuse_unfit(reader: ColumnReader, cases: Sequence[TableCase], entity: str) -> None:
    """Refuse files that break off, and kept mappings of another entity than --entity."""
    from kpicore import BadConfig
    from kpicore_sources.files.table_foot import refuse_cut_short

    for case in cases:
        if entity and case.kept and case.mapping.entity.casefold() != entity:
            hint = "Leave --entity out, or delete that file to begin anew."
            raise BadConfig(case.file, f"its rows are '{case.mapping.entity}', not '{entity}'", hint=hint)
        if case.plan:
            refuse_cut_short(reader.staging, case.plan, reader.words)


def _sources(cases: Sequence[TableCase], reader: ColumnReader, workspace: Path) -> list[FileSource]:
    from kpicore_sources.files.source import FILES, FileSource
    from kpicore_sources.files.streams import case_stream

    sources = []
    names = Counter(path.name for path in {case.path for case in cases})
    # cases stand in the order of files, so the tables of one file are neighbours
    for path, tables in groupby(cases, key=lambda case: case.path):
        by_source: dict[str, list[TableCase]] = {}
        for case in tables:
            if case.plan:
                by_source.setdefault(case.mapping.source or FILES, []).append(case)
        # what people are shown: of two files of one name in one import which is meant
        label = path.name if names[path.name] == 1 else path.as_posix()
        for source, group in by_source.items():
            plans = tuple(case.plan for case in group if case.plan)
            streams = tuple(case_stream(workspace, case) for case in group)
            file = FileSource(label, reader.staging, reader, plans, streams, name=source, original=path)
            sources.append(file)
    return sources
