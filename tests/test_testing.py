"""What `kpicore.testing` gives to tests of plugins."""

from __future__ import annotations

from pathlib import Path

from kpicore import COUNT, Entity, Field, Metric, Type, count
from kpicore.testing import own_definitions, plugins_with, problems_of, registry_of, run_kpi

LOAN = Entity(
    "loan",
    "A book that was lent.",
    (Field("loan", "id", Type.TEXT, "Number."), Field("loan", "lent_on", Type.DATE, "When.")),
    main_date="lent_on",
)
LOANS = Metric("loans", name="Loans", unit=COUNT, inputs={"n": count("loan", when="lent_on")})


def test_records_are_plugins_alone_and_beside_others() -> None:
    alone = plugins_with(entities=[("library", LOAN)])
    both = plugins_with(alone, metrics=[("me", LOANS)], fields=[("me", Field("loan", "shelf", Type.TEXT, "Where."))])
    assert [*registry_of(alone).metrics] == []
    registry = registry_of(both)
    assert (registry.givers["loans"], registry.metrics["loans"]) == ("me", LOANS)
    assert [field.name for field in registry.entity("loan").fields] == ["id", "lent_on", "shelf"]
    assert problems_of(registry, {}) == []


def test_what_is_refused_does_not_stand_or_cannot_be_made_is_told_with_giver_and_item() -> None:
    late = Metric("late", name="Late", unit=COUNT, inputs={"n": count("loan", when="due_on")})
    field = Field("loan", "shelf", Type.TEXT, "Where.", how=("room",))
    plugins = plugins_with(
        entities=[("library", LOAN)],
        metrics=[("one", LOANS), ("two", LOANS), ("two", late)],
        fields=[("three", field)],
    )
    found = [(problem.giver, problem.item) for problem in problems_of(registry_of(plugins), {})]
    assert found == [("one", "loans"), ("two", "loans"), ("two", "late"), ("three", "loan.shelf")]


def test_own_definitions_are_read_of_a_text_and_of_a_file(tmp_path: Path) -> None:
    text = '[metric.loans]\nname = "Loans"\nunit = "count"\ninputs.n = { count = "loan" }\n'
    (tmp_path / "loans.toml").write_text(text, encoding="utf-8")
    for given in (text, tmp_path / "loans.toml"):
        read = own_definitions(given)
        assert ([metric.id for metric in read.metrics], read.flaws) == (["loans"], ())
    (flaw,) = own_definitions("[metric.loans]\n").flaws
    assert str(flaw).startswith("metrics/own.toml, line 1: ")


def test_a_command_is_run_and_its_output_and_exit_code_are_told() -> None:
    assert run_kpi("calc", "cac", "10000", "20").stdout.endswith(" = 500.00\n")
    refused = run_kpi("calc", "cac", "10000", "0")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("kpi: 'cac.fully_loaded' has no value")
