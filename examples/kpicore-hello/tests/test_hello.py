from kpicore import open_workspace
from kpicore_crm.testing import load_tiny_company


def test_two_of_the_four_deals_won_in_the_first_quarter_were_big(tmp_path):
    load_tiny_company(tmp_path)
    with open_workspace(tmp_path) as workspace:
        (answer,) = workspace.get("big_deal_share", "2025-Q1").answers
    assert (answer.value, answer.n) == (0.5, 4)


def test_a_calculator_comes_with_the_formula_and_needs_no_data(tmp_path):
    (tmp_path / "kpi.toml").touch()
    with open_workspace(tmp_path) as workspace:
        assert workspace.calc("big_deal_share", 3, 12) == 0.25
