"""The doctor: looks at files together, decides what evidence decides, and asks what only a person can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kpicore import Registry, counted
from kpicore_sources.files.by_name import Earlier, Named, named, near_names
from kpicore_sources.files.columns import Reader
from kpicore_sources.files.conversions import conversion_hint, conversion_question
from kpicore_sources.files.ends import assumed, decided_ends
from kpicore_sources.files.filled import filled_since, told_of, with_answers
from kpicore_sources.files.kept import Kept
from kpicore_sources.files.mapping import OPEN, TableMapping
from kpicore_sources.files.meanings import cancelled, undecided_columns, with_coded_columns
from kpicore_sources.files.money import code_of, currencies
from kpicore_sources.files.opening import stage_file
from kpicore_sources.files.plan import Plan, Question, plan_of
from kpicore_sources.files.profile import EMPTY, Profile, profiles
from kpicore_sources.files.proposal import KEYLESS, Proposal, propose
from kpicore_sources.files.reading import Choice
from kpicore_sources.files.siblings import as_siblings
from kpicore_sources.files.spoken import Spoken, spoken_words
from kpicore_sources.files.staging import Sheet
from kpicore_sources.files.surveys import with_survey_type
from kpicore_sources.files.twins import Twin, twins
from kpicore_sources.files.unknown import unknown_questions

_SURE, _AHEAD = 1.5, 0.3


@dataclass(frozen=True, slots=True)
class Case:
    """One table: its mapping, where it is kept (or will be), and its plan when nothing is open about its entity.

    `told` is what was assumed without a proof; `spoken` are the words of its columns of codes. `filled` are the
    columns that a kept mapping knew as empty and that are read now.
    """

    path: Path
    sheet: Sheet
    profiles: Mapping[str, Profile]
    mapping: TableMapping
    file: Path
    kept: bool
    plan: Plan | None = None
    questions: tuple[Question, ...] = ()
    answers: tuple[tuple[str, str, str], ...] = ()
    hints: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    filled: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether all that is read was agreed to before."""
        return self.kept and not self.filled


