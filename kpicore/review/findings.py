"""Everything that is wrong with the definitions of a workspace, each with its file and, where known, its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpicore.definitions.files import OwnFile, place
from kpicore.definitions.toml_lines import Path
from kpicore.engine.compile.definitions import Definitions
from kpicore.errors import BadExpression, KpiError, UnknownName
from kpicore.registry.registry import Registry
from kpicore.review.definition_checks import (
    broken_fields,
    broken_rules,
    broken_variants,
    failed_examples,
    unknown_guards,
)


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One problem: who gave the definition (an own file or a plugin), the line in an own file or 0, what of."""

    giver: str
    line: int
    item: str
    problem: str

    def __str__(self) -> str:
        is_named = re.search(rf"\b{re.escape(self.item)}\b", self.problem)
        item = "" if is_named or not self.item else f"{self.item}: "
        return f"{place(self.giver, self.line)}: {item}{self.problem}"


def check_findings(definitions: Definitions, own: Sequence[OwnFile]) -> Iterator[CheckFinding]:
    """Yield the problems of all definitions: refused ones, broken ones, unknown guards, examples that fail."""
    yield from _refused(definitions.registry, own)
    yield from _broken(definitions, own)
    yield from _fields(definitions, own)
    yield from _examples(definitions, own)


def _refused(registry: Registry, own: Sequence[OwnFile]) -> Iterator[CheckFinding]:
    for file in own:
        yield from (CheckFinding(flaw.file, flaw.line, flaw.item, flaw.problem) for flaw in file.flaws)
    # the registry refuses it too, without a line: it is told once
    known = {(flaw.file, flaw.item) for file in own for flaw in file.flaws}
    files = {file.name: file for file in own}
    for problem in registry.problems:
        if (problem.giver, problem.item) not in known:
            path = ("field" if "." in problem.item else "metric", *problem.item.split("."))
            yield CheckFinding(problem.giver, line_of(files.get(problem.giver), path), problem.item, problem.problem)


def _broken(definitions: Definitions, own: Sequence[OwnFile]) -> Iterator[CheckFinding]:
    files = {file.name: file for file in own}
    for variant in broken_variants(definitions):
        giver = definitions.registry.givers[variant.metric]
        line = blamed(files[giver], variant.metric, variant.variant, variant.error) if giver in files else 0
        yield CheckFinding(giver, line, variant.metric, str(variant.error))
    for problem in broken_rules(definitions):
        yield CheckFinding(problem.giver, 0, problem.item, problem.problem)


def _fields(definitions: Definitions, own: Sequence[OwnFile]) -> Iterator[CheckFinding]:
    makers = {(field.entity, field.name): file for file in own for field in file.fields}
    for entity, field, error in broken_fields(definitions.registry, definitions.settings):
        maker = makers.get((entity, field))
        path = ("field", entity, field)
        # its expression, else the head of its table
        line = line_of(maker, (*path, "how")) or line_of(maker, path)
        yield CheckFinding(maker.name if maker else "a plugin", line, f"{entity}.{field}", str(error))


def _examples(definitions: Definitions, own: Sequence[OwnFile]) -> Iterator[CheckFinding]:
    """Yield unknown guards of own metrics, and examples that fail of all."""
    givers, files = definitions.registry.givers, {file.name: file for file in own}
    for metric, error in unknown_guards(definitions):
        # A plugin may speak of a KPI of another one that is not installed.
        if (file := files.get(givers[metric.id])) is not None:
            yield CheckFinding(
                file.name, line_of(file, ("metric", metric.id, "guards")), metric.id, f"its guards: {error}"
            )
    for metric, at, problem in failed_examples(definitions):
        line = line_of(files.get(givers[metric.id]), ("metric", metric.id, "examples", at))
        yield CheckFinding(givers[metric.id], line, metric.id, problem)


def line_of(file: OwnFile | None, path: Path) -> int:
    """Return the line on which an own file says something, 0 where it does not."""
    return file.tables.lines.get(path, 0) if file else 0


def blamed(file: OwnFile, id: str, variant: str, error: KpiError) -> int:
    """Return the line of the text that the error is about, or of the nearest table around it."""
    scopes: list[Path] = [("metric", id), ("metric", id, "variants", variant)]
    if error.input:
        scopes += [(*scope, "inputs", error.input) for scope in scopes]
    lines = file.tables.lines
    # from the inside out: the input's own table, the variant's, the metric's
    known = [scope for scope in reversed(scopes) if scope in lines]
    for scope in known:
        for path, text in _texts(_at(file.tables.values, scope), scope):
            if _is_about(error, text):
                return lines[path]
    return lines[known[0]]


def _is_about(error: KpiError, text: str) -> bool:
    if isinstance(error, BadExpression):
        return " ".join(text.split()) == error.text
    return isinstance(error, UnknownName) and error.name in (text, text.partition(".")[0], text.partition(".")[2])


def _at(values: Mapping[str, Any], path: Path) -> Any:
    value: Any = values
    for key in path:
        value = value[key]
    return value


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, (*path, at))
