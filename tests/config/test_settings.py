"""What a setting may be, which values it takes, and in which words others are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import (
    BadArgument,
    BadConfig,
    BadDefinition,
    Config,
    PluginReport,
    Plugins,
    Setting,
    SettingTable,
    Type,
    UnknownName,
    Workspace,
    read_config,
    toml,
)
from tests.crm import crm_plugins
from tests.loops import loop

SETTINGS = (
    Setting("area", Type.TEXT, "Where.", "north", choices=("north", "south")),
    Setting("label", Type.TEXT, "What it is called.", ""),
    Setting("activity_days", Type.INTEGER, "Days.", 90, least=0),
    Setting("rate", Type.NUMBER, "A share.", 0.25),
    Setting("strict", Type.BOOLEAN, "Whether.", False),
    Setting("since", Type.DATE, "From when on.", date(2025, 1, 1)),
    Setting("teams", Type.TEXT, "Which.", ("A", "B"), many=True),
    Setting("crm_token", Type.TEXT, "What opens the CRM.", secret=True),
)
SHEET = SettingTable(
    "sheet",
    "A tab that is filled.",
    (
        Setting("spreadsheet", Type.TEXT, "its address", required=True),
        Setting("tab", Type.TEXT, "its tab", "KPIs"),
        Setting("kpis", Type.TEXT, "what is written", required=True, many=True),
        Setting("mode", Type.TEXT, "how", "replace", choices=("replace", "history")),
        Setting("since", Type.DATE, "from when on"),
        Setting("key_token", Type.TEXT, "what opens it", secret=True),
    ),
    many=True,
)
STORE = SettingTable("store", "Where data is kept.", (Setting("kind", Type.TEXT, "which", required=True),))
GIVEN = (*SETTINGS, SHEET, STORE)


def plugins(*given: Setting | SettingTable, giver: str = "acme", status: str = "ok") -> Plugins:
    report = PluginReport(giver, giver, "1", status)
    return replace(crm_plugins(settings=((giver, setting) for setting in given)), reports=(report,))


def read(folder: Path, text: str, given: Plugins | None = None) -> Config:
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    return Workspace(read_config(folder), given or plugins(*GIVEN)).config


def refusal(folder: Path, text: str, given: Plugins | None = None) -> str:
    with pytest.raises(BadConfig) as caught:
        read(folder, text, given)
    return str(caught.value).replace(str(folder / "kpi.toml"), "kpi.toml")


def test_defaults_are_there_where_nothing_is_written(tmp_path):
    config = read(tmp_path, "")
    own = {key: value for key, value in config.settings.items() if key in {each.name for each in SETTINGS}}
    assert own == {
        "area": "north",
        "label": "",
        "activity_days": 90,
        "rate": 0.25,
        "strict": False,
        "since": date(2025, 1, 1),
        "teams": ("A", "B"),
    }
    assert config.settings["stuck_days"] == 30
    assert (config.tables("sheet"), config.tables("store")) == ((), ())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("area = 'south'", "south"),
        ("label = 'Ö\\n'", "Ö\\n"),
        ("activity_days = 0", 0),
        ("activity_days = 30.0", 30),
        ("rate = 2", 2),
        ("rate = 1e30", 1e30),
        ("strict = true", True),
        ("since = 2026-02-28", date(2026, 2, 28)),
        ("since = '2026-02-28'", date(2026, 2, 28)),
        ("teams = []", ()),
        ("teams = ['C']", ("C",)),
    ],
)
def test_a_value_of_the_type_is_taken(tmp_path, written, value):
    name = written.partition(" ")[0]
    found = read(tmp_path, f"[settings]\n{written}\n").settings[name]
    assert (found, type(found)) == (value, type(value))


WRONG = {
    "area": ("'nort'", "''", "1", "true", "[]", "2026-01-01"),
    "label": ("1", "1.5", "true", "['a']", "2026-01-01", "{ a = 1 }"),
    "activity_days": ("-1", "1.5", "'9'", "true", "[9]", "nan", "inf", "1e30", "0x" + "f" * 5_000, "2026-01-01"),
    "rate": ("'0.5'", "false", "nan", "-inf", "[0.5]", "0x" + "f" * 5_000),
    "strict": ("1", "0", "'true'", "[true]"),
    "since": ("'soon'", "2026", "true", "2026-01-01T08:00:00", "08:00:00", "'2026-02-30'", "[2026-01-01]"),
    "teams": ("'A'", "1", "{ a = 1 }", "['A', 1]", "[['A']]"),
}


@pytest.mark.parametrize(("name", "value"), [(name, each) for name, values in WRONG.items() for each in values])
def test_a_value_of_another_type_is_refused_in_one_line_that_names_file_and_key(tmp_path, name, value):
    told = refusal(tmp_path, f"[settings]\n{name} = {value}\n")
    assert told.startswith((f"kpi.toml settings.{name}: expected ", f"kpi.toml settings.{name}: cannot read "))
    assert told.isprintable() and len(told) < 1_100


@pytest.mark.parametrize("name", ["area", "label", "activity_days", "rate", "strict", "since", "teams"])
def test_a_table_as_deep_as_no_message_is_refused_all_the_same(tmp_path, name):
    told = refusal(tmp_path, f"[settings]\n{name}{'.a' * 3_000} = 1\n")
    assert told.startswith(f"kpi.toml settings.{name}: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[settings]\nactivty_days = 5",
            "kpi.toml settings.activty_days: no setting named 'activty_days'. Did you mean 'activity_days'?",
        ),
        ("[settings]\nactivity_days = -5", "settings.activity_days: expected a whole number from 0 on, not -5."),
        ("[settings]\narea = 'suth'", "kpi.toml settings.area: cannot read 'suth'. Did you mean 'south'?"),
        ("[settings]\narea = 'x'", "kpi.toml settings.area: cannot read 'x'. Write one of 'north', 'south'."),
        ("[[shet]]\ntab = 'A'", "kpi.toml shet: no table named 'shet'. Did you mean 'sheet'?"),
        ("[sheet]\ntab = 'A'", "kpi.toml sheet: expected tables, write [[sheet]] on a line of its own."),
        ("sheet = [1]", "kpi.toml sheet: expected tables, write [[sheet]] on a line of its own."),
        ("[[store]]\nkind = 'a'", "kpi.toml store: expected a table, write [store] on a line of its own."),
        ("[store]\n", "kpi.toml store.kind: it is not written, and has no default. It is which"),
        ("[store]\nkind = 1\n", "kpi.toml store.kind: expected a text in quotes, not 1."),
        (
            "[[sheet]]\nspreadsheet = 'a'\nkpis = []\n[[sheet]]\nspredsheet = 'b'\nkpis = []",
            "kpi.toml sheet 2 spredsheet: no key named 'spredsheet'. Did you mean 'spreadsheet'?",
        ),
        ("[[sheet]]\nspreadsheet = 'a'", "kpi.toml sheet 1 kpis: it is not written, and has no default."),
        (
            "[[sheet]]\nspreadsheet = 'a'\nkpis = 'aov'",
            "kpi.toml sheet 1 kpis: expected a list, each a text in quotes, not 'aov'.",
        ),
        (
            "[[sheet]]\nspreadsheet = 'a'\nkpis = []\nmode = 'histry'",
            "kpi.toml sheet 1 mode: cannot read 'histry'. Did you mean 'history'?",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, text, told):
    message = refusal(tmp_path, text)
    assert message.startswith(told) or told in message
    assert "\n" not in message


def test_a_key_of_before_says_what_to_do_now(tmp_path):
    assert refusal(tmp_path, "[settings]\nmy_gap = 7\n", plugins()) == (
        "kpi.toml settings.my_gap: no setting named 'my_gap'. Known: active_rule, cac_lag_months, inactivity_days, "
        "maturing_days, post_close_days, qualified_stage, stuck_days. A plugin declares it by its hook kpi_settings; a "
        "definition of your own names it, as setting.points."
    )


def test_tables_are_read_with_their_defaults(tmp_path):
    text = "[[sheet]]\nspreadsheet = 'x'\nkpis = ['aov', 'ltv']\nkey_token_env = 'KEY'\n[[sheet]]\nspreadsheet = 'y'\n"
    config = read(tmp_path, text + "kpis = []\ntab = 'B'\nsince = 2025-02-01\n[store]\nkind = 'postgres'\n")
    first = {"spreadsheet": "x", "tab": "KPIs", "kpis": ("aov", "ltv"), "mode": "replace", "since": None}
    second = {"spreadsheet": "y", "tab": "B", "kpis": (), "mode": "replace", "since": date(2025, 2, 1)}
    assert config.tables("sheet") == ({**first, "key_token_env": "KEY"}, {**second, "key_token_env": None})
    assert config.tables("store") == ({"kind": "postgres"},)
    with pytest.raises(UnknownName, match=r"no table named 'shet' in kpi\.toml\. Did you mean 'sheet'\?"):
        config.tables("shet")


def test_settling_twice_changes_nothing_and_another_plugin_leaves_nothing_behind(tmp_path):
    once = read(tmp_path, "[settings]\nrate = 2\n[store]\nkind = 'a'\n")
    assert Workspace(once, plugins(*GIVEN)).config == once
    with pytest.raises(BadConfig, match=r"settings\.rate: no setting named 'rate'"):
        Workspace(once, plugins())


@pytest.mark.parametrize("name", [each.name for each in SETTINGS])
def test_a_plugin_that_cannot_be_asked_takes_no_workspace_down(tmp_path, name):
    for status in ("broken", "partly", "disabled"):
        config = read(tmp_path, f"[settings]\n{name}_env = 'A'\n[sheet]\nx = 1\n", plugins(status=status))
        assert name not in config.settings


@pytest.mark.parametrize("name", ["stuk_days", "sttuck_days", "stuck_dayz", "stuck_dasy", "stuck_day", "Stuck_days"])
def test_a_slip_of_one_letter_is_refused_all_the_same(tmp_path, name):
    for status in ("broken", "partly", "disabled"):
        told = refusal(tmp_path, f"[settings]\n{name} = 1\n", plugins(status=status))
        assert "Did you mean 'stuck_days'? Or a plugin declares it that is broken or shut out: kpi plugins" in told


def one_letter_away(name: str) -> set[str]:
    """Return what a letter too many, too few or another, or two in the wrong order, make of a name."""
    ends = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    return {
        *(start + letter + end for start, end in ends for letter in "_z"),
        *(start + end[1:] for start, end in ends if end),
        *(start + letter + end[1:] for start, end in ends if end for letter in "_z"),
        *(start + end[1::-1] + end[2:] for start, end in ends if len(end) > 1),
    }


def test_of_all_pieces_of_a_key_and_longer_keys_only_slips_of_one_letter_are_refused(tmp_path):
    known, near = "stuck_days", one_letter_away("stuck_days")
    pieces = {known[at:to] for at in range(len(known)) for to in range(at + 1, len(known) + 1)}
    longer = {f"{known}_of_partners", f"{known}zz", f"zz{known}", f"really_{known}"}
    for name in {*pieces, *near, *longer} - {known}:
        text, broken = f"[settings]\n{name} = 1\n", plugins(status="broken")
        if name in near:
            assert "Did you mean 'stuck_days'?" in refusal(tmp_path, text, broken), name
        else:
            assert name not in read(tmp_path, text, broken).settings


def test_a_secret_is_read_from_the_environment_and_stands_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM", "s3cr3t-value")
    text = "[settings]\ncrm_token_env = 'CRM'\n[[sheet]]\nspreadsheet = 'x'\nkpis = []\nkey_token_env = 'NOT_THERE'\n"
    config = read(tmp_path, text)
    (sheet,) = config.tables("sheet")
    assert config.secret("crm_token") == "s3cr3t-value"
    assert config.secret("key_token", sheet, environment={"NOT_THERE": "other"}) == "other"
    assert "s3cr3t-value" not in f"{config!r} {dict(config.settings)} {config.further}"
    with pytest.raises(BadConfig, match=r"kpi.toml key_token_env: the environment variable that it names is not set\."):
        config.secret("key_token", sheet)
    with pytest.raises(BadConfig, match=r'settings\.other_env: it is not written\. Write other_env = "ITS_NAME"'):
        config.secret("other")


@pytest.mark.parametrize(
    "text",
    [
        "[settings]\ncrm_token = 's3cr3t-value'",
        "[settings]\ncrm_token_env = 's3cr3t-value'",
        "[settings]\ncrm_token_env = ['s3cr3t-value']",
        "[settings]\nAPI_TOKEN = 's3cr3t-value'",
        "[[sheet]]\nkey_token = 's3cr3t-value'",
        "[[sheet]]\nspreadsheet = 'a'\nkpis = []\nkey_token_env = 's3cr3t-value'",
        "[other]\npassword = 's3cr3t-value'",
        "[[other]]\ndb_password = 's3cr3t-value'",
        "[[source]]\nname = 'a'\nkind = 'b'\ntoken = 's3cr3t-value'",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path, text):
    for known, is_declared in ((plugins(*GIVEN), True), (plugins(status="broken"), False)):
        if is_declared or "_env" not in text:
            told = refusal(tmp_path, text, known)
            assert "s3cr3t" not in told
            assert "environment variable" in told


def test_what_nobody_read_is_not_in_the_repr(tmp_path):
    config = read(tmp_path, "[settings]\ncredentials = 's3cr3t-value'\n", plugins(status="broken"))
    assert "s3cr3t" not in repr(config)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: Setting("Big", Type.TEXT, ""), "its name is a text of lower-case letters, digits and underscores"),
        (lambda: Setting("a", Type.MONEY, ""), "a setting is TEXT, INTEGER, NUMBER, BOOLEAN, DATE, not MONEY"),
        (lambda: Setting("a", Type.INTEGER, "", 1.5), "default: expected a whole number, not 1.5"),
        (lambda: Setting("a", Type.INTEGER, "", -1, least=0), "default: expected a whole number from 0 on, not -1"),
        (lambda: Setting("a", Type.BOOLEAN, "", 1), "default: expected true or false, not 1"),
        (lambda: Setting("a", Type.TEXT, "", "z", choices=("x",)), "default: cannot read 'z'"),
        (lambda: Setting("a", Type.TEXT, "", "z", many=True), "default: expected a list"),
        (lambda: Setting("a", Type.DATE, "", "2025-01-01"), "its default is to be datetime.date(2025, 1, 1)"),
        (lambda: Setting("a", Type.TEXT, "", "x", required=True), "what is required has no default"),
        (lambda: Setting("a", Type.NUMBER, "", choices=("x",)), "only a text has choices"),
        (lambda: Setting("a", Type.TEXT, "", least=1), "only a number has a least value"),
        (lambda: Setting("my_token", Type.TEXT, "", ""), "write secret=True"),
        (lambda: Setting("my_env", Type.TEXT, "", ""), "write secret=True"),
        (lambda: Setting("my_token", Type.TEXT, "", "x", secret=True), "a secret is one text, without default"),
        (lambda: SettingTable("A", "", ()), "its name is a text of lower-case letters, digits and underscores"),
        (lambda: SettingTable("a", "", (SETTINGS[0], SETTINGS[0])), "it has two settings 'area'"),
    ],
)
def test_a_record_that_cannot_be_is_refused(made, told):
    with pytest.raises(BadDefinition) as caught:
        made()
    assert told in str(caught.value)


NAMES = st.sampled_from(
    [
        *(setting.name for setting in SETTINGS),
        *("workspace", "calendar", "settings", "default_variants", "words", "source", "target"),
        *("sheet", "store", "crm_token_env", "activty_days", "x", '"ü \\n"'),
    ]
)
VALUES = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates().map(str),
    st.text(max_size=5).map(toml),
    st.lists(st.integers() | st.text(max_size=3), max_size=2).map(toml),
    st.sampled_from(["08:00:00", "1e999", "0x" + "f" * 5_000, "{ a = 1 }", "[{ a = 1 }]", "2026-01-01T00:00:00Z"]),
).map(lambda value: str(value).lower() if isinstance(value, bool) else str(value))
LINES = st.one_of(
    NAMES.map("[{}]".format),
    NAMES.map("[[{}]]".format),
    st.tuples(NAMES, VALUES).map(" = ".join),
    st.tuples(NAMES, NAMES, VALUES).map("{0[0]}.{0[1]} = {0[2]}".format),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@loop("kpi.toml of any text, with what plugins declare", ci=200, soak=20_000)
@given(st.text() | st.lists(LINES, max_size=8).map("\n".join), st.sampled_from(["ok", "broken"]), st.booleans())
def test_any_text_is_read_or_refused_in_one_line_that_names_the_file(
    folder: Path, text: str, status: str, declares: bool
) -> None:
    file = folder / "kpi.toml"
    file.write_text(text, encoding="utf-8", newline="")
    given = plugins(*GIVEN, status=status) if declares else plugins(status=status)
    found: Any = None
    try:
        found = Workspace(read_config(folder), given).config
    except BadConfig as error:
        told = str(error)
        assert told.startswith(f"{file}")
        assert told.isprintable() and len(told) < 2_100
    else:
        assert Workspace(found, given).config == found


def alone(written: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> None:
    if written["kind"] in [table["kind"] for table in before]:
        raise BadArgument(f"there is a shelf '{written['kind']}' already.", hint="Choose another one.")
    if written["kind"] == "broken":
        written["depth"]


@pytest.mark.parametrize("many", [True, False])
def test_a_table_that_its_plugin_refuses_is_told_with_file_table_and_number(tmp_path, many):
    shelf = SettingTable("shelf", "A shelf.", STORE.settings, many, alone)
    assert refusal(tmp_path, f"{shelf.header}\nkind = 'broken'\n", plugins(shelf)).startswith(
        f"kpi.toml shelf{' 1' if many else ''}: the check of {shelf.header}: KeyError: 'depth' (test_settings.py, line "
    )


def test_a_check_sees_the_tables_before_with_their_defaults(tmp_path):
    shelf = SettingTable("shelf", "A shelf.", STORE.settings, many=True, check=alone)
    text = "".join(f"[[shelf]]\nkind = '{kind}'\n" for kind in ("a", "b", "a"))
    told = "kpi.toml shelf 3: there is a shelf 'a' already. Choose another one."
    assert refusal(tmp_path, text, plugins(shelf)) == told
    assert len(read(tmp_path, text.rpartition("[[")[0], plugins(shelf)).tables("shelf")) == 2
