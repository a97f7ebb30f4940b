"""The add-in's files: what Excel reads before any function runs."""

from __future__ import annotations

import json
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from kpicore import CellArgument, CellFunction, Cells, PageContext, cell_functions, open_workspace
from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company
from kpicore_excel.office import SIZES
from kpicore_excel.office.manifest import icon, manifest_xml
from kpicore_excel.office.metadata import functions_json
from kpicore_excel.office.pages import kpi_pages
from kpicore_excel.office.script import functions_js
from tests.excel.officejs.excel import FOLDER

SCHEMA = FOLDER / "node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.30/MicrosoftTeams.schema.json"
URL = "https://kpi.example.com"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = tmp_path_factory.mktemp("files") / "tiny"
    load_tiny_company(found)
    return found


@pytest.fixture(scope="module")
def context(folder: Path) -> Iterator[PageContext]:
    cells = Cells(folder)
    yield PageContext("Tiny & <Co>", URL, cells.functions(), cells.calculators())
    cells.close()


@pytest.fixture
def metadata(context: PageContext) -> dict[str, dict[str, object]]:
    """Give the functions by id."""
    return {each["id"]: each for each in json.loads(functions_json(context))["functions"]}


def test_every_function_is_there_under_its_name_without_the_prefix(context, metadata):
    assert set(metadata) == {function.name.removeprefix("KPI_") for function in context.functions} | {"LIVE"}
    assert metadata["WIN_RATE"]["description"] == "Win rate. Share of opportunities that were won."


def test_pairs_repeat_and_take_ranges(metadata):
    period, pairs = metadata["WIN_RATE"]["parameters"]
    assert (period["name"], period["dimensionality"]) == ("period", "scalar")
    assert (pairs["dimensionality"], pairs["repeating"], pairs["optional"]) == ("matrix", True, True)


def test_calculators_take_ranges_and_tables_spill(metadata):
    assert [each["dimensionality"] for each in metadata["CAC_CALC"]["parameters"]] == ["matrix", "matrix"]
    assert metadata["TABLE"]["result"]["dimensionality"] == "matrix"
    assert metadata["WIN_RATE"]["result"]["dimensionality"] == "scalar"


def test_only_live_streams_and_the_others_know_their_cell(metadata):
    assert {id for id, each in metadata.items() if each["options"].get("stream")} == {"LIVE"}
    assert metadata["LIVE"]["options"] == {"stream": True, "cancelable": True}
    assert metadata["KPI"]["options"] == {"requiresAddress": True}


def test_the_metadata_is_as_microsoft_describes_it(node, metadata):
    described = json.loads(SCHEMA.read_text(encoding="utf-8-sig"))
    wanted = {"$ref": "#/definitions/extensionFunction", "definitions": described["definitions"]}
    validator = jsonschema_rs.validator_for(wanted)
    for each in metadata.values():
        options = each.pop("options")  # the add-in only manifest keeps them apart
        validator.validate({**each, **options})


def test_a_name_too_short_for_excel_is_left_out_and_a_long_help_is_cut(context):
    short = CellFunction("KPI_NN", "kpi", "Short.", ())
    long = CellFunction("KPI_LONG", "kpi", "x" * 2_000, (CellArgument("a", "y" * 600),))
    [found, _] = json.loads(functions_json(replace(context, functions=(short, long, *context.functions[:1]))))[
        "functions"
    ][:2]
    assert (found["id"], len(found["description"]), len(found["parameters"][0]["description"])) == ("LONG", 1_024, 512)


def test_a_kpi_named_live_goes_before_the_function_that_follows_the_data(context):
    own = CellFunction("KPI_LIVE", "kpi", "Deals that are live.", (), metric="live")
    found = json.loads(functions_json(replace(context, functions=(*context.functions, own))))["functions"]
    assert [each["description"] for each in found if each["id"] == "LIVE"] == ["Deals that are live."]


