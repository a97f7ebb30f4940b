"""What `--toml` prints is the definition: reading gives the metric back."""

from __future__ import annotations

from dataclasses import fields

import pytest

from kpicore import Band, Calculator, Example, Metric, Unit, Variant, load_plugins
from kpicore.definitions import parse_own
from kpicore.definitions.metrics import BAND_KEYS, CALCULATOR_KEYS, EXAMPLE_KEYS, METRIC_KEYS, UNITS, VARIANT_KEYS
from kpicore.definitions.writer import definitions_text
from kpicore.model import units
from kpicore.testing import run_kpi

METRICS = [metric for _, metric in load_plugins(()).contributions.metrics]


@pytest.mark.parametrize("metric", METRICS, ids=lambda each: each.id)
def test_every_kpi_of_the_plugins_can_be_written_and_read(metric):
    file = parse_own(definitions_text([metric], {metric.id}), "x.toml")
    assert file.flaws == ()
    (found,) = file.metrics
    assert found.variant_names == metric.variant_names
    for name in metric.variant_names:
        assert found.variant(name) == metric.variant(name)
    for word in found.__slots__:
        if word not in ("inputs", "variants"):
            assert getattr(found, word) == getattr(metric, word), word


def test_show_prints_a_definition_to_start_from(tmp_path):
    shown = run_kpi("show", "aov", "--toml", "-w", str(tmp_path))
    assert shown.stdout.startswith("[metric.aov]\nreplaces = true\n")
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "aov.toml").write_text(shown.stdout, encoding="utf-8")
    again = run_kpi("show", "aov", "--toml", "-w", str(tmp_path))
    assert again.stdout == shown.stdout
    assert "given by metrics/aov.toml" in run_kpi("show", "aov", "-w", str(tmp_path)).stdout


def test_the_whole_list_can_be_printed(tmp_path):
    printed = run_kpi("list", "--toml", "-w", str(tmp_path)).stdout
    assert {metric.id for metric in parse_own(printed, "x.toml").metrics} == {each.id for each in METRICS}


def test_the_keys_of_a_file_are_the_words_of_the_records():
    assert {*METRIC_KEYS} == {field.name for field in fields(Metric)} - {"id"} | {"replaces"}
    assert {*VARIANT_KEYS} == {field.name for field in fields(Variant)}
    assert {*BAND_KEYS} == {field.name for field in fields(Band)}
    assert {*EXAMPLE_KEYS} == {field.name for field in fields(Example)}
    assert {*CALCULATOR_KEYS} == {field.name for field in fields(Calculator)}


def test_every_unit_has_its_word():
    assert set(UNITS.values()) == {var for var in vars(units).values() if isinstance(var, Unit)}
