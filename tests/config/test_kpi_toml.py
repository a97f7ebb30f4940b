"""kpi.toml: what is read, what is refused and in which words, and what `kpi init` writes."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from datetime import date, time, timedelta
from hashlib import sha256
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpicore import BadConfig, Config, KpiError, Setting, Type, read_config, toml, write_config
from kpicore.config.reader import parse_config
from kpicore.config.template import config_text
from kpicore.config.word_answers import with_words
from kpicore.registry.joined import declared
from tests.crm import PLUGINS, SETTINGS, with_crm

DECLARED = declared(PLUGINS.contributions).settings


def written(folder: Path, text: str) -> Path:
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(BadConfig) as caught:
        with_crm(read_config(written(folder, text)))
    return str(caught.value).replace(str(folder / "kpi.toml"), "kpi.toml")


def test_an_empty_file_means_the_defaults(tmp_path):
    assert read_config(written(tmp_path, "")) == Config(tmp_path, name=tmp_path.name)


def test_everything_that_can_be_set_is_read(tmp_path):
    config = with_crm(
        read_config(
            written(
                tmp_path,
                """
            [workspace]
            name = "Acme"
            currency = "eur"
            timezone = "Europe/Budapest"
            [calendar]
            week_starts = "Sunday"
            fiscal_starts = "april"
            [settings]
            active_rule = "contract"
            inactivity_days = 90
            [default_variants]
            win_rate = "created"
            [[source]]
            name = "crm"
            kind = "files"
            path = "exports/"
            token_env = "CRM_TOKEN"
            """,
            )
        )
    )
    assert (config.name, config.currency, config.timezone) == ("Acme", "EUR", "Europe/Budapest")
    assert (config.week_starts, config.fiscal_starts) == (6, 4)
    assert config.settings == {**SETTINGS, "active_rule": "contract", "inactivity_days": 90}
    assert config.default_variants == {"win_rate": "created"}
    assert config.sources == ({"name": "crm", "kind": "files", "path": "exports/", "token_env": "CRM_TOKEN"},)


def test_weekdays_and_months_may_be_numbers(tmp_path):
    config = read_config(written(tmp_path, "[calendar]\nweek_starts = 6\nfiscal_starts = 4\n"))
    assert (config.week_starts, config.fiscal_starts) == (6, 4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[workspase]\n", "kpi.toml workspase: no table named 'workspase'. Did you mean 'workspace'?"),
        ("[calendar]\nweek_start = 1", "kpi.toml [calendar]: no key named 'week_start'. Did you mean 'week_starts'?"),
        ("workspace = 1", "kpi.toml workspace: expected a table, write [workspace] on a line of its own."),
        ("[workspace]\nname = 7", "kpi.toml workspace.name: expected a text in quotes, not 7."),
        ("[workspace]\nname = ' '", "kpi.toml workspace.name: expected a text in quotes, not ' '."),
        (
            "[workspace]\ntimezone = 'Europe/Pari'",
            "kpi.toml workspace.timezone: no time zone named 'Europe/Pari'. Did you mean 'Europe/Paris'?",
        ),
        ("[workspace]\ntimezone = '../etc'", "kpi.toml workspace.timezone: no time zone named '../etc'."),
        (
            "[workspace]\ncurrency = 'EURO'",
            "kpi.toml workspace.currency: no currency named 'EURO'. Did you mean 'EUR'?",
        ),
        (
            "[calendar]\nweek_starts = 'mondy'",
            "kpi.toml calendar.week_starts: cannot read 'mondy'. Did you mean 'monday'?",
        ),
        ("[calendar]\nweek_starts = 7", "kpi.toml calendar.week_starts: cannot read 7. Write 'monday' to 'sunday'."),
        ("[calendar]\nweek_starts = true", "kpi.toml calendar.week_starts: cannot read true."),
        (
            "[calendar]\nfiscal_starts = 0",
            "kpi.toml calendar.fiscal_starts: cannot read 0. Write 'january' to 'december'.",
        ),
        ("[calendar]\nfiscal_starts = 13", "kpi.toml calendar.fiscal_starts: cannot read 13."),
        (
            "[settings]\ninactivity_dais = 9",
            "kpi.toml settings.inactivity_dais: no setting named 'inactivity_dais'. Did you mean 'inactivity_days'?",
        ),
        ("[settings]\ninactivity_days = '9'", "kpi.toml settings.inactivity_days: expected a whole number, not '9'."),
        ("[settings]\ninactivity_days = -9", "expected a whole number from 0 on, not -9."),
        ("[settings]\nmine = [1]", "kpi.toml settings.mine: no setting named 'mine'. Known: active_rule, "),
        (
            "[settings]\nactive_rule = 'contracts'",
            "kpi.toml settings.active_rule: cannot read 'contracts'. Did you mean 'contract'?",
        ),
        ("[calendar]\nholidays = ['x']", "kpi.toml calendar.holidays: 'x' is no day. Write 2026-12-25."),
        ("[default_variants]\nwin_rate = 1", "kpi.toml default_variants.win_rate: expected a text in quotes, not 1."),
        ("[source]\nname = 'a'", "kpi.toml source: expected tables, write [[source]] on a line of its own."),
        ("[[source]]\nkind = 'files'", "kpi.toml source 1 name: expected a text in quotes, not None."),
        ("[[source]]\nname = 'a'", "kpi.toml source 1 kind: expected a text in quotes, not None."),
        (
            "[[source]]\nname='a'\nkind='b'\n[[source]]\nname='a'\nkind='c'",
            "source 2: two sources are named 'a', this one and source 1.",
        ),
        ("[[source]]\nname='a'\nkind='b'\napi_token='x'", "source 1 api_token: a secret must not stand in this file."),
        ("[workspace]\nname = \n", "(at line 2, column 8)"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_names_the_key(tmp_path, text, told):
    message = refusal(tmp_path, text)
    assert told in message
    assert "\n" not in message


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(BadConfig, match=r"there is no such file\. Make a workspace: kpi init"):
        read_config(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "kpi.toml").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(BadConfig, match="it is not UTF-8 text"):
        read_config(tmp_path)


def test_a_folder_whose_name_is_no_text_is_refused_when_it_is_made_and_when_it_is_opened(tmp_path):
    folder = tmp_path / "data\udcff"  # how Python tells of a byte that is no text
    for asked in (lambda: read_config(folder), lambda: write_config(Config(folder, "Acme"))):
        with pytest.raises(BadConfig, match=r"the folder has a name that is no text\. Rename it"):
            asked()
    assert not folder.exists()


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "kpi.toml").write_bytes(b"\xef\xbb\xbf[workspace]\nname = 'Acme'\n")
    assert read_config(tmp_path).name == "Acme"


def test_what_is_written_is_read_again(tmp_path):
    config = Config(
        tmp_path / "new",
        name='Ann "&" Söhne \\ 1',
        currency="HUF",
        timezone="Asia/Tokyo",
        week_starts=6,
        fiscal_starts=7,
        settings={**SETTINGS, "qualified_stage": 2},
        further={
            "settings": {"own rule": "x\x7f", "since": date(2025, 1, 2)},
            "sheet": [{"tab": "A"}, {"kpis": ["aov"], "at": time(8, 30)}],
            "warehouse": {"kind": "postgres"},
        },
        default_variants={"cac": "paid"},
        sources=({"name": "crm", "kind": "files", "paths": ["a", "b"], "columns": {"Deal Id": "id"}},),
    )
    write_config(config)
    further = {**config.further, "settings": {**config.further["settings"], "qualified_stage": 2}}
    assert read_config(tmp_path / "new") == replace(config, settings={"maturing_days": 30}, further=further)


def test_a_file_that_a_full_disk_cut_short_is_taken_away_again(tmp_path, monkeypatch):
    def full(path: Path, *given: str, **named: str) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(KpiError, match="No space left on device"):
            write_config(Config(folder=tmp_path, name="Acme"))
    assert list(tmp_path.iterdir()) == []
    write_config(Config(folder=tmp_path, name="Acme"))


def test_an_existing_file_is_never_overwritten(tmp_path):
    written(tmp_path, "# mine\n")
    with pytest.raises(BadConfig, match="it is there already"):
        write_config(Config(tmp_path, name="x"))
    assert (tmp_path / "kpi.toml").read_text() == "# mine\n"


def test_nothing_is_written_that_could_not_be_read(tmp_path):
    with pytest.raises(BadConfig, match="no currency named 'XXQ'"):
        write_config(Config(tmp_path / "new", name="x", currency="XXQ"))
    assert not (tmp_path / "new").exists()


def test_every_setting_stands_in_a_new_file_with_its_meaning(tmp_path):
    lines = config_text(Config(tmp_path, name="x"), DECLARED).splitlines()
    for name in SETTINGS:
        (line,) = [each for each in lines if each.startswith(f"# {name} = ")]
        assert "  # " in line


def test_comments_of_a_new_file_are_valid_when_uncommented(tmp_path):
    text = config_text(Config(tmp_path, name="x"), DECLARED)
    lines = [line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in text.splitlines()]
    config = parse_config("\n".join(lines), tmp_path / "kpi.toml")
    assert with_crm(config).settings == SETTINGS
    assert config.default_variants == {"loans": "renewed"}
    assert config.words == {"loan": {"state": {"As they write it": "returned"}}}
    assert [source["name"] for source in config.sources] == ["exports"]


TEXTS = st.text(st.characters(codec="utf-8"))
DAYS = st.dates() | (st.times() | st.datetimes()).map(lambda moment: moment.replace(fold=0))
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans(), DAYS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
@example([inf, -inf, nan])
def test_every_value_reads_back_as_it_was_written(value: object) -> None:
    assert repr(tomllib.loads(f"x = {toml(value)}")["x"]) == repr(value)


def test_toml_values_are_written_on_one_line():
    assert toml({"a": [1, 2.5, True], "b c": "é"}) == '{ a = [1, 2.5, true], "b c" = "é" }'


def test_a_new_file_is_the_one_that_it_always_was(tmp_path):
    text = config_text(Config(tmp_path, name="Acme"), DECLARED)
    assert sha256(text.encode()).hexdigest() == "77e5e98261501e9650e59ab8345962871b96145aa3a7c87c29bbdfe3bbb59c5a"


@pytest.mark.parametrize("meaning", ["Days.", "Days\nmine = 1", '"""', "ü # x", ""])
def test_a_setting_that_a_plugin_declares_stands_in_a_new_file_in_one_line(tmp_path, meaning):
    settings = (*DECLARED, Setting("gap", Type.INTEGER, meaning, 7), Setting("key", Type.TEXT, meaning, secret=True))
    text = config_text(Config(tmp_path, name="Acme"), settings)
    (line,) = [each for each in text.split("\n") if "gap" in each]
    assert line.startswith("# gap = 7  # ") and line.isprintable()
    assert "key_env" not in text and "\nmine" not in text
    assert parse_config(text.replace("# gap", "gap"), tmp_path / "kpi.toml").further == {"settings": {"gap": 7}}


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\n", "\t", "\x9b", "\u2028", "\u202e"])
def test_names_that_are_shown_and_opened_have_no_signs_that_steer_a_terminal(tmp_path, sign):
    told = "kpi.toml workspace.name: expected one line of at most 255 characters, none of which steers a terminal."
    assert refusal(tmp_path, f"[workspace]\nname = {toml(f'A{sign}B')}\n") == told
    told = refusal(tmp_path, f"[calendar]\nfiscal_months = {toml(f'a{sign}b.csv')}\n")
    assert told.startswith("kpi.toml calendar.fiscal_months: 'a\\") and "is no name of a file" in told


