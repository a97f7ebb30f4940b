"""Every option and argument that is a number, of every command: what is no finite number is refused."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from kpicore.testing import kpi, run_kpi

NUMERIC = (click.types.IntParamType, click.types.FloatParamType)
ODD = ["nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", "-1e400", "9" * 5_000, "-" + "9" * 5_000, "", "0x10"]


def numbers(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    """Yield each parameter that is a number, with the words that lead to its command."""
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from numbers(command.get_command(context, name), (*path, name))
    for param in command.params:
        if isinstance(param.type, NUMERIC):
            yield path, param


def test_the_sweep_sees_the_numbers_there_are():
    found = {(*path, each.name) for path, each in numbers(kpi)}
    assert {("serve", "port"), ("serve", "seconds"), ("get", "min_n"), ("explain", "limit")} <= found


@pytest.mark.parametrize("text", ODD, ids=[each[:9] for each in ODD])
def test_what_is_no_finite_number_is_refused_by_every_command(text):
    for path, each in numbers(kpi):
        with pytest.raises(click.UsageError) as refused:
            each.type_cast_value(click.Context(click.Command("x")), text)
        assert "\n" not in refused.value.format_message(), path


def test_one_line_tells_it_for_each(tmp_path):
    for path, each in numbers(kpi):
        if isinstance(each, click.Option):
            ran = run_kpi(*path, each.opts[0], "nan")
            assert ran.exit_code == 1 and ran.stderr.count("\n") == 1, path


@pytest.mark.parametrize("text", [each for each in ODD if each])
def test_a_calculator_takes_finite_numbers_only(text):
    for given in ([text, "2"], [f"cost={text}", "new_customers=2"]):
        ran = run_kpi("calc", "cac", "--", *given)
        assert ran.exit_code == 1 and ran.stderr.count("\n") == 1, ran.stderr