@dataclass(frozen=True, slots=True)
class Doctor:
    """What all examinations share.

    `currency` is the organisation's; `entity` is what the user said the files hold, or ""; `earlier`
    gives the ids and names that were loaded earlier.
    """

    registry: Registry
    reader: Reader
    kept: Kept
    currency: str = ""
    entity: str = ""
    tell: Callable[[str], None] = field(default=lambda step: None)
    earlier: Earlier = field(default=lambda entity, by: ())

    def examine(self, paths: Sequence[Path]) -> list[Case]:
        """Return a case for each table of the files. Raises BadFile and BadConfig."""
        cases: list[Case] = []
        for path in paths:
            self.tell(f"reading {path.name}")
            sheets = stage_file(self.reader.staging, path, self.kept.encoding(path))
            self.tell(f"examining {path.name}")
            cases += [self._opened(path, sheet, len(sheets)) for sheet in sheets]
        return self.together([self.examined(case) for case in cases])

    def examined(self, case: Case) -> Case:
        """Return the case with its plan and the questions that are open."""
        if case.mapping.entity == OPEN or not case.mapping.entity:
            return case
        plan = plan_of(str(case.path), case.sheet, case.mapping, case.profiles, self.registry, self.reader)
        plan = as_siblings(plan, self.reader)
        mapping = case.mapping if case.kept else _with_readings(case.mapping, plan)
        questions = [*_reading_questions(plan), *_key_question(case, plan)]
        questions += _currency_question(plan, currencies(self.reader.staging, plan))
        questions += conversion_question(plan, self.reader)
        if case.filled:
            readings = _with_readings(TableMapping(mapping.entity, mapping.header), plan).readings
            readings = {each: readings[each] for each in case.filled if readings.get(each, OPEN) != OPEN}
            mapping = replace(mapping, readings={**readings, **mapping.readings})
            case = replace(case, answers=with_answers(case.answers, "columns", readings))
        hints = [*self._currency_hint(mapping), *conversion_hint(mapping, case.file)]
        if not case.kept:
            entity = plan.entity
            hints += undecided_columns(self.reader, case.sheet, entity, mapping.fields, case.profiles, case.file)
        mapping, open_ends = decided_ends(replace(plan, mapping=mapping), self.reader, kept=case.kept)
        questions += open_ends
        plan = replace(plan, mapping=mapping)
        return replace(case, plan=plan, mapping=mapping, questions=tuple(questions), hints=tuple(hints))

    def answered(self, case: Case, question: Question, answer: str) -> Case:
        """Return the case with one answer put into its mapping, examined again."""
        mapping = _put(case.mapping, question.section, question.key, answer)
        if question.section == "entity":
            mapping = self._proposed(case.sheet, case.profiles, answer, mapping.encoding)
        answers = (*case.answers, (question.section, question.key, answer))
        return self.examined(replace(case, mapping=mapping, answers=answers, questions=()))

    def assumed(self, case: Case, question: Question) -> Case:
        """Return the case with the answer that is assumed where nobody is asked, which is told."""
        told = assumed(question, question.assumed, case.mapping, case.file)
        return self.answered(replace(case, told=(*case.told, told)), question, question.assumed)

    def together(self, cases: Sequence[Case]) -> list[Case]:
        """Return the cases with references joined by name or by a twin of an id, where other rows tell them."""
        plans, known = [case.plan for case in cases if case.plan], dict[tuple[str, str], str]()
        cases = [
            self._with_names(case, named(self.reader, self.registry, case.plan, plans, self.earlier, known))
            if case.plan
            else case
            for case in cases
        ]
        return [
            self._with_twins(case, twins(self.reader.staging, case.plan, plans)) if case.plan else case
            for case in cases
        ]

    def listened(self, cases: Sequence[Case]) -> list[Case]:
        """Return the cases, of which nothing is open, with the words of their columns of codes."""
        return [replace(case, spoken=spoken_words(self.reader, case.plan)) if case.plan else case for case in cases]

    def _opened(self, path: Path, sheet: Sheet, sheets: int) -> Case:
        found = profiles(self.reader.staging, sheet, self.reader.words)
        kept = self.kept.find(sheet)
        if kept and kept[1].entity != OPEN:
            return self._with_filled(Case(path, sheet, found, kept[1], kept[0], True))
        mapping, questions = self._first_proposal(sheet, found, sheets)
        file = kept[0] if kept else self.kept.new_file(sheet)
        return Case(path, sheet, found, mapping, file, False, questions=questions)

    def _with_filled(self, case: Case) -> Case:
        """Return the case of a kept mapping with the fields of columns that were empty when it was made."""
        mapping = case.mapping
        if not mapping.entity or not mapping.empty:
            return case
        proposed = self._proposed(case.sheet, case.profiles, mapping.entity, mapping.encoding)
        fields = filled_since(mapping, proposed, case.profiles)
        return replace(
            case,
            mapping=replace(mapping, fields={**mapping.fields, **fields}),
            answers=with_answers(case.answers, "fields", fields),
            told=told_of(fields, case.file),
            filled=tuple(fields.values()),
        )

    def _first_proposal(
        self, sheet: Sheet, found: Mapping[str, Profile], sheets: int
    ) -> tuple[TableMapping, tuple[Question, ...]]:
        encoding = self.kept.encoding(sheet.path)
        if self.entity:
            self.registry.entity(self.entity)
            return self._proposed(sheet, found, self.entity, encoding), ()
        proposals = self._proposals(sheet, found)
        scores = [proposal.score for proposal in proposals] + [0.0, 0.0]
        if scores[0] >= _SURE and scores[1] <= scores[0] - _AHEAD:
            return self._proposed(sheet, found, proposals[0].entity.name, encoding), ()
        header = sheet.columns
        if sheets > 1 and scores[0] < 1:
            return TableMapping(
                "", header, sheet.name, encoding, notes={"entity": "no table of rows: not imported"}
            ), ()
        choices = tuple(Choice(proposal.entity.name, proposal.entity.meaning) for proposal in proposals[:3])
        question = Question("entity", "entity", f"{sheet.place}: what is one row?", choices)
        return TableMapping(OPEN, header, sheet.name, encoding), (question,)

    def _proposals(self, sheet: Sheet, found: Mapping[str, Profile]) -> list[Proposal]:
        return list(propose(sheet.stem, found, list(self.registry.entities.values()), self.reader.words))

    def _proposed(self, sheet: Sheet, found: Mapping[str, Profile], entity: str, encoding: str) -> TableMapping:
        """Return the mapping that the names and contents of the columns propose for an entity."""
        proposal = next((each for each in self._proposals(sheet, found) if each.entity.name == entity), None)
        fields = dict(proposal.fields) if proposal else {}
        fields = with_coded_columns(self.reader, sheet, self.registry.entity(entity), fields, found)
        notes: dict[str, str] = {}
        if entity == "survey_response":
            fields = with_survey_type(sheet.stem, fields)
        status = cancelled(entity, fields, found)
        if status:
            fields["status"] = status
            notes["fields.status"] = "numbers that begin with C are cancelled orders"
        used = set(fields.values())
        computed = " ".join(used - set(sheet.columns))
        unused = [column for column in sheet.columns if column not in used and found[column].kind != EMPTY]
        unused = [each for each in unused if each not in computed]
        empty = tuple(column for column in sheet.columns if found[column].kind == EMPTY)
        key = self.registry.entity(entity).key
        if not set(key) <= set(fields):
            notes["entity"] = "no column is its id: rows are told apart by their content"
        return TableMapping(
            entity, sheet.columns, sheet.name, encoding, fields=fields, empty=empty, notes=notes, unused=tuple(unused)
        )

    def _currency_hint(self, mapping: TableMapping) -> tuple[str, ...]:
        code = mapping.fields.get("currency", "").strip("'")
        if len(code) != 3 or not code.isupper() or code == self.currency:
            return ()
        told = f"the amounts are in {code} and the workspace counts in {self.currency}"
        return (f'{told}: rows without a rate in fx_rate are left out, unless kpi.toml says currency = "{code}"',)

    def _with_names(self, case: Case, found: Sequence[Named]) -> Case:
        """Return the case with names joined to ids: proposed in a new mapping, only told of a kept one."""
        mapping, plan, hints = case.mapping, case.plan, list(case.hints)
        assert plan is not None
        tables: dict[str, str] = {}
        for each in found:
            if each.likely and not case.kept and each.field not in mapping.by:
                note = f"{each.named:,} of the values are names of {each.entity}, {each.ids:,} are ids"
                mapping = _put(mapping, "by", each.field, each.by, note)
            if each.field in mapping.by:
                tables[each.field] = each.table
                hints += each.lines()
            elif each.named:
                hints.append(
                    f'{each.told()}. To join them write {each.field} = "{each.by}" under [table.by] in {case.file}'
                )
        for name in plan.direct:
            hints += near_names(self.reader, plan, name, case.file) if name not in mapping.by else ()
        plan = replace(plan, mapping=mapping, names=tables)
        return replace(case, mapping=mapping, plan=plan, hints=tuple(dict.fromkeys(hints)))

    def _with_twins(self, case: Case, found: Sequence[Twin]) -> Case:
        """Return the case with sure twins in a new mapping; the others, and those of a kept one, are only told."""
        mapping, hints = case.mapping, list(case.hints)
        for each in found:
            rows = counted(each.count, "rows", "row")
            told = f"{each.given} ({rows}) has no row in {each.other}, but {each.likely} has"
            if each.sure and not case.kept:
                mapping = _put(mapping, f"values.{each.field}", each.given, each.likely, told)
                hints.append(f"{told}: joined by the mapping")
            else:
                write = f'"{each.given}" = "{each.likely}" under [table.values.{each.field}] in {case.file}'
                hints.append(f"{told}. To join them write {write}")
        if case.plan is None or not hints:
            return case
        return replace(
            case, mapping=mapping, plan=replace(case.plan, mapping=mapping), hints=tuple(dict.fromkeys(hints))
        )