def test_a_company_is_called_as_people_write_it_in_one_line(tmp_path):
    for name in ("<b>A & B</b>", "\u05d7\u05d1\u05e8\u05d4 1", "A\N{NO-BREAK SPACE}B", "x" * 255):
        assert read_config(written(tmp_path, f"[workspace]\nname = {toml(name)}\n")).name == name
    assert "at most 255 characters" in refusal(tmp_path, f"[workspace]\nname = '{'x' * 256}'\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no folder there is called so")
def test_a_workspace_without_a_name_is_called_as_its_folder_is_shown(tmp_path):
    (tmp_path / "a\x1b[31m\nb").mkdir()
    assert read_config(written(tmp_path / "a\x1b[31m\nb", "")).name == r"a\x1b[31m\nb"


@pytest.mark.parametrize(
    ("value", "said"),
    [("true", "true"), ("2025-01-01", "2025-01-01"), ("08:00:00", "08:00:00"), ("2025-01-01 08:00:00Z", "2025-01-01T")],
)
@pytest.mark.parametrize("key", ["workspace.name", "calendar.week_starts", "settings.active_rule"])
def test_a_message_says_a_value_as_the_file_has_it(tmp_path, key, value, said):
    told = refusal(tmp_path, f"{key} = {value}\n")
    assert told.startswith(f"kpi.toml {key}: ") and f" {said}" in told
    assert "True" not in told and "datetime" not in told


