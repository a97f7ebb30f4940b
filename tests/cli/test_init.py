"""`kpi init`."""

from __future__ import annotations

from kpicore import read_config
from kpicore.testing import run_kpi
from tests.house.test_core_knows_no_domain import words
from tests.plugins.conftest import BUILT_IN


def test_init_makes_a_workspace_that_can_be_read(tmp_path):
    folder = tmp_path / "acme"
    options = ["--currency", "eur", "--timezone", "Europe/Rome", "--week-starts", "sunday", "--fiscal-starts", "april"]
    result = run_kpi("init", str(folder), *options)
    assert result.exit_code == 0
    assert result.output == f"Made {folder / 'kpi.toml'}. Next: cd {folder}, then kpi import FILE…\n"
    config = read_config(folder)
    assert (config.name, config.currency, config.timezone) == ("acme", "EUR", "Europe/Rome")
    assert (config.week_starts, config.fiscal_starts) == (6, 4)


def test_init_works_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run_kpi("init", "--name", "Acme")
    assert result.output == "Made kpi.toml. Next: kpi import FILE…\n"
    assert read_config(tmp_path).name == "Acme"


def test_comments_of_a_new_file_name_what_the_installed_plugins_give(tmp_path, monkeypatch):
    run_kpi("init", str(tmp_path / "sales"))
    sales = (tmp_path / "sales" / "kpi.toml").read_text()
    assert '# kpi = "new_leads"\n' in sales and '# rep = "A name"\n' in sales and "# active_rule = " in sales
    assert "loan" not in sales
    monkeypatch.setenv("KPI_DISABLE", ",".join(point.name for point in BUILT_IN))
    run_kpi("init", str(tmp_path / "bare"))
    bare = (tmp_path / "bare" / "kpi.toml").read_text()
    assert '# kpi = "loans"\n' in bare and '# branch = "A name"\n' in bare
    assert not [*words(bare)]


def test_init_refuses_a_workspace_that_exists_and_leaves_it_as_it_is(tmp_path):
    (tmp_path / "kpi.toml").write_text("# mine\n")
    result = run_kpi("init", str(tmp_path))
    assert result.exit_code == 1
    assert "it is there already. Edit it, or choose another folder." in result.stderr
    assert (tmp_path / "kpi.toml").read_text() == "# mine\n"


def test_init_refuses_a_wrong_time_zone_and_makes_nothing(tmp_path):
    result = run_kpi("init", str(tmp_path / "new"), "--timezone", "Europe/Pari")
    assert result.exit_code == 1
    assert "Did you mean 'Europe/Paris'?" in result.stderr
    assert not (tmp_path / "new").exists()


def test_init_refuses_a_file_in_place_of_a_folder(tmp_path):
    (tmp_path / "file").write_text("")
    result = run_kpi("init", str(tmp_path / "file"))
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