def _with_readings(mapping: TableMapping, plan: Plan) -> TableMapping:
    """Return the mapping with the readings that were decided for other files too, and the evidence as comments."""
    readings, untold, notes = dict(mapping.readings), dict(mapping.untold), dict(mapping.notes)
    for each in (*plan.direct.values(), *plan.inputs.values()):
        decision = each.reading.decision
        if decision.reading in ("text", "yes/no"):
            continue
        if readings.get(each.column, OPEN) == decision.reading and notes.get(f"columns.{each.column}"):
            continue  # decided before another question was answered: its evidence stays
        if decision.proven:
            readings[each.column] = decision.reading or OPEN
        elif each.column not in readings:
            untold[each.column] = decision.reading
        where = ""
        if decision.row is not None:
            line = plan.sheet.lines([decision.row]).get(decision.row)
            where = f" (line {line})" if line else ""
        ways = " or ".join(f'"{choice.reading}" ({choice.shown})' for choice in decision.choices)
        notes[f"columns.{each.column}"] = f"{decision.evidence}{where}" + (f": write {ways}" if ways else "")
    return replace(mapping, readings=readings, untold=untold, notes=notes)


def _reading_questions(plan: Plan) -> list[Question]:
    found = {}
    for each in (*plan.direct.values(), *plan.inputs.values()):
        decision = each.reading.decision
        if decision.ambiguous:
            asked = f"{plan.sheet.place}, column {each.column}: {decision.evidence}"
            found[each.column] = Question("columns", each.column, asked, decision.choices)
    return list(found.values())


