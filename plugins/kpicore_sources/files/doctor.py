"""The doctor: looks at files together, decides what evidence decides, and asks what only a person can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kpicore import Registry, counted
from kpicore_sources.files.by_name import Earlier, NamedReference, named_references, near_names
from kpicore_sources.files.coded_columns import CodedColumn, coded_columns
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.conversions import conversion_hint, conversion_question
from kpicore_sources.files.currency_signs import currencies
from kpicore_sources.files.ends import assumed, decided_ends
from kpicore_sources.files.fit import fit_questions, with_exceptions
from kpicore_sources.files.kept_mappings import KeptMappings, filled_notes, filled_since, with_answers
from kpicore_sources.files.mapping import OPEN, TableMapping
from kpicore_sources.files.mapping_questions import currency_question, key_question, reading_questions
from kpicore_sources.files.meanings import cancelled, undecided_columns, with_coded_columns, with_survey_type
from kpicore_sources.files.opening import stage_file
from kpicore_sources.files.plan import MappingQuestion, Plan, plan_of
from kpicore_sources.files.profile import EMPTY, Profile, column_profiles
from kpicore_sources.files.proposal import Proposal, propose
from kpicore_sources.files.reading import AnswerChoice
from kpicore_sources.files.serving import ServingTable
from kpicore_sources.files.siblings import as_siblings
from kpicore_sources.files.staging import StagedSheet
from kpicore_sources.files.twins import Twin, twins

_SURE, _AHEAD = 1.5, 0.3
"""The score from which on an entity is not asked about, and how far ahead of the next one it has to be."""


@dataclass(frozen=True, slots=True)
class TableCase:
    """One table: its mapping, where it is kept (or will be), and its plan when nothing is open about its entity.

    `assumptions` are what was assumed without a proof; `coded_columns` are its columns of codes with their words.
    `filled` are the columns that a kept mapping knew as empty and that are read now. `number` is the place of the
    table in its mapping file, from 0, where it was kept; `header_notes` tell how the columns differ from its header.
    """

    path: Path
    sheet: StagedSheet
    profiles: Mapping[str, Profile]
    mapping: TableMapping
    file: Path
    kept: bool
    plan: Plan | None = None
    questions: tuple[MappingQuestion, ...] = ()
    answers: tuple[tuple[str, str, str], ...] = ()
    hints: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    coded_columns: tuple[CodedColumn, ...] = ()
    filled: tuple[str, ...] = ()
    number: int = 0
    header_notes: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether all that is read was agreed to before."""
        return self.kept and not self.filled