OTHER = "[settings]\nstuck_days = nan # a remark\n"
STATUS = 'Failed = "open"\n"odd one" = "open"\n'
SPELLINGS = [
    f"[words.order.status]\n{STATUS}{OTHER}",
    f"{OTHER}[ words . 'order' . \"status\" ] # ours\n{STATUS}",
    '[words.order]\nstatus = {Failed = "open", "odd one" = "open"} # ours\n' + OTHER,
    '[words.order]\nstatus.Failed = "open"\nchannel.x = "web"\nstatus."odd one" = "open"\n' + OTHER,
    '[words]\norder = {status = {Failed = "open", "odd one" = "open"}}\n' + OTHER,
    'words.order.status = {Failed = "open", "odd one" = "open"}\n' + OTHER,
    'words = {order = {status = {Failed = "open", "odd one" = "open"}}}\n' + OTHER,
    f'long = """\n[words.order.status]\nFailed = "open"\n"""\n[words.order.status]\n{STATUS}',
    f'[words.order.status]\n{STATUS}{OTHER}[words.order.channel]\nx = "web"\n',
    "",
    OTHER,
    "words = {}\n" + OTHER,
    "[words]\norder = {}\n" + OTHER,
    'words = {order = {channel = {x = "web"}}}\n' + OTHER,
    '[words.order]\nchannel = {x = "web"}\n' + OTHER,
    '[words]\norder.channel.x = "web"\n' + OTHER,
    'words.order.channel.x = "web"\n' + OTHER,
    '[words.order.channel]\nx = "web"\n[words.activity.type]\nx = "call"\n' + OTHER,
    'long = """\n[words.order.status]\n"""\n' + OTHER,
]