def _key_question(case: Case, plan: Plan) -> list[Question]:
    """Ask for the id where rows cannot do without one."""
    missing = [each for each in plan.entity.key if each not in plan.mapping.fields]
    if plan.entity.name in KEYLESS:
        return unknown_questions(plan)
    if not missing:
        return []
    unique = [name for name, each in case.profiles.items() if each.kind != EMPTY and not each.few]
    choices = tuple(Choice(name, f"such as {case.profiles[name].sample[0]}") for name in unique[:5])
    return [
        Question(
            "fields",
            missing[0],
            f"{case.sheet.place}: which column is the {missing[0]} of the {plan.entity.name}?",
            choices,
        )
    ]


def _currency_question(plan: Plan, found: Mapping[str, Sequence[str]]) -> list[Question]:
    """Ask in which currency amounts are, where signs beside the numbers tell and nothing is mapped to it."""
    if not found or plan.entity.field("currency") is None or "currency" in plan.mapping.fields:
        return []
    column, signs = next(iter(found.items()))
    shown = ", ".join(dict.fromkeys(sign for each in found.values() for sign in each))
    codes = {code_of(sign) for each in found.values() for sign in each}
    asked = f"{plan.sheet.place}, column {column}: the amounts carry {shown}; in which currency are the rows?"
    if len(codes) > 1:
        return [Question("fields", "currency", asked + " There is no column that says it")]
    (code,) = codes
    if not code:
        return [Question("fields", "currency", asked)] if len(signs) > 1 else []
    return [Question("fields", "currency", asked, (Choice(f"'{code}'", f"all rows in {code}"),), f"'{code}'")]


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
        unused = tuple(each for each in mapping.unused if each != value)
        return replace(mapping, fields={**mapping.fields, key: value}, notes=notes, unused=unused)
    name = section.removeprefix("values.")
    return replace(mapping, values={**mapping.values, name: {**mapping.values.get(name, {}), key: value}}, notes=notes)