@dataclass(frozen=True, slots=True)
class Doctor:
    """What all examinations share.

    `currency` is the organisation's; `entity` is what the user said the files hold, or ""; `earlier`
    gives the ids and names that were loaded earlier; `day` is the day of the data.
    """

    registry: Registry
    reader: ColumnReader
    kept: KeptMappings
    currency: str = ""
    entity: str = ""
    tell: Callable[[str], None] = field(default=lambda step: None)
    earlier: Earlier = field(default=lambda entity, by: ())
    day: date | None = None

    def examine(self, paths: Sequence[Path]) -> list[TableCase]:
        """Return a case for each table of the files. Raises BadFile and BadConfig."""
        cases: list[TableCase] = []
        for path in paths:
            self.tell(f"reading {path.name}")
            sheets = stage_file(self.reader.staging, path, self.kept.encoding(path))
            self.tell(f"examining {path.name}")
            cases += [case for sheet in sheets for case in self._opened(path, sheet, len(sheets))]
        return self.together([self.examined(case) for case in cases])

    def examined(self, case: TableCase) -> TableCase:
        """Return the case with its plan and the questions that are open."""
        if case.mapping.entity == OPEN or not case.mapping.entity:
            return case
        plan = plan_of(str(case.path), case.sheet, case.mapping, case.profiles, self.registry, self.reader)
        # Before the questions: a column that one beside it proves is not asked about.
        plan = as_siblings(plan, self.reader)
        mapping = case.mapping
        if not case.kept:
            mapping = with_exceptions(_with_readings(mapping, plan), plan, self.reader)
        questions = [*reading_questions(plan), *key_question(plan)]
        questions += fit_questions(plan, self.reader, self.day, self.earlier) if case.kept else ()
        questions += currency_question(plan, currencies(self.reader.staging, plan))
        questions += conversion_question(plan, self.reader)
        if case.filled:
            readings = _with_readings(TableMapping(mapping.entity, mapping.header), plan).readings
            readings = {column: readings[column] for column in case.filled if readings.get(column, OPEN) != OPEN}
            mapping = replace(mapping, readings={**readings, **mapping.readings})
            # answers are what is written into a kept mapping, which keeps the comments of people beside it
            case = replace(case, answers=with_answers(case.answers, "columns", readings))
        hints = [*case.header_notes, *self._currency_hint(mapping), *conversion_hint(mapping, case.file)]
        if not case.kept:
            entity = plan.entity
            hints += undecided_columns(self.reader, case.sheet, entity, mapping.fields, case.profiles, case.file)
        mapping, open_ends = decided_ends(replace(plan, mapping=mapping), self.reader, kept=case.kept)
        questions += open_ends
        plan = replace(plan, mapping=mapping)
        return replace(case, plan=plan, mapping=mapping, questions=tuple(questions), hints=tuple(hints))

    def answered(self, case: TableCase, question: MappingQuestion, answer: str) -> TableCase:
        """Return the case with one answer put into its mapping, examined again."""
        mapping = _put(case.mapping, question.section, question.key, answer)
        if question.section == "entity":
            mapping = self._proposed(case.sheet, case.profiles, answer, mapping.encoding)
        answers = (*case.answers, (question.section, question.key, answer))
        return self.examined(replace(case, mapping=mapping, answers=answers, questions=()))

    def assumed(self, case: TableCase, question: MappingQuestion) -> TableCase:
        """Return the case with the answer that is assumed where nobody is asked, which is told."""
        note = assumed(question, question.assumed, case.mapping, case.file)
        return self.answered(replace(case, assumptions=(*case.assumptions, note)), question, question.assumed)

    def together(self, cases: Sequence[TableCase]) -> list[TableCase]:
        """Return the cases with references joined by name or by a twin of an id, where other rows tell them."""
        plans, known = [case.plan for case in cases if case.plan], dict[tuple[str, str], str]()
        cases = [
            self._with_names(case, named_references(self.reader, self.registry, case.plan, plans, self.earlier, known))
            if case.plan
            else case
            for case in cases
        ]
        # Names first: a value that is joined by name is no misspelled id.
        return [
            self._with_twins(case, twins(self.reader.staging, case.plan, plans)) if case.plan else case
            for case in cases
        ]

    def with_words(self, cases: Sequence[TableCase]) -> list[TableCase]:
        """Return the cases, of which nothing is open, with the words of their columns of codes."""
        return [
            replace(case, coded_columns=coded_columns(self.reader, case.plan)) if case.plan else case for case in cases
        ]

    def _opened(self, path: Path, sheet: StagedSheet, sheets: int) -> list[TableCase]:
        """Return a case for each kept table by which the sheet is read, or one with a proposal."""
        tables, open_file, notes = self.kept.find(sheet), None, list[str]()
        if tables and tables[0].mapping.entity == OPEN:
            open_file, sheet, tables = tables[0].file, tables[0].sheet, ()
        elif not tables:
            notes = [self.kept.unfit(sheet)]
        cases = [self._with_kept(path, table) for table in tables]
        if tables and not tables[0].sure:
            notes = [self._doubt(case) for case in cases]
        if cases and not any(notes):
            return cases
        profiles = column_profiles(self.reader.staging, sheet, self.reader.words)
        mapping, questions = self._first_proposal(sheet, profiles, sheets)
        file, told = open_file or self.kept.new_file(sheet), tuple(note for note in notes if note)
        return [TableCase(path, sheet, profiles, mapping, file, False, questions=questions, header_notes=told)]

    def _doubt(self, case: TableCase) -> str:
        """Return why the mapping of a file of another name and other columns does not serve, "" where it does."""
        entity = self.entity or self._sure_entity(self._proposals(case.sheet, case.profiles))
        why = f"these rows are {entity}" if entity not in ("", case.mapping.entity) else ""
        if not why:
            why = next((question.text for question in self.examined(case).questions), "")
        return f"{case.file} is not used, though its columns are there: {why}" if why else ""

    def _with_kept(self, path: Path, table: ServingTable) -> TableCase:
        profiles = column_profiles(self.reader.staging, table.sheet, self.reader.words)
        case = TableCase(path, table.sheet, profiles, table.mapping, table.file, True, number=table.number)
        if not table.mapping.entity:
            return case
        return self._with_filled(replace(case, header_notes=(*table.notes(), *self._new_fields(case))))

    def _new_fields(self, case: TableCase) -> list[str]:
        """Return a line for each column that is new and may fill a field which the kept mapping lacks."""
        mapping = case.mapping
        new = set(case.sheet.columns).difference(mapping.header, mapping.reads(case.sheet.columns))
        if not new:
            return []
        proposed = self._proposed(case.sheet, case.profiles, mapping.entity, mapping.encoding)
        return [
            f'{column} may be {field}: to read it write {field} = "{column}" under [table.fields] in {case.file}'
            for field, column in proposed.fields.items()
            if column in new and field not in mapping.fields
        ]

    def _with_filled(self, case: TableCase) -> TableCase:
        """Return the case of a kept mapping with the fields of columns that were empty when it was made."""
        mapping = case.mapping
        if not mapping.empty:
            return case
        proposed = self._proposed(case.sheet, case.profiles, mapping.entity, mapping.encoding)
        fields = filled_since(mapping, proposed, case.profiles)
        return replace(
            case,
            mapping=replace(mapping, fields={**mapping.fields, **fields}),
            answers=with_answers(case.answers, "fields", fields),
            assumptions=filled_notes(fields, case.file),
            filled=tuple(fields.values()),
        )

    def _first_proposal(
        self, sheet: StagedSheet, profiles: Mapping[str, Profile], sheets: int
    ) -> tuple[TableMapping, tuple[MappingQuestion, ...]]:
        encoding = self.kept.encoding(sheet.path)
        if self.entity:
            self.registry.entity(self.entity)
            return self._proposed(sheet, profiles, self.entity, encoding), ()
        proposals = self._proposals(sheet, profiles)
        sure = self._sure_entity(proposals)
        if sure:
            return self._proposed(sheet, profiles, sure, encoding), ()
        header = sheet.columns
        # Workbooks have covers and notes beside their tables; a file with one table was given to be read.
        if sheets > 1 and (not proposals or proposals[0].score < 1):
            return TableMapping(
                "", header, sheet.name, encoding, notes={"entity": "no table of rows: not imported"}
            ), ()
        choices = tuple(AnswerChoice(proposal.entity.name, proposal.entity.meaning) for proposal in proposals[:3])
        question = MappingQuestion("entity", "entity", f"{sheet.place}: what is one row?", choices)
        return TableMapping(OPEN, header, sheet.name, encoding), (question,)

    def _sure_entity(self, proposals: Sequence[Proposal]) -> str:
        # two zeros behind the scores: there may be one proposal, or none
        first, second, *_ = *(proposal.score for proposal in proposals), 0.0, 0.0
        return proposals[0].entity.name if first >= _SURE and second <= first - _AHEAD else ""

    def _proposals(self, sheet: StagedSheet, profiles: Mapping[str, Profile]) -> list[Proposal]:
        return list(propose(sheet.stem, profiles, list(self.registry.entities.values()), self.reader.words))

    def _proposed(
        self, sheet: StagedSheet, profiles: Mapping[str, Profile], entity: str, encoding: str
    ) -> TableMapping:
        """Return the mapping that the names and contents of the columns propose for an entity."""
        proposal = next(
            (proposal for proposal in self._proposals(sheet, profiles) if proposal.entity.name == entity), None
        )
        fields = dict(proposal.fields) if proposal else {}
        fields = with_coded_columns(self.reader, sheet, self.registry.entity(entity), fields, profiles)
        notes: dict[str, str] = {}
        if entity == "survey_response":
            fields = with_survey_type(sheet.stem, fields)
        status = cancelled(entity, fields, profiles)
        if status:
            fields["status"] = status
            notes["fields.status"] = "numbers that begin with C are cancelled orders"
        empty = tuple(column for column in sheet.columns if profiles[column].kind == EMPTY)
        key = self.registry.entity(entity).key
        if not set(key) <= set(fields):
            notes["entity"] = "no column is its id: rows are told apart by their content"
        mapping = TableMapping(entity, sheet.columns, sheet.name, encoding, fields=fields, empty=empty, notes=notes)
        unused = tuple(column for column in sheet.columns if column not in {*mapping.used, *empty})
        return replace(mapping, unused=unused)

    def _currency_hint(self, mapping: TableMapping) -> tuple[str, ...]:
        code = mapping.fields.get("currency", "").strip("'")
        if len(code) != 3 or not code.isupper() or code == self.currency:
            return ()
        difference = f"the amounts are in {code} and the workspace counts in {self.currency}"
        return (f'{difference}: rows without a rate in fx_rate are left out, unless kpi.toml says currency = "{code}"',)

    def _with_names(self, case: TableCase, references: Sequence[NamedReference]) -> TableCase:
        """Return the case with names joined to ids: proposed in a new mapping, only told of a kept one."""
        mapping, plan, hints = case.mapping, case.plan, list(case.hints)
        assert plan is not None
        tables: dict[str, str] = {}
        for reference in references:
            if reference.likely and not case.kept and reference.field not in mapping.by:
                note = f"{reference.named:,} of the values are names of {reference.entity}, {reference.ids:,} are ids"
                mapping = _put(mapping, "by", reference.field, reference.by, note)
            if reference.field in mapping.by:
                tables[reference.field] = reference.table
                hints += reference.joined_notes()
            elif reference.named:
                write = f'{reference.field} = "{reference.by}" under [table.by] in {case.file}'
                hints.append(f"{reference.unjoined_note()}. To join them write {write}")
        for name in plan.direct:
            hints += near_names(self.reader, plan, name, case.file) if name not in mapping.by else ()
        plan = replace(plan, mapping=mapping, names=tables)
        return replace(case, mapping=mapping, plan=plan, hints=tuple(dict.fromkeys(hints)))

    def _with_twins(self, case: TableCase, likely_twins: Sequence[Twin]) -> TableCase:
        """Return the case with sure twins in a new mapping; the others, and those of a kept one, are only told."""
        mapping, hints = case.mapping, list(case.hints)
        for twin in likely_twins:
            rows = counted(twin.count, "rows", "row")
            note = f"{twin.given} ({rows}) has no row in {twin.other}, but {twin.likely} has"
            if twin.sure and not case.kept:
                mapping = _put(mapping, f"values.{twin.field}", twin.given, twin.likely, note)
                hints.append(f"{note}: joined by the mapping")
            else:
                write = f'"{twin.given}" = "{twin.likely}" under [table.values.{twin.field}] in {case.file}'
                hints.append(f"{note}. To join them write {write}")
        if case.plan is None or not hints:
            return case
        return replace(
            case, mapping=mapping, plan=replace(case.plan, mapping=mapping), hints=tuple(dict.fromkeys(hints))
        )


