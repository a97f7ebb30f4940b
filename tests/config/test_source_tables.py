"""What a `[[source]]` of kpi.toml must have: a plain name of its own, a kind, and keys that its kind declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kpicore import (
    BadConfig,
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
from tests.crm import crm_plugins


@dataclass(frozen=True)
class Opened:
    """A source that gives nothing, and what it was opened with."""

    settings: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.settings["name"]


SHOP = SourceKind(
    "shop",
    "A shop.",
    Opened,  # type: ignore[arg-type]
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


def read(folder: Path, text: str, given: Plugins | None = None) -> Workspace:
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    return Workspace(read_config(folder), given or plugins(SHOP))


def settings_of(opened: Workspace, name: str = "crm") -> Mapping[str, Any]:
    """Return what the source of the name is opened with."""
    (source,) = opened.sources(name)
    assert isinstance(source, Opened)
    return source.settings


def refusal(folder: Path, text: str, given: Plugins | None = None) -> str:
    with pytest.raises(BadConfig) as caught:
        read(folder, text, given)
    told = str(caught.value)
    assert "\n" not in told and "hunter" not in told
    return told.replace(str(folder / "kpi.toml"), "kpi.toml")


def test_a_source_has_the_values_that_are_written_and_defaults_for_the_rest(tmp_path):
    assert dict(settings_of(read(tmp_path, f"{WRITTEN}days = 3\n"))) == {
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
        ("1a", "not '1a'. Write name = \"shop\"."),
        ("a" * 61, 'Write name = "shop".'),
        (" crm ", "not ' crm '. Write name = \"crm\"."),
        ("../x", 'Write name = "x".'),
    ],
)
def test_a_source_has_a_plain_name(tmp_path, name, told):
    assert told in refusal(tmp_path, WRITTEN.replace("'crm'", f"'{name}'"))


def test_two_sources_of_one_name_are_refused_naming_both_places(tmp_path):
    told = refusal(tmp_path, f"{WRITTEN}{WRITTEN.replace('crm', 'shop')}{WRITTEN}")
    assert told.startswith("kpi.toml source 3: two sources are named 'crm', this one and source 1.")


def test_references_may_mean_the_ids_of_another_source_or_of_files(tmp_path):
    both = f"{WRITTEN}ids_of = 'shop'\n{WRITTEN.replace('crm', 'shop')}ids_of = 'files'\n"
    assert [table["ids_of"] for table in read(tmp_path, both).config.sources] == ["shop", "files"]
    assert "Did you mean 'shop'?" in refusal(tmp_path, both.replace("ids_of = 'shop'", "ids_of = 'shpo'"))


@pytest.mark.parametrize("lag", ["3 days", "1 week", "12 hours", "90 minutes", " 1 day "])
def test_a_lag_is_a_number_of_minutes_hours_days_or_weeks(tmp_path, lag):
    assert settings_of(read(tmp_path, f"{WRITTEN}allowed_lag = '{lag}'\n"))["allowed_lag"] == lag


@pytest.mark.parametrize("lag", ["3", "0 days", "-1 days", "1 month", "3days", "1.5 days", "99999 days", ""])
def test_other_lags_are_refused(tmp_path, lag):
    assert "Write it like" in refusal(tmp_path, f"{WRITTEN}allowed_lag = '{lag}'\n")


def test_a_kind_that_is_a_slip_is_refused_with_the_one_that_was_meant(tmp_path):
    for given in (plugins(SHOP), plugins(SHOP, status="broken")):
        told = refusal(tmp_path, WRITTEN.replace("'shop'", "'shpo'"), given)
        assert told.startswith(
            "kpi.toml source 'crm' kind: no source kind named 'shpo'. Did you mean 'shop'? There are: "
        )


def test_a_kind_of_a_plugin_that_is_not_here_is_kept_and_refused_where_it_is_used(tmp_path):
    text = WRITTEN.replace("'shop'", "'hubspot'")
    with pytest.raises(
        BadConfig, match=r"no source kind named 'hubspot'\. There are: shop\. A plugin gives it by its "
    ):
        read(tmp_path, text).sources("crm")
    with pytest.raises(BadConfig, match=r"Or a plugin gives it that is broken or shut out: kpi plugins"):
        read(tmp_path, text, plugins(SHOP, status="broken")).sources("crm")
    with pytest.raises(UnknownName, match=r"no source named 'cmr' in kpi\.toml\. Did you mean 'crm'"):
        read(tmp_path, text).sources("cmr")


def test_a_kind_that_two_plugins_give_is_nobodys(tmp_path):
    given = crm_plugins(sources=(("one", SHOP), ("two", SHOP)))
    with pytest.raises(BadConfig, match="no source kind named 'shop'"):
        read(tmp_path, WRITTEN, given).sources("crm")


def test_a_secret_of_a_source_is_read_from_the_environment_and_never_shown(tmp_path):
    settings = settings_of(read(tmp_path, WRITTEN))
    assert source_secret(settings, "token", environment={"SHOP_TOKEN": "hunter-2"}) == "hunter-2"
    assert source_secret(settings, "pin", environment={}) == ""
    with pytest.raises(
        BadConfig, match=r"^source 'crm' token_env: the environment variable that it names is not set\.$"
    ):
        source_secret(settings, "token", environment={})


def test_a_workspace_keeps_its_sources_when_words_are_kept(tmp_path):
    with read(tmp_path, WRITTEN) as opened:
        opened.keep_words("order", "status", {"Gone": "cancelled"})
        assert settings_of(opened)["url"] == "https://shop.test"
