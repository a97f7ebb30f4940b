"""The pages of docs/reference/, from what the code says about itself."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import click
from catalogue import catalogue
from click.testing import CliRunner
from markdown import NOTE, cell, table

from kpicore import CellFunction, cell_functions
from kpicore.cli import kpi
from kpicore.cli.definitions import band_range
from kpicore.config.reader import Config
from kpicore.config.template import config_text
from kpicore.engine.compile.definitions import Definitions
from kpicore.insight.bands import usual_status
from kpicore.model.codes import Code, Codes, plain_word
from kpicore.model.metrics import Band, Metric
from kpicore.model.rules import Rule
from kpicore.model.schema import Entity, Field, FirstSince, How, LookUp, RollUp
from kpicore.model.settings import Setting
from kpicore.new_workspace import examples_of
from kpicore.plugins import hookspecs
from kpicore.plugins.discovery import GROUP, entry_points
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.manager import Plugins
from kpicore.plugins.settled import settled
from kpicore.registry.contributions import Contributions
from kpicore.registry.joined import build_registry, declared
from kpicore.registry.registry import Registry
from kpicore.wording.inputs import function_name, input_words


@cache
def plugins() -> Plugins:
    """Return what the built-in plugins alone give, whatever else is installed."""
    return load_plugins((), found=[point for point in entry_points(GROUP) if point.distribution == "kpicore"])


def contributions() -> Contributions:
    """Return the items that the built-in plugins give."""
    return plugins().contributions


@cache
def registry() -> Registry:
    """Return the registry of the built-in plugins."""
    return build_registry(contributions())


@cache
def definitions() -> Definitions:
    """Return the definitions of the built-in plugins, with the settings of a workspace that says nothing."""
    return Definitions(registry(), settled(Config(Path(), ""), plugins()).settings)


def metrics() -> str:
    """Return the catalogue of KPIs."""
    found = sorted(registry().metrics.values(), key=lambda each: (each.family, each.id))
    families = dict.fromkeys(each.family for each in found)
    text = NOTE + "# KPIs\n\nEach variant is one published answer to the question; the first is the default.\n"
    text += "[All of them in one table](catalogue.md), with what they need.\n"
    for family in families:
        text += f"\n## {family.capitalize() or 'Others'}\n"
        text += "".join(_metric(each) for each in found if each.family == family)
    return text


def _metric(metric: Metric) -> str:
    facts = f"`={function_name(metric.id)}(period, …)` · {metric.unit} · better: {metric.better.value}"
    rows = []
    for name in metric.variant_names:
        each = metric.variant(name)
        inputs = "<br>".join(f"`{key}` = {cell(input_words(one))}" for key, one in each.inputs.items())
        own = each.meaning if each.meaning != metric.meaning else ""
        rows.append((f"`{name}`", f"`{cell(each.formula)}`" + (f"<br>{cell(own)}" if own else ""), inputs))
    text = f"\n### {metric.name}: `{metric.id}`\n\n{facts}\n\n{cell(metric.meaning)}\n\n"
    text += table(("variant", "formula", "inputs"), rows)
    lines = [_band(band, metric) for band in metric.bands]
    lines += [metric.action] if metric.action else []
    lines += [f"Together with others: {_rule(each)}" for _, each in registry().rules if each.about == metric.id]
    lines += [f"Look also at: {', '.join(f'`{guard}`' for guard in metric.guards)}."] if metric.guards else []
    lines += [f"Source: {metric.source}."] if metric.source else []
    lines += [_words(metric, language) for language in metric.descriptions]
    return text + "".join(f"\n- {cell(line)}" for line in lines) + ("\n" if lines else "")


def _band(band: Band, metric: Metric) -> str:
    status = band.status or usual_status(band, metric)
    return f"{band_range(band)}: {f'**{status}**. ' if status else ''}{band.meaning} {band.action}".strip()


def _rule(rule: Rule) -> str:
    waits = " Once the period is over." if rule.at_end else ""
    return f"`{rule.when}` is **{rule.status}**: {rule.meaning} {rule.action}{waits}"


def _words(metric: Metric, language: str) -> str:
    """Return what a language calls the KPI: "hu: lemorzsolódás; …"."""
    names = "; ".join(metric.synonyms.get(language, ()))
    return f"{language}: {names}. {metric.descriptions[language]}"


def entities() -> str:
    """Return the canonical tables and the dimensions."""
    text = NOTE + "# Entities\n\nThe tables that sources fill and KPIs use. A moment `x_at` brings the day `x_on`.\n"
    text += "A field `x` with codes brings `x_given`, the word of the source; "
    text += "[words](../words.md) tells more.\n"
    for entity in registry().entities.values():
        made = " Made at load, never given by a source." if entity.made else ""
        text += (
            f"\n## `{entity.name}`\n\n{cell(entity.meaning)}{made} Key: {', '.join(f'`{k}`' for k in entity.key)}.\n\n"
        )
        shown = (field for field in entity.fields if not field.words_of)
        text += table(("field", "type", "meaning", "filled by"), (_field(entity, each) for each in shown))
    rows = ((f"`{dimension.name}`", cell(dimension.meaning)) for dimension in registry().dimensions.values())
    return text + "\n# Dimensions\n\nWhat answers can be cut by.\n\n" + table(("dimension", "meaning"), rows)


def _field(entity: Entity, field: Field) -> tuple[str, str, str, str]:
    refers = f" (id of `{field.refers_to}`)" if field.refers_to else ""
    unit = f" In {field.unit}." if field.unit else ""
    presumed = (
        f" Presumes: {', '.join(presume.replace('_', ' ') for presume in field.presumes)}." if field.presumes else ""
    )
    return (
        f"`{field.name}`",
        field.type.value,
        cell(field.meaning) + unit + refers + _codes(field) + presumed,
        "<br>".join(map(_how, (*filter(None, [field.settled]), *field.how))),
    )


def _codes(field: Field) -> str:
    if field.codes is None:
        return ""
    kind = "Codes" if field.codes.closed else "Known codes"
    return f" {kind}: {', '.join(f'`{name}`' for name in field.codes.names)}."


def _how(how: How) -> str:
    match how:
        case LookUp(through, entity, field):
            return f"`{entity}.{field}` through `{through}`"
        case FirstSince(through, entity, key, field, since):
            return f"first `{entity}.{field}` since `{since}`, where `{key}` is `{through}`"
        case RollUp(key, aggregate):
            return f"{cell(input_words(aggregate))}, by `{key}`"
        case _:
            return f"`{cell(how)}`"


def spellings() -> str:
    """Return the codes of the fields with the words that are known for them."""
    fields: dict[str, list[str]] = {}
    codes: dict[str, Codes] = {}
    for entity in registry().entities.values():
        for field in entity.fields:
            if field.codes is not None and not entity.made:
                codes[field.codes.fingerprint] = field.codes
                fields.setdefault(field.codes.fingerprint, []).append(f"{entity.name}.{field.name}")
    text = (
        NOTE
        + "# Spellings\n\nThe words that are known for each code, whatever their case, accents, spaces and hyphens.\n"
    )
    text += "[Words](../words.md) tells what is done with others.\n"
    for key, found in codes.items():
        kind = "closed" if found.closed else "open"
        text += f"\n## {', '.join(f'`{each}`' for each in fields[key])}\n\nThe field is {kind}.\n\n"
        text += table(("code", "words"), ((f"`{code.name}`", _forms(code)) for code in found.codes))
    return text


def _forms(code: Code) -> str:
    words: dict[str, str] = {}
    for word in (code.name, *code.spellings):
        words.setdefault(plain_word(word), word)
    return cell(", ".join(words.values()))


def commands() -> str:
    """Return the help of each built-in command."""
    found = [point for point in entry_points("kpicore.commands") if point.distribution == "kpicore"]
    text = NOTE + "# The `kpi` command\n\nAfter a user's error: one line on stderr and exit code 1.\n"
    return text + "".join(_command(each.load(), each.name) for each in found)


def _command(command: click.Command, *words: str) -> str:
    """Return the help of a command, and of those in it where it is a group."""
    shown = CliRunner().invoke(kpi, [*words, "--help"], env={"COLUMNS": "100"}, prog_name="kpi").output
    text = f"\n{'#' * (len(words) + 1)} `kpi {' '.join(words)}`\n\n```text\n{shown.strip()}\n```\n"
    if not isinstance(command, click.Group):
        return text
    context = click.Context(command)
    inner = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return text + "".join(_command(each, *words, name) for name, each in inner if each is not None)


def functions() -> str:
    """Return the functions of spreadsheets: those for all KPIs in full, those of each KPI in a table."""
    found = cell_functions(definitions())
    text = NOTE + (
        "# Spreadsheet functions\n\nThe same in every host. Where a sheet separates arguments by `;`, write "
        '`=KPI_WIN_RATE("2026-Q3"; "rep"; A2)`. `KPI.WIN_RATE` is the same as `KPI_WIN_RATE`.\n\n'
        "| a cell shows | when |\n| --- | --- |\n| `#DIV/0!` | a denominator is 0 |\n| `#N/A` | there is no data |\n"
        "| `#VALUE!` | an argument is wrong |\n| `#NAME?` | there is no such KPI, variant or function |\n"
        "| `#NUM!` | the number is not finite, or growth has no base |\n"
    )
    for each in found:
        if each.kind == "general":
            text += f"\n## `{_signature(each)}`\n\n{cell(each.help)}\n"
            text += "".join(f"\n- `{one.name}`: {cell(one.help)}" for one in each.arguments) + "\n"
    kpis = [each for each in found if each.kind == "kpi" and not each.alias_of]
    text += "\n## A function for each KPI\n\nEach takes a period and pairs, as `KPI` does.\n\n"
    rows = []
    for each in kpis:
        own = [one for one in found if one.kind == "calculator" and one.metric == each.metric and not one.alias_of]
        aliases = ", ".join(f"`{one.name}`" for one in found if one.alias_of == each.name)
        rows.append((f"`{each.name}`", cell(each.help), "<br>".join(f"`{_signature(one)}`" for one in own), aliases))
    return text + table(("function", "what it gives", "calculators", "also called"), rows)


def _signature(function: CellFunction) -> str:
    parts = [f"[{argument.name}]" if argument.optional else argument.name for argument in function.arguments]
    return f"{function.name}({', '.join(parts)}{'…' if function.arguments and function.arguments[-1].repeats else ''})"


def hooks() -> str:
    """Return the hooks, each with the plugin that its docstring holds."""
    text = (
        NOTE + "# Hooks\n\nA plugin is a module with some of these, named by an entry point of the group `kpicore`.\n"
    )
    for name, hook in vars(hookspecs).items():
        if name.startswith("kpi_"):
            meaning, _, example = (inspect.getdoc(hook) or "").partition("::\n")
            text += f"\n## `{name}`\n\n{meaning.strip()}:\n\n```python\n{inspect.cleandoc(example)}\n```\n"
    return text


def config() -> str:
    """Return kpi.toml as `kpi init` writes it."""
    known = declared(contributions())
    text = NOTE + "# `kpi.toml`\n\nThe settings of a workspace, as `kpi init` writes them:\n\n"
    written = config_text(Config(Path(), name="Acme"), known.settings, examples_of(registry()))
    text += f"```toml\n{written}```\n\n## Settings\n\n"
    text += table(("setting", "default", "meaning"), map(_setting_row, known.settings))
    text += (
        "\nPlugins declare further ones, and tables of their own, by the hook [`kpi_settings`](hooks.md#kpi_settings); "
    )
    text += "a definition of your own names one as `setting.points`. Any other key is refused.\n"
    for each in known.tables:
        text += f"\n### `{each.header}`\n\n{each.meaning}\n\n"
        text += table(("key", "default", "meaning"), map(_setting_row, each.settings))
    kinds = ((f"`{each.kind}`", cell(each.meaning)) for _, each in contributions().sources)
    text += "\n## Sources\n\nA `[[source]]` has a `name` of your choice, a `kind`, and what the kind needs. "
    text += "Passwords and tokens stay in environment variables: `token_env` names one. Any of them may have an "
    text += '`allowed_lag`, "3 days": data that is older by more is told (see [Freshness](../freshness.md)).\n\n'
    return text + table(("kind", "what it is"), kinds)


def _setting_row(setting: Setting) -> tuple[str, str, str]:
    # as kpi.toml has it: JSON writes plain values as TOML does
    written = json.dumps(setting.default, ensure_ascii=False, default=str)
    default = "required" if setting.required else "" if setting.default is None else f"`{written}`"
    return f"`{setting.key}`", default, cell(setting.meaning)


PAGES: Mapping[str, Callable[[], str]] = {
    "catalogue": lambda: catalogue(definitions()),
    "metrics": metrics,
    "entities": entities,
    "spellings": spellings,
    "cli": commands,
    "functions": functions,
    "hooks": hooks,
    "config": config,
}
