"""A field that comes to numbers too large for any column is left empty and told; all others are as without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from kpicore import BadDefinition, Workspace, open_workspace, read_config
from kpicore.testing import TinySource, batch, run_kpi
from kpicore_crm.testing import load_tiny_company
from tests.crm import PLUGINS, crm_registry

HEAD = "from kpicore import COUNT, Field, LookUp, Metric, RollUp, Type, hookimpl, total\n"
SIXTH = "amount" + " * amount" * 5
WAYS = {
    "a product": f'Field("opportunity", "size", Type.MONEY, "Size.", how=("{SIXTH}",))',
    "whole numbers": (
        'Field("opportunity", "n", Type.INTEGER, "N.", how=("days(created_on, period.as_of) + 2000000000",)),'
        'Field("opportunity", "size", Type.INTEGER, "Size.", how=("n * n * n",))'
    ),
    "a sum": f'Field("customer", "size", Type.MONEY, "Size.", how=(RollUp("customer_id", total("order", "{SIXTH}")),))',
    "what it is in the end": f'Field("opportunity", "size", Type.MONEY, "Size.", settled="{SIXTH}")',
}


def run(folder: Path, *arguments: str) -> Result:
    return run_kpi(*arguments, "--workspace", str(folder))


@pytest.mark.parametrize("way", WAYS)
def test_the_field_is_empty_and_told_and_every_other_answer_is_the_same(install, tmp_path, way):
    load_tiny_company(tmp_path)
    before = run(tmp_path, "get", "won_deals", "sales", "-p", "2025").output
    entity = "customer" if way == "a sum" else "opportunity"
    when = "created_on" if way == "a sum" else "closed_on"
    source = f"""{HEAD}
@hookimpl
def kpi_fields():
    return [{WAYS[way]}, Field("{entity}", "more", Type.NUMBER, "More.", how=("size + 1",))]

@hookimpl
def kpi_metrics():
    for name in ("size", "more"):
        yield Metric("my_" + name, name="M", unit=COUNT, inputs={{"n": total("{entity}", name, when="{when}")}})
"""
    install("mine", source)
    assert run(tmp_path, "get", "won_deals", "sales", "-p", "2025").output == before
    told = f"{entity}.size of 'mine' is left empty, as it comes to too large a number"
    asked = run(tmp_path, "get", "my_size", "my_more", "-p", "2025", "--json")
    size, more = json.loads(asked.stdout)
    assert (size["value"], size["reason"], more["value"], more["reason"]) == (None, "not_loaded", None, "not_loaded")
    assert told in asked.stdout
    lines = json.loads(run(tmp_path, "plugins", "--json").stdout)
    (mine,) = [line for line in lines if line["name"] == "mine"]
    assert mine["problems"] == [f"{entity}.size: {told}"]
    past = run(tmp_path, "get", "won_deals", "my_size", "-p", "2025", "--as-of", "2025-06-30", "--json")
    assert [each["value"] for each in json.loads(past.stdout)] == [7, None]


def test_a_field_of_the_core_stops_the_load_in_words_and_what_was_there_stays(tmp_path):
    load_tiny_company(tmp_path)
    registry = crm_registry()
    lines = """
        id order_id quantity unit_price
        z1 o1 100000000000 9000000000
    """
    huge = TinySource("huge", (batch(registry, "order_line", lines),))
    told = r"^field 'order_line\.amount': what it is made of is too large a number\. Look for a number in the data that"
    with Workspace(read_config(tmp_path), PLUGINS) as opened, pytest.raises(BadDefinition, match=told):
        opened.load([huge])
    with open_workspace(tmp_path) as workspace:
        assert workspace.get("won_deals", "2025").answers[0].value == 7
