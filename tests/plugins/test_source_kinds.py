"""Kinds of sources: how they are told, opened and linked to, and what happens when no plugin gives one."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpicore import (
    BadConfig,
    BadDefinition,
    Setting,
    SourceKind,
    Stream,
    Type,
    UnknownName,
    open_workspace,
    record_link,
)
from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company

SHOP = """
from kpicore import Batch, Setting, SourceKind, Stream, Type
import pyarrow as pa

class Shop:
    def __init__(self, settings):
        self.name = settings["name"] if settings["url"] != "other" else "other"

    def batches(self, cursor):
        yield Batch("customer", pa.table({"id": ["shop-1"], "name": ["Shopper"]}))

    def unreadable(self):
        return ()

    def cursor(self):
        return None

@hookimpl
def kpi_sources():
    settings = Setting("url", Type.TEXT, "Its address.", required=True), Setting("days", Type.INTEGER, "Days.", 7)
    people = Stream("people", "customer", "changed", "tombstone", merges=True, zone="UTC", currency="EUR")
    yield SourceKind("shop", "A shop.", Shop, settings, ("token",), (people, Stream("orders", "order")))
"""
WRITTEN = "[[source]]\nname = 'web'\nkind = 'shop'\nurl = 'https://shop.test'\ntoken_env = 'SHOP_TOKEN'\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    """Give the workspace of the tiny company, with a source of the kind `shop`."""
    load_tiny_company(tmp_path / "w")
    with (tmp_path / "w" / "kpi.toml").open("a", encoding="utf-8") as out:
        out.write(WRITTEN)
    return tmp_path / "w"


def run(folder: Path, *arguments: str):
    return run_kpi(*arguments, "--workspace", str(folder))


def test_a_source_of_kpi_toml_is_opened_and_loaded(install, folder):
    install("shop", SHOP)
    with open_workspace(folder) as opened:
        (source,) = opened.sources()
        assert source.name == "web"
        report = opened.load(opened.sources("web"))
        assert (report.errors, [entity.entity for entity in report.entities]) == ((), ["customer"])
        with pytest.raises(UnknownName, match="no source named 'wbe'"):
            opened.sources("wbe")


def test_a_source_that_is_not_enabled_is_opened_by_its_name_alone(install, folder):
    install("shop", SHOP)
    with (folder / "kpi.toml").open("a", encoding="utf-8") as out:
        out.write("enabled = false\n")
    with open_workspace(folder) as opened:
        assert opened.sources() == []
        assert [source.name for source in opened.sources("web")] == ["web"]


def test_a_kind_that_opens_a_source_of_another_name_is_refused(install, folder):
    install("shop", SHOP)
    text = (folder / "kpi.toml").read_text(encoding="utf-8")
    (folder / "kpi.toml").write_text(text.replace("https://shop.test", "other"), encoding="utf-8")
    with (
        open_workspace(folder) as opened,
        pytest.raises(BadDefinition, match="source 'web': the kind 'shop' opened one"),
    ):
        opened.sources()


def test_questions_are_answered_and_loads_refused_while_no_plugin_gives_the_kind(folder, caplog):
    (folder / "more.csv").write_text("id,name\nc9,Nine\n", encoding="utf-8")
    answered = run(folder, "get", "won_deals", "-p", "2025")
    assert answered.exit_code == 0, answered.output
    assert "source 'web' kind: no source kind named 'shop'. It is not read." in caplog.text
    refused = run(folder, "import", str(folder / "more.csv"), "--entity", "customer", "--yes")
    assert refused.exit_code == 1
    told = (
        "kpi.toml source 'web' kind: no source kind named 'shop'. There are: demo, files. A plugin gives it by its hook"
    )
    assert told in refused.output
    with open_workspace(folder) as opened, pytest.raises(BadConfig, match="no source kind named 'shop'"):
        opened.load([])


def test_files_are_loaded_while_the_plugin_of_another_source_is_shut_out(install, folder, monkeypatch):
    install("shop", SHOP)
    monkeypatch.setenv("KPI_DISABLE", "shop")
    (folder / "more.csv").write_text("id,name\nc9,Nine\n", encoding="utf-8")
    loaded = run(folder, "import", str(folder / "more.csv"), "--entity", "customer", "--yes")
    assert loaded.exit_code == 0, loaded.output
    with open_workspace(folder) as opened, pytest.raises(BadConfig, match="broken or shut out: kpi plugins"):
        opened.sources("web")


def test_a_source_that_is_turned_off_is_told_nowhere(folder, caplog):
    with (folder / "kpi.toml").open("a", encoding="utf-8") as out:
        out.write("enabled = false\n")
    with open_workspace(folder) as opened:
        assert opened.load([]).errors == ()
    assert "source kind" not in caplog.text
    assert "source kind" not in run(folder, "check").output


def test_kpi_check_and_kpi_plugins_tell_the_kind_that_no_plugin_gives(folder):
    told = "source 'web' kind: no source kind named 'shop'. There are: demo, files."
    assert told in run(folder, "check").stdout
    assert told in run(folder, "plugins").stderr


def test_kpi_plugins_shows_kinds_with_their_settings_and_streams(install, folder):
    install("shop", SHOP)
    (line,) = [line for line in json.loads(run(folder, "plugins", "--json").stdout) if line["name"] == "shop"]
    (kind,) = line["source_kinds"]
    assert (line["gives"], kind["kind"], kind["meaning"], kind["links"]) == (["1 source"], "shop", "A shop.", False)
    assert [(each["key"], each["type"], each["required"], each["default"]) for each in kind["settings"]] == [
        ("url", "text", True, None),
        ("days", "integer", False, 7),
        ("token_env", "text", True, None),
    ]
    people, orders = kind["streams"]
    assert people == {
        **{"name": "people", "entity": "customer", "cursor": "changed", "deletes": "tombstone"},
        **{"merges": True, "history": False, "zone": "UTC", "currency": "EUR"},
    }
    assert (orders["cursor"], orders["deletes"]) == ("", "never")
    shown = " ".join(run(folder, "plugins").stdout.split())
    assert "source kind 'shop': needs url, token_env; may have days; streams: people (customer, by changed, " in shown
    assert "deletes: tombstone, merges, UTC, EUR), orders (order, read whole, deletes: never)" in shown


def test_a_stream_of_an_entity_that_is_not_there_is_told(install, folder):
    install("shop", SHOP.replace('"order"', '"ordr"'))
    (line,) = [line for line in json.loads(run(folder, "plugins", "--json").stdout) if line["name"] == "shop"]
    told = "source kind shop: its stream 'orders', entity: no entity named 'ordr'. Did you mean 'order'?"
    assert line["problems"] == [told]


DEALS = (Stream("deals", "opportunity"),)


def linked(link: object, id: object = "17", stream: str = "deals") -> str:
    kind = SourceKind("shop", "", print, (Setting("url", Type.TEXT, ""),), (), DEALS, link)  # type: ignore[arg-type]
    return record_link(kind, {"url": "https://shop.test"}, stream, id)  # type: ignore[arg-type]


def plain(settings: object, stream: str, id: str) -> str:
    return f"https://shop.test/{stream}/{id}"


def test_a_record_has_the_address_that_its_kind_gives():
    assert linked(plain) == "https://shop.test/deals/17"
    assert linked(lambda settings, stream, id: f"{settings['url']}/?id={id}", "a&b=c d") == (
        "https://shop.test/?id=a%26b%3Dc%20d"
    )
    assert linked(None) == ""
    with pytest.raises(UnknownName, match=r"no stream named 'deal' in source kind 'shop'\. Did you mean 'deals'"):
        linked(plain, stream="deal")


@given(st.text(max_size=30))
@example("javascript:alert(1)")
@example('"><script>')
@example("../../admin")
@example("a\nb")
@example("\ud800")
def test_an_id_is_text_of_others_and_never_more_than_one_part_of_an_address(id):
    link = linked(plain, id)
    if link:
        assert link.startswith("https://shop.test/deals/") and link.isascii() and link.isprintable()
        assert not set(link) & set("\"'<>\\ `{}|^") and link.count("/") == 4
        assert unquote(link.rpartition("/")[2]) == id


@pytest.mark.parametrize("id", ["", ".", "..", None, 17])
def test_what_cannot_stand_in_an_address_has_none(id):
    assert linked(plain, id) == ""


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "data:text/html,x", "ftp://shop.test/1", "//shop.test/1", "shop.test/1", "https:///1"),
        *(
            "https://shop.test/a b",
            "https://shop.test/\n",
            'https://shop.test/"',
            "https://shop.test/'",
            "https://é.test",
        ),
        *("https://shop.test\\@evil.test", "https://me:hunter-2@shop.test/1", "https://shop.test/?token=hunter-2"),
        *(
            "https://shop.test@evil.test/",
            "JAVASCRIPT:alert(1)",
            " https://shop.test",
            "",
            None,
            5,
            b"https://shop.test",
        ),
        "https://shop.test/" + "a" * 2_000,
    ],
)
def test_any_other_address_is_refused_and_not_shown(link):
    with pytest.raises(BadDefinition, match="source 'shop': its link is an address of the web") as refused:
        linked(lambda settings, stream, id: link)
    assert "hunter" not in str(refused.value)


def test_a_link_that_fails_is_its_plugins_fault():
    with pytest.raises(BadDefinition, match="source 'shop': KeyError: 'site'"):
        linked(lambda settings, stream, id: settings["site"])
