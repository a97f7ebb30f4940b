"""`kpi token new --kpi … --where …`, and what tokens.toml keeps of it: as it was given, or the file is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicore import WHOLE, BadConfig, Narrowing
from kpicore.testing import run_kpi
from kpicore_http.kept_narrowing import narrowing_kept, narrowing_read
from kpicore_http.tokens import FILE, Tokens, new_token, read_tokens, revoke_token
from tests.http.conftest import NOW, Served

EUROPE = Narrowing(("win_rate", "won_deals"), (("region", ("Europe",)),))
HASH = "a" * 64


def make(folder: Path, *options: str) -> Result:
    return run_kpi("token", "new", f"Book {len(read_tokens(folder))} of mine", "-w", str(folder), *options)


def test_the_command_makes_a_token_for_kpis_and_rows_and_the_list_shows_it(own):
    where = ("--where", "region='europe'", "--where", "Region=America", "--where", "rep=Bob Ray", "--where", "rep=u1")
    made = make(own.folder, "--expires", "90d", "--kpi", "Win_Rate", "--kpi", "mql", "--kpi", "mql_count", *where)
    assert made.exit_code == 0, made.stderr
    words = "only win_rate, mql_count; only region Europe or America, rep Bob Ray or Ann Lee [u1]"
    assert made.stdout.startswith("kpi_") and made.stdout.count("\n") == 1
    assert made.stderr.startswith(f"It may ask {words}. Enter it in the KPI pane of the workbook, in Google Sheets in ")
    [_, line] = run_kpi("token", "list", "-w", str(own.folder)).stdout.splitlines()
    assert line.startswith(f"Book 1 of mine  {words}, made ")
    [whole, narrowed] = json.loads(run_kpi("token", "list", "--json", "-w", str(own.folder)).stdout)
    assert (whole["kpis"], whole["where"]) == (None, {})
    assert narrowed["kpis"] == ["win_rate", "mql_count"]
    assert narrowed["where"] == {"region": ["Europe", "America"], "rep": ["Bob Ray", "Ann Lee [u1]"]}
    headers = {"authorization": f"Bearer {made.stdout.strip()}"}
    answer = own.client.post("/v1/cells", json={"calls": [["KPI_WIN_RATE", [2025]]]}, headers=headers)
    assert answer.json()["results"] == [4 / 6]  # Ann [u1] won three of three, Bob one of three


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--kpi", "win_rat"], "no KPI named 'win_rat'. Did you mean 'win_rate'?"),
        (["--kpi", ""], "no KPI named ''."),
        (["--kpi", "win_rate.closed"], "'win_rate.closed' names a variant, and a KPI is given with all of them."),
        (["--where", "regoin=Europe"], "no dimension named 'regoin'. Did you mean 'region'?"),
        (["--where", "region=Europa"], "no region named 'Europa'. Did you mean 'Europe'?"),
        (["--where", "region="], "the region to cut by is empty."),
        (["--where", "region"], "cannot read --where 'region'."),
        (["--where", "rep=Ann Lee"], "2 reps are called 'Ann Lee'. Say which:"),
        (["--kpi", "cac", "--where", "region=Europe"], "this token is only for region Europe, and 'cac.fully_loaded'"),
    ],
)
def test_what_cannot_be_is_refused_and_no_token_made(tiny, options, told):
    before = (tiny.folder / FILE).read_bytes()
    refused = make(tiny.folder, *options)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Error: {told}") or told in refused.stderr
    assert (tiny.folder / FILE).read_bytes() == before


def test_the_command_alone_shows_its_help():
    shown = run_kpi("token")
    assert (shown.exit_code, shown.stderr) == (0, "") and "Make, list and revoke the tokens" in shown.stdout
    assert "Did you mean 'revoke'?" in run_kpi("token", "revok", "Book").stderr


def test_a_token_for_everything_needs_no_data_and_a_narrowed_one_does(tmp_path):
    assert run_kpi("init", str(tmp_path / "ws")).exit_code == 0
    assert make(tmp_path / "ws").exit_code == 0
    assert make(tmp_path / "ws", "--kpi", "win_rate").exit_code == 0
    refused = make(tmp_path / "ws", "--where", "region=Europe")
    assert refused.exit_code == 1 and "there is no warehouse yet" in refused.stderr


@given(
    st.none() | st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1),
    st.dictionaries(
        st.text(st.characters(codec="utf-8")),
        st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1),
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_read_again_as_it_was(tmp_path, kpis, where):
    filters = tuple(sorted((name, tuple(values)) for name, values in where.items()))
    narrowing = Narrowing(tuple(kpis) if kpis is not None else None, filters)
    (tmp_path / FILE).unlink(missing_ok=True)
    text = new_token(tmp_path, "Book1", NOW, None, narrowing)
    new_token(tmp_path, "Book2", NOW)
    token = Tokens(tmp_path).token_of(text)
    assert token is not None and token.narrowing == narrowing
    revoke_token(tmp_path, "Book2")
    assert [token.narrowing for token in read_tokens(tmp_path)] == [narrowing]


def test_a_narrowed_token_stands_where_a_version_that_knows_none_refuses_the_file(tmp_path):
    new_token(tmp_path, "Book1", NOW, None, EUROPE)
    text = (tmp_path / FILE).read_text()
    assert "[[narrowed]]" in text and "[[token]]" not in text


def test_a_file_of_a_version_before_there_were_narrowed_ones_is_read_and_grows(tmp_path):
    (tmp_path / FILE).write_text(f'[[token]]\nname = "Old"\nsha256 = "{HASH}"\nmade = 2026-01-01T00:00:00Z\n')
    new_token(tmp_path, "New", NOW, None, EUROPE)
    assert [(token.name, token.narrowing) for token in read_tokens(tmp_path)] == [("Old", WHOLE), ("New", EUROPE)]
    assert "narrowed" not in (tmp_path / FILE).read_text().partition("[[narrowed]]")[0].partition("[[token]]")[2]


ENTRY = f'name = "a"\nsha256 = "{HASH}"\nmade = 2026-01-01T00:00:00Z\n'


@pytest.mark.parametrize(
    "text",
    [
        f"[[narrowed]]\n{ENTRY}",
        f'[[token]]\n{ENTRY}kpis = ["win_rate"]',
        f'[[token]]\n{ENTRY}where = {{ region = ["Europe"] }}',
        *(
            f"[[narrowed]]\n{ENTRY}{line}"
            for line in (
                'kpi = ["win_rate"]',
                "kpis = []",
                'kpis = "win_rate"',
                'kpis = [""]',
                "kpis = [1]",
                "where = {}",
                'kpis = ["win_rate"]\nwhere = {}',
                'kpis = ["win_rate"]\nwhere = { region = [] }',
                'where = { region = "Europe" }',
                "where = { region = [true] }",
                'where = ["region"]',
                'where = { region = ["Europe"] }\nwher = { rep = ["Bob Ray"] }',
                "where = 1",
            )
        ),
        "narrowed = 1",
        "[narrowed]",
    ],
)
def test_a_narrowing_that_cannot_be_read_lets_nobody_in(tiny_folder, tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match="it is not as `kpi token` writes it"):
        read_tokens(tmp_path)


def test_a_server_whose_file_was_broken_by_hand_answers_no_token_until_it_is_whole(own: Served):
    narrowed = own.narrowed(EUROPE)
    sound = (own.folder / FILE).read_text()
    (own.folder / FILE).write_text(sound.replace("kpis =", "kpi ="))
    for path in ("/v1/functions", "/v1/stamp"):
        assert own.client.get(path, headers=narrowed.headers).status_code == 503
    for of in (own, narrowed):
        refused = own.client.post("/v1/cells", json={"calls": []}, headers=of.headers)
        assert refused.status_code == 503 and "The workspace cannot be read just now" in refused.json()["refused"]
    (own.folder / FILE).write_text(sound)
    assert narrowed.ask(["KPI_WON_DEALS", [2025]]) == [5]


def test_what_is_kept_of_none_is_nothing():
    assert narrowing_kept(WHOLE) == {"kpis": None, "where": None}
    with pytest.raises(ValueError):
        narrowing_read({})
