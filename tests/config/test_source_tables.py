"""What a `[[source]]` of kpi.toml must have: a plain name of its own, a kind, and keys that its kind declares."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kpicore import (
    BadConfig,
    Config,
    PluginReport,
    Plugins,
    Setting,
    SourceKind,
    Type,
    UnknownName,
    Workspace,
    read_config,
    source_secret,
)
from kpicore.config.reader import parse_config, source_settings
from kpicore.config.source_tables import lag_of
from kpicore.plugins.settled import settled
from tests.crm import crm_plugins

SHOP = SourceKind(
    "shop",
    "A shop.",
    lambda settings: None,
    (
        Setting("url", Type.TEXT, "its address", required=True),
        Setting("days", Type.INTEGER, "how many", 7, least=1),
        Setting("mode", Type.TEXT, "how", "all", choices=("all", "new")),
        Setting("lists", Type.TEXT, "which", ("deals",), many=True),
        Setting("pin", Type.TEXT, "what opens it too", secret=True),
    ),
    ("token",),
)
WRITTEN = "[[source]]\nname = 'crm'\nkind = 'shop'\nurl = 'https://shop.test'\ntoken_env = 'SHOP_TOKEN'\n"


def plugins(*kinds: SourceKind, status: str = "ok") -> Plugins:
    report = PluginReport("acme", "acme", "1", status)
    return replace(crm_plugins(sources=tuple(("acme", kind) for kind in kinds)), reports=(report,))


def read(folder: Path, text: str, given: Plugins | None = None) -> Config:
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    return settled(read_config(folder), given or plugins(SHOP))


def refusal(folder: Path, text: str, given: Plugins | None = None) -> str:
    with pytest.raises(BadConfig) as caught:
        read(folder, text, given)
    told = str(caught.value)
    assert "\n" not in told and "hunter" not in told
    return told.replace(str(folder / "kpi.toml"), "kpi.toml")


def test_a_source_has_the_values_that_are_written_and_defaults_for_the_rest(tmp_path):
    kind, settings = source_settings(read(tmp_path, f"{WRITTEN}days = 3\n"), "crm")
    assert kind is SHOP
    assert dict(settings) == {
        **{"kind": "shop", "name": "crm", "ids_of": None, "allowed_lag": None, "enabled": True},
        **{"url": "https://shop.test", "days": 3, "mode": "all", "lists": ("deals",)},
        **{"token_env": "SHOP_TOKEN", "pin_env": None, "workspace": str(tmp_path)},
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("urll = 'x'", "kpi.toml source 'crm' urll: no key named 'urll'. Did you mean 'url'?"),
        ("days = '3'", "kpi.toml source 'crm' days: expected a whole number, not '3'."),
        ("days = 0", "kpi.toml source 'crm' days: expected a whole number from 1 on, not 0."),
        ("mode = 'nwe'", "kpi.toml source 'crm' mode: cannot read 'nwe'. Did you mean 'new'?"),
        ("lists = 'deals'", "kpi.toml source 'crm' lists: expected a list, each a text in quotes, not 'deals'."),
        ("enabled = 1", "kpi.toml source 'crm' enabled: expected true or false, not 1."),
        ("workspace = 'x'", "kpi.toml source 'crm' workspace: no key named 'workspace'."),
        ("pin = 'hunter-2'", "kpi.toml source 'crm' pin: a secret must not stand in this file."),
        ("pin_env = 'hunter-2'", "kpi.toml source 'crm' pin_env: expected the name of an environment variable"),
        ("credentials = 'hunter-2'", "kpi.toml source 'crm' credentials: a secret must not stand in this file."),
        ("token = 'hunter-2'", "kpi.toml source 1 token: a secret must not stand in this file."),
        ("allowed_lag = 3", 'kpi.toml source 1 allowed_lag: cannot read 3. Write it like "3 days", "12 hours" or "1'),
        ("ids_of = 'crm'", "kpi.toml source 'crm' ids_of: no other source named 'crm'. Known: files."),
        ("ids_of = ['a']", "kpi.toml source 'crm' ids_of: expected the name of another source, not a list."),
        ("fields = { a = 'b' }", "kpi.toml source 'crm' fields: no key named 'fields'."),
    ],
)
def test_a_key_that_cannot_be_is_refused_in_one_line(tmp_path, line, told):
    assert refusal(tmp_path, f"{WRITTEN}{line}\n").startswith(told)


def test_what_a_kind_requires_is_asked_for(tmp_path):
    told = refusal(tmp_path, WRITTEN.replace("url =", "# url ="))
    assert told == "kpi.toml source 'crm' url: it is not written, and has no default. It is its address"
    told = refusal(tmp_path, WRITTEN.replace("token_env", "# token_env"))
    assert told.startswith("kpi.toml source 'crm' token_env: it is not written")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("files", "'files' is the name of all files of the workspace together. Choose another name."),
        ("CRM export", "a name has lower-case letters, digits and underscores, not 'CRM export'. Write name = \"crm_e"),
        ("crm:eu", "not 'crm:eu'. Write name = \"crm_eu\"."),
        ("1a", "not '1a'. Write name = \"crm\"."),
        ("a" * 61, 'Write name = "crm".'),
        ("../x", 'Write name = "x".'),
    ],
)
def test_a_source_has_a_plain_name(tmp_path, name, told):
    assert told in refusal(tmp_path, WRITTEN.replace("'crm'", f"'{name}'"))


def test_two_sources_of_one_name_are_refused_naming_both_places():
    text = f"{WRITTEN}{WRITTEN.replace('crm', 'shop')}{WRITTEN}"
    with pytest.raises(BadConfig, match=r"^kpi.toml source 3: two sources are named 'crm', this one and source 1\."):
        parse_config(text, Path("kpi.toml"))


def test_references_may_mean_the_ids_of_another_source_or_of_files(tmp_path):
    both = f"{WRITTEN}ids_of = 'shop'\n{WRITTEN.replace('crm', 'shop')}ids_of = 'files'\n"
    assert [table["ids_of"] for table in read(tmp_path, both).sources] == ["shop", "files"]
    assert "Did you mean 'shop'?" in refusal(tmp_path, both.replace("ids_of = 'shop'", "ids_of = 'shpo'"))


@pytest.mark.parametrize(
    ("text", "lag"),
    [
        *(("3 days", timedelta(days=3)), ("1 week", timedelta(days=7)), ("12 hours", timedelta(hours=12))),
        *(("90 minutes", timedelta(hours=1.5)), (" 1 day ", timedelta(days=1))),
    ],
)
def test_a_lag_is_so_long(text, lag):
    assert lag_of("kpi.toml", text) == lag


@pytest.mark.parametrize("value", ["3", "0 days", "-1 days", "1 month", "3days", "1.5 days", "99999 days", "", 3, True])
def test_other_lags_are_refused(value):
    with pytest.raises(BadConfig, match="Write it like"):
        lag_of("kpi.toml", value)


def test_a_kind_that_is_a_slip_is_refused_with_the_one_that_was_meant(tmp_path):
    for given in (plugins(SHOP), plugins(SHOP, status="broken")):
        told = refusal(tmp_path, WRITTEN.replace("'shop'", "'shpo'"), given)
        assert told.startswith(
            "kpi.toml source 'crm' kind: no source kind named 'shpo'. Did you mean 'shop'? There are: "
        )


def test_a_kind_of_a_plugin_that_is_not_here_is_kept_and_refused_where_it_is_used(tmp_path):
    config = read(tmp_path, WRITTEN.replace("'shop'", "'hubspot'"))
    with pytest.raises(
        BadConfig, match=r"no source kind named 'hubspot'\. There are: shop\. A plugin gives it by its "
    ):
        source_settings(config, "crm")
    config = read(tmp_path, WRITTEN.replace("'shop'", "'hubspot'"), plugins(SHOP, status="broken"))
    with pytest.raises(BadConfig, match=r"Or a plugin gives it that is broken or shut out: kpi plugins"):
        source_settings(config, "crm")
    with pytest.raises(UnknownName, match=r"no source named 'cmr' in kpi\.toml\. Did you mean 'crm'"):
        source_settings(config, "cmr")


def test_a_kind_that_two_plugins_give_is_nobodys(tmp_path):
    given = crm_plugins(sources=(("one", SHOP), ("two", SHOP)))
    with pytest.raises(BadConfig, match="no source kind named 'shop'"):
        source_settings(read(tmp_path, WRITTEN, given), "crm")


def test_a_secret_of_a_source_is_read_from_the_environment_and_never_shown(tmp_path):
    _, settings = source_settings(read(tmp_path, WRITTEN), "crm")
    assert source_secret(settings, "token", environment={"SHOP_TOKEN": "hunter-2"}) == "hunter-2"
    assert source_secret(settings, "pin", environment={}) == ""
    with pytest.raises(
        BadConfig, match=r"^source 'crm' token_env: the environment variable that it names is not set\.$"
    ):
        source_secret(settings, "token", environment={})


def test_workspaces_keep_their_sources_when_words_are_kept(tmp_path):
    (tmp_path / "kpi.toml").write_text(WRITTEN, encoding="utf-8")
    with Workspace(read_config(tmp_path), plugins(SHOP)) as opened:
        opened.keep_words("order", "status", {"Gone": "cancelled"})
        assert source_settings(opened.config, "crm")[0] is SHOP
