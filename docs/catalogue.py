"""docs/reference/catalogue.md: every KPI and variant in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markdown import NOTE, anchor, cell, table

from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.requirements import bases, needs
from kpicore.model.metrics import Example, Metric
from kpicore.wording.inputs import function_name

_ARROWS: Mapping[str, str] = {"higher": "↑", "lower": "↓", "neutral": "↔"}
_HEAD = ("KPI", "variant", "unit", "", "formula", "needs", "sales", "articles", "worked example")
_TEXT = """# All KPIs in one table

{kpis} KPIs, {variants} variants; the first variant of a KPI is its default. What the inputs of a formula are stands
on [the page of all KPIs](metrics.md), behind each name.

- ↑ higher is better, ↓ lower is better, ↔ neither.
- *needs*: the entities with the fields without which there is no value; `kpi coverage` tells which of them your data
  lacks. *cut by* names the dimension without which the number has no meaning.
- *sales*: what an amount of sales is measured by: booked (won deals, contracts), recognized (orders) or collected
  (payments).
- *articles*: S0 (13 sales KPIs), S1 (11 management KPIs), S2 (10 KPIs in 4 groups), S3 (5 KPIs with formulas), S4 (a
  small-business guide). The numbers of a worked example are an article's where it is named, ours elsewhere.

"""


def catalogue(definitions: Definitions) -> str:
    """Return the page."""
    found = sorted(definitions.registry.metrics.values(), key=lambda each: (each.family, each.id))
    families = dict.fromkeys(each.family for each in found)
    variants = sum(len(each.variant_names) for each in found)
    text = NOTE + _TEXT.format(kpis=len(found), variants=variants)
    for family in families:
        rows = (row for each in found if each.family == family for row in _rows(each, definitions))
        text += f"\n## {family.capitalize() or 'Others'}\n\n{table(_HEAD, rows)}"
    return text


def _rows(metric: Metric, definitions: Definitions) -> Iterator[tuple[str, ...]]:
    link = f"[`{metric.id}`](metrics.md#{anchor(f'{metric.name}: {metric.id}')})"
    for name in metric.variant_names:
        definition = definitions.get(metric.id, name)
        yield (
            link,
            f"`{name}`",
            definition.unit.name,
            _ARROWS[metric.better.value],
            f"`{cell(definition.spec.formula)}`",
            _needs(definition, definitions),
            ", ".join(bases(definitions, definition)),
            cell(metric.source),
            "<br>".join(
                _example(metric, example) for example in metric.examples if (example.variant or metric.default) == name
            ),
        )


def _needs(definition: Definition, definitions: Definitions) -> str:
    found = [
        f"**{entity}**: {', '.join(f'`{field}`' for field in fields)}"
        for entity, fields in needs(definitions, definition).items()
    ]
    spec = definition.spec
    found += [f"*cut by* {', '.join(spec.needs_cut)}"] if spec.needs_cut else []
    found += [f"*only by* {', '.join(spec.grains)}"] if spec.grains else []
    return "<br>".join(found)


def _example(metric: Metric, example: Example) -> str:
    numbers = "; ".join(_number(argument) for argument in example.arguments)
    variant = f".{example.variant}" if example.variant and example.variant != metric.default else ""
    called = f"{function_name(metric.id)}_CALC({numbers})" if not variant else f"{metric.id}{variant}({numbers})"
    return f"`{called}` = {_number(example.value)}" + (f" ({example.source})" if example.source else "")


def _number(value: float) -> str:
    return f"{value:.10g}"