def _leaves(table: dict[str, Any], path: str = "") -> dict[str, str]:
    """Return the values below a table by their keys, as they are printed: nan is not equal to itself."""
    inner = (_leaves(value, f"{path}{key}.") if isinstance(value, dict) else {path + key: repr(value)}
             for key, value in table.items())  # fmt: skip
    return {key: value for leaves in inner for key, value in leaves.items()}


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize("words", [{"failed": "cancelled"}, {"New": "open", 'a "b"\\ ü\n': "cancelled", "[x]": ""}])
def test_words_are_added_to_any_spelling_and_all_else_means_what_it_meant(text: str, words: dict[str, str]) -> None:
    edited = with_words(text, "order", "status", words)
    assert edited is not None
    before, after = _leaves(tomllib.loads(text)), _leaves(tomllib.loads(edited))
    if "failed" in words:
        before.pop("words.order.status.Failed", None)
    assert after == before | {f"words.order.status.{word}": repr(code) for word, code in words.items()}
    assert all(remark in edited for remark in ("# ours", "# a remark") if remark in text)


def test_files_may_be_of_any_day_and_other_sources_two_days_behind(tmp_path: Path) -> None:
    lines = [f'[[source]]\nname = "own_{kind}"\nkind = "{kind}"\npath = "x.csv"\n' for kind in ("files", "crm")]
    config = parse_config("".join(lines), tmp_path / "kpi.toml")
    assert config.lags == {"own_files": None, "own_crm": timedelta(days=2)}