def test_the_script_holds_what_names_say_as_text_only(context):
    evil = replace(context, name="</script><script>alert(1)//\u2028")
    script = functions_js(evil).decode()
    assert "<" not in script.splitlines()[2]
    assert script.isascii() or "\u2028" not in script


def test_the_manifest_is_sound_and_everything_it_names_is_there(context):
    root = ET.fromstring(manifest_xml(context))
    local = [each.tag.partition("}")[2] for each in root.iter()]
    assert local[0] == "OfficeApp" and "CustomFunctions" in manifest_xml(context).decode()
    resources = {
        each.get("id")
        for each in root.iter()
        if each.get("id") and each.tag.startswith("{http://schemas.microsoft.com/office/officeappbasictypes")
    }
    used = {each.get("resid") for each in root.iter() if each.get("resid")}
    assert used == resources
    urls = {each.get("DefaultValue") for each in root.iter() if str(each.get("DefaultValue")).startswith("https://")}
    assert urls <= {f"{URL}/{page.path}" for page in kpi_pages()}
    name = root.find("{http://schemas.microsoft.com/office/appforoffice/1.1}DisplayName")
    assert name is not None and name.get("DefaultValue") == "KPIs: Tiny & <Co>"


def test_the_manifest_has_one_id_for_an_address(context):
    def id_of(address: str) -> str:
        root = ET.fromstring(manifest_xml(replace(context, base_url=address)))
        return str(root[0].text)

    assert id_of(URL) == id_of(URL) != id_of("https://localhost:8765")


@pytest.mark.parametrize("size", SIZES)
def test_icons_are_pictures_of_their_size(size):
    picture = icon(size)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (size, size)
    length = struct.unpack(">I", picture[33:37])[0]
    assert len(zlib.decompress(picture[41 : 41 + length])) == size * (4 * size + 1)


def test_kpi_excel_office_writes_the_files_for_who_serves_them(folder, tmp_path):
    options = ["--url", "https://files.example.com/", "--server", URL, "-w", str(folder)]
    ran = run_kpi("excel", "office", str(tmp_path), *options)
    assert ran.exit_code == 0, ran.stderr
    written = {each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*") if each.is_file()}
    assert written == {page.path for page in kpi_pages()}
    assert "https://files.example.com/office/taskpane.html" in (tmp_path / "office/manifest.xml").read_text()
    assert f'"server": "{URL}"' in (tmp_path / "office/functions.js").read_text()
    assert f"connect-src 'self' {URL} " in (tmp_path / "office/taskpane.html").read_text()
    assert f"kpi serve --url {URL} --allow-origin https://files.example.com" in ran.stderr


@pytest.mark.parametrize("url", ["http://kpi.example.com", "kpi.example.com", "https://x/?a=1", "https://x;y"])
def test_an_address_that_office_would_not_load_is_refused(folder, tmp_path, url):
    ran = run_kpi("excel", "office", str(tmp_path), "--url", url, "-w", str(folder))
    assert ran.exit_code == 1 and "is no address for an add-in" in ran.stderr


def test_the_pane_knows_how_to_explain_every_general_function(folder):
    pane = (FOLDER.parents[2] / "excel_addin/kpicore_excel/office/files/taskpane.js").read_text(encoding="utf-8")
    with open_workspace(folder) as workspace:
        functions = cell_functions(workspace.definitions)
    general = [function.name for function in functions if function.kind == "general"]
    assert "KPI_TABLE" in general
    assert [name for name in general if f'"{name}"' not in pane] == []


def test_the_scripts_are_small_and_need_nothing_else():
    own = (FOLDER.parents[2] / "excel_addin/kpicore_excel/office/files").glob("*.js")
    texts = {each.name: each.read_text(encoding="utf-8") for each in own}
    assert sum(len(each) for each in texts.values()) < 40_000
    for name, text in texts.items():
        assert "innerHTML" not in text and "eval(" not in text and "import " not in text, name
