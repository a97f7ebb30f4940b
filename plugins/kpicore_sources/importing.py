"""One import: files are looked at, asked about, loaded, and told of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import (
    LOADED,
    BadConfig,
    KpiError,
    OtherIdentity,
    check_loads_here,
    check_source_kinds,
    day_given,
    harmless,
    open_workspace,
    progress,
)
from kpicore_sources.agreement import agree, open_json, open_told, refuse_open, refuse_unknown, tell_never_asked
from kpicore_sources.earlier import doubled, earlier, end_of, loaded_at, older_note, stale_note, today
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor
from kpicore_sources.files.keeping import takes_all
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.source import FILES, LOST, FileLimit, FileSource
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.strange_words import refuse_strange_words
from kpicore_sources.files.streams import case_stream
from kpicore_sources.files.table_foot import refuse_cut_short
from kpicore_sources.import_report import print_report, report_json
from kpicore_sources.keeping_questions import keeps_answered
from kpicore_sources.prompts import ask_questions, new_mappings_taken_back, save, settled
from kpicore_sources.refused_files import AGAIN, IDS, LOSE, settle_refused
from kpicore_sources.word_prompts import keep_words, with_known_words, word_answers

if TYPE_CHECKING:
    from kpicore import Interview, Source, StreamSource
    from kpicore_sources.files.doctor import TableCase
    from kpicore_sources.files.plan import Plan


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What `kpi import` is asked to do.

    `agreed` are the questions that somebody has agreed to: before, a file is refused by which much would be lost, or
    rows would be there twice. It is `remade` when what was delivered earlier has been read again for it.
    """

    files: tuple[Path, ...]
    entity: str
    mapping: Path | None
    as_of: str | None
    answers: Path | None
    questions: bool
    workspace: Path
    as_json: bool
    interactive: bool
    agreed: frozenset[str] = frozenset()
    remade: bool = False


def import_files(request: ImportRequest, ask: Interview) -> ImportRequest | None:
    """Import the files. Return what is to be imported next: the same, where an answer says so. Raises KpiError."""
    with open_workspace(request.workspace, may_remake=False) as opened, Staging() as staging:
        check_loads_here(opened.config)
        check_source_kinds(opened.config)
        day = day_given(request.as_of)
        reader = ColumnReader(staging, read_words(), opened.config.timezone)
        kept = kept_mappings(opened.config.folder, request.mapping)
        with progress() as tell:
            doctor = Doctor(
                opened.registry,
                reader,
                kept,
                opened.config.currency,
                request.entity,
                lambda step: tell(step, 0.0),
                earlier(opened),
                day or today(opened),
            )
            cases = doctor.examine(tuple(dict.fromkeys(request.files)))
        _refuse_unfit(reader, cases, request.entity.casefold())
        cases = settled(doctor, cases, ask, opened.config.folder)
        words = opened.config.words
        # Words are asked about once a mapping is settled: only then it is known which columns hold codes.
        cases = [case if case.questions else doctor.with_words([case])[0] for case in cases]
        meant = word_answers(cases, ask)
        if request.interactive:  # what a person has said is kept at once, whatever comes next
            save(cases)
            keep_words(opened, meant)
        said = [*meant]
        refuse_unknown(ask, opened, cases)
        if request.questions:
            click.echo(open_json(ask, cases))
            return None
        if not request.interactive:
            save(cases)
        with open_told(ask, cases, as_json=request.as_json):
            refuse_open(cases)
            keep_words(opened, said)
            cases = with_known_words(cases, opened.registry)
            refuse_strange_words(cases, doctor.earlier)
            agreed = agree(cases, ask, quiet=request.as_json)
        # Of when the data was is read before the load, which moves it.
        sources, before = _sources(cases, reader, request), loaded_at(opened)
        everything: list[Source | StreamSource] = [*sources, *opened.file_sources()]
        time = end_of(day, opened.config.timezone) if day else None
        with progress() as tell, new_mappings_taken_back(cases, agreed=agreed):
            report = opened.load(everything, data_time=time, progress=tell)
            if not request.remade and any(isinstance(fared.refused, OtherIdentity) for fared in report.sources):
                with progress() as tell:
                    for line in opened.remake(progress=tell).reread:
                        click.echo(harmless(line), err=True)
                return replace(request, remade=True)
            if settled_now := settle_refused(report, sources, cases, ask, opened.config.folder):
                # a file that has a mapping of its own now is read by that one, whichever was chosen
                mapping = None if settled_now.mapped else request.mapping
                return replace(request, mapping=mapping, agreed=request.agreed | settled_now.agreed)
            if report.errors:
                raise KpiError("; ".join(report.errors))
        age = older_note(before, report, opened.data_time, opened.config.timezone)
        age = age or (None if day else stale_note(opened))
        for entity_report in report.entities:
            notes = opened.warehouse.state.entities[entity_report.entity].notes
            report = report.noted(entity_report.entity, [*notes, *doubled(opened, entity_report.entity)])
        ask.outcome = LOADED
        if not request.as_json:
            print_report(cases, sources, report, opened.wording, age, words_kept=opened.config.words != words)
        again = keeps_answered(report, sources, cases, ask, opened.config.folder)
        try:
            if request.interactive or request.as_json or request.answers:
                ask_questions(opened, ask)
                tell_never_asked(ask, opened, request.answers)
        finally:
            if request.as_json and not again:
                click.echo(report_json(cases, sources, report, opened.wording, age, still_open=ask.unanswered))
        return request if again else None


def _refuse_two_wholes(
    sources: Sequence[FileSource], streams: Sequence[str], plans: Sequence[Plan], label: str
) -> None:
    """Refuse two files of which each one is said to be all there is: the second would take out what the first gives."""
    for plan, stream in zip(plans, streams, strict=True):
        for source in sources:
            if stream in source.streams and takes_all(plan):
                problem = f"it and {label} are read by the same mapping, by which each of them is all there is"
                raise BadConfig(source.label, problem, hint='Import one of them, or write keeps = "changes" there.')


def _refuse_unfit(reader: ColumnReader, cases: Sequence[TableCase], entity: str) -> None:
    """Refuse files that break off, and kept mappings of another entity than --entity."""
    for case in cases:
        if entity and case.kept and case.mapping.entity.casefold() != entity:
            hint = "Leave --entity out, or delete that file to begin anew."
            raise BadConfig(case.file, f"its rows are '{case.mapping.entity}', not '{entity}'", hint=hint)
        if case.plan:
            refuse_cut_short(reader.staging, case.plan, reader.words)


def _sources(cases: Sequence[TableCase], reader: ColumnReader, request: ImportRequest) -> list[FileSource]:

    sources: list[FileSource] = []
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
            streams = tuple(case_stream(request.workspace, case) for case in group)
            _refuse_two_wholes(sources, streams, plans, label)
            limit = FileLimit(
                1.0 if LOSE in request.agreed else LOST, replace=IDS in request.agreed, repeat=AGAIN in request.agreed
            )
            file = FileSource(label, reader.staging, reader, plans, streams, limit, name=source, original=path)
            sources.append(file)
    return sources