def _with_readings(mapping: TableMapping, plan: Plan) -> TableMapping:
    """Return the mapping with the readings that were decided for other files too, and the evidence as comments."""
    readings, untold, notes = dict(mapping.readings), dict(mapping.untold), dict(mapping.notes)
    for input_ in (*plan.direct.values(), *plan.inputs.values()):
        decision = input_.reading.decision
        if decision.reading in ("text", "yes/no"):
            continue
        known = decision.reading and mapping.reading(input_.column) == decision.reading
        if known and notes.get(f"columns.{input_.column}"):
            continue  # decided before another question was answered: its evidence stays
        if decision.proven:
            readings[input_.column] = decision.reading or OPEN
        elif input_.column not in readings:
            untold[input_.column] = decision.reading
        where = ""
        if decision.row is not None:
            line = plan.sheet.lines([decision.row]).get(decision.row)
            where = f" (line {line})" if line else ""
        ways = " or ".join(f'"{choice.reading}" ({choice.shown})' for choice in decision.choices)
        notes[f"columns.{input_.column}"] = f"{decision.evidence}{where}" + (f": write {ways}" if ways else "")
    return replace(mapping, readings=readings, untold=untold, notes=notes)


def _put(mapping: TableMapping, section: str, key: str, value: str, note: str = "") -> TableMapping:
    """Return the mapping with one entry set; `section` is as in the file."""
    notes = {**mapping.notes, f"{section}.{key}": note}
    if section == "entity":
        return replace(mapping, entity=value, notes=notes)
    if section == "columns":
        return replace(mapping, readings={**mapping.readings, key: value}, notes=notes)
    if section == "ends":
        return replace(mapping, ends={**mapping.ends, key: value}, notes=notes)
    if section == "by":
        return replace(mapping, by={**mapping.by, key: value}, notes=notes)
    if section == "fields":
        if key == "id":
            notes["entity"] = ""
        unused = tuple(column for column in mapping.unused if column != value)
        return replace(mapping, fields={**mapping.fields, key: value}, notes=notes, unused=unused)
    name = section.removeprefix("values.")
    return replace(mapping, values={**mapping.values, name: {**mapping.values.get(name, {}), key: value}}, notes=notes)
