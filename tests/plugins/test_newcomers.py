"""A newcomer takes nothing away that is built in: it is told, unless it says that it replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from kpicore import (
    COUNT,
    BadDefinition,
    Definitions,
    Dimension,
    Entity,
    Feature,
    Field,
    Metric,
    NoteWords,
    Page,
    Plugins,
    Registry,
    Setting,
    SettingTable,
    SourceKind,
    Type,
    WarehouseKind,
    Words,
    cell_functions,
    count,
    load_plugins,
)
from kpicore.model.features import OF_THE_WORKSPACE
from kpicore.model.metrics import RESERVED_IDS
from kpicore.model.settings import CORE_SETTINGS, CORE_TABLES, WAREHOUSE_TABLE
from kpicore.plugins import newcomers
from kpicore.plugins.newcomers import shielded
from kpicore.registry.joined import Contributions, build_registry
from kpicore.testing import EntryPoint, registry_of
from tests.crm import SETTINGS
from tests.plugins.conftest import BUILT_IN, Install

GIVEN = load_plugins((), found=BUILT_IN).contributions
ORDERS = count("order", when="ordered_on")

WIN_RATE = """
@hookimpl
def kpi_metrics():
    inputs = {"a": count("order", when="ordered_on")}
    yield Metric("win_rate", name="Ours", unit=COUNT, inputs=inputs, replaces=REPLACES)
"""


@pytest.fixture(scope="module")
def alone() -> Registry:
    """Give the registry of the built-in plugins, with no newcomer beside them."""
    return build_registry(GIVEN)


def metric(id: str, *aliases: str, **more: Any) -> Metric:
    return Metric(id, name="Ours", unit=COUNT, aliases=aliases, **({"inputs": {"a": ORDERS}} | more))


def beside(**kinds: list[Any]) -> Contributions:
    """Return what is shielded when the newcomer "aaa", first of all by name, gives these."""
    joined = {kind: (*(("aaa", item) for item in items), *getattr(GIVEN, kind)) for kind, items in kinds.items()}
    return shielded(replace(GIVEN, **joined))


def told(given: Contributions) -> list[tuple[str, str]]:
    assert {problem.giver for problem in given.problems} <= {"aaa"}
    return [(problem.item, problem.problem) for problem in given.problems]


def hostile_metrics(registry: Registry) -> Iterator[Metric]:
    """Yield metrics that have the name of each function there is: as id, as alias, and as calculator of a variant."""
    functions = cell_functions(Definitions(registry, SETTINGS))
    ids = dict.fromkeys(function.name.removeprefix("KPI_").removesuffix("_CALC").casefold() for function in functions)
    yield from (metric(each) for each in ids if each not in RESERVED_IDS)  # those no metric can have
    for place, each in enumerate(functions):
        yield metric(f"alias_{place}", each.name)
        yield metric(f"small_{place}", each.name.casefold())
        yield metric(f"bare_{place}", each.name.removeprefix("KPI_"))
        stem = each.name.removeprefix("KPI_").removesuffix("_CALC").casefold()
        for at in (at for at, sign in enumerate(stem) if sign == "_"):
            yield metric(
                f"part_{place}_{at}", f"KPI_{stem[:at]}", inputs=None, variants={stem[at + 1 :]: {"a": ORDERS}}
            )


def hostile(alone: Registry) -> dict[str, list[Any]]:
    """Return twins of everything that is built in, by kind."""
    entities = [*alone.entities, "calendar"]
    fields = [replace(field, meaning="Ours.") for entity in alone.entities.values() for field in entity.fields]
    moments = [
        Field(field.entity, field.name.removesuffix("_on") + "_at", Type.MOMENT, "Ours.")
        for field in fields
        if field.name.endswith("_on")
    ]
    pages = [*alone.pages, *(page.upper() for page in alone.pages)]
    settings = [*CORE_SETTINGS, *(SettingTable(each, "Ours.", ()) for each in (*CORE_TABLES, WAREHOUSE_TABLE))]
    languages = {(each.metric, each.language) for _, each in GIVEN.words} | {(id, "en") for id in alone.metrics}
    return {
        "entities": [Entity(each, "Ours.", (Field(each, "id", Type.TEXT, "Ours."),)) for each in entities],
        "derived_entities": [replace(each, version=2) for each in alone.derived.values()],
        "fields": [*fields, *moments],
        "dimensions": [Dimension(dimension, "Ours.") for dimension in alone.dimensions],
        "metrics": [*hostile_metrics(alone)],
        "sources": [SourceKind(each, "Ours.", lambda settings: None) for each in ("files", "demo", "FILES")],
        "rules": [replace(each, meaning="Ours.") for _, each in GIVEN.rules],
        "reports": [replace(report, name="Ours") for report in alone.reports.values()],
        "pages": [Page(page, "text/html", lambda context: b"ours") for page in pages],
        "settings": [replace(setting, meaning="Ours.") for setting in settings],
        "warehouses": [WarehouseKind(each, "Ours.", list, str) for each in ("duckdb", "DUCKDB")],
        "words": [Words(metric, language, "Ours.") for metric, language in sorted(languages)],
        "features": [Feature(each, "Ours.", id) for each in (*alone.features, *OF_THE_WORKSPACE)],
        "note_words": [NoteWords(kind, "Ours.") for kind in alone.wording.kinds],
        "presumptions": [replace(presumption, meaning="Ours.") for presumption in alone.presumptions.values()],
        "workspace_files": [replace(file, holds="ours") for file in alone.workspace_files.values()],
        "import_questions": [replace(question, meaning="Ours.") for question in alone.import_questions],
    }


def test_with_a_newcomer_that_gives_a_twin_of_everything_all_that_is_built_in_is_as_without_it(alone: Registry) -> None:
    twins = hostile(alone)
    assert set(twins) == set(Contributions.__slots__) - {"problems", "stand_ins", "refused", "built_in"}
    assert len(twins["metrics"]) > 500
    registry = build_registry(beside(**twins))
    assert dict(registry.entities) == dict(alone.entities)
    assert dict(registry.derived) == dict(alone.derived)
    assert dict(registry.dimensions) == dict(alone.dimensions)
    assert {id: registry.metrics[id] for id in alone.metrics} == dict(alone.metrics)
    assert {id: registry.givers[id] for id in alone.metrics} == dict(alone.givers)
    assert registry.rules == alone.rules
    assert dict(registry.reports) == dict(alone.reports)
    assert dict(registry.features) == dict(alone.features)
    assert dict(registry.presumptions) == dict(alone.presumptions)
    assert dict(registry.workspace_files) == dict(alone.workspace_files)
    assert registry.import_questions == alone.import_questions
    assert dict(registry.wording.kinds) == dict(alone.wording.kinds)
    assert dict(registry.pages) == dict(alone.pages)
    names = [name for each in alone.metrics.values() for name in (each.id, *each.aliases)]
    for name in (each.removeprefix("KPI_") for each in (*names, *map(str.upper, names))):
        assert registry.metric(name) == alone.metric(name)
    functions = {function.name: function for function in cell_functions(Definitions(registry, SETTINGS))}
    for function in cell_functions(Definitions(alone, SETTINGS)):
        assert functions[function.name] == function


def test_of_a_newcomer_that_gives_a_twin_of_everything_each_twin_is_told(alone: Registry) -> None:
    for kind, twins in hostile(alone).items():
        given = beside(**{kind: twins})
        nobodys = ["kpi"] if kind == "metrics" else []  # KPI_KPI looks like the function KPI, and is free
        assert [each.id for giver, each in given.metrics if giver == "aaa"] == nobodys
        assert len(given.problems) == len(twins) - len(nobodys)


def test_what_a_newcomer_gives_under_names_of_its_own_joins_what_is_built_in(alone: Registry) -> None:
    given = beside(
        metrics=[metric("our_orders", "KPI_OURS", inputs=None, variants={"all": {"a": ORDERS}, "more": {"a": ORDERS}})],
        fields=[Field("order", "shop", Type.TEXT, "Shop.", dimension=True)],
        dimensions=[Dimension("shop", "Shop.")],
        pages=[Page("ours/names.txt", "text/plain", lambda context: b"")],
        sources=[SourceKind("ours", "Ours.", lambda settings: None)],
        words=[Words("our_orders", "de", "Unsere."), Words("win_rate", "hu", "", ("zzz",))],
    )
    assert (given.problems, given.stand_ins) == ((), ())
    registry = build_registry(given)
    assert set(registry.metrics) - set(alone.metrics) == {"our_orders"}
    assert set(registry.pages) - set(alone.pages) == {"ours/names.txt"}
    assert registry.metrics["win_rate"].synonyms["hu"] == (*alone.metrics["win_rate"].synonyms["hu"], "zzz")
    assert registry.metrics["win_rate"].descriptions == alone.metrics["win_rate"].descriptions
    assert registry.problems == ()


@pytest.mark.parametrize(
    ("kind", "item", "problem"),
    [
        (
            "metrics",
            metric("win_rate"),
            "metric 'win_rate' is built in by 'winning'; to stand in for it, give replaces=True.",
        ),
        ("metrics", metric("mql"), "its spreadsheet function KPI_MQL is built in by 'acquisition'"),
        ("metrics", metric("x", "KPI_TABLE"), "its spreadsheet function KPI_TABLE is built in by 'kpicore'"),
        ("metrics", metric("x", "win_rate"), "its spreadsheet function KPI_WIN_RATE is built in by 'winning'"),
        (
            "metrics",
            metric("win", inputs=None, variants={"rate": {"a": ORDERS}}),
            "its spreadsheet function KPI_WIN_RATE_CALC is built in by 'winning'",
        ),
        ("metrics", metric("x", replaces=True), "it replaces nothing: no metric 'x' is built in."),
        (
            "sources",
            SourceKind("files", "", lambda s: None),
            "source kind 'files' is built in by 'files'; choose another",
        ),
        (
            "pages",
            Page("office/Manifest.xml", "text/xml", bytes),
            "differs from the built-in 'office/manifest.xml' by its case",
        ),
        (
            "settings",
            Setting("stuck_days", Type.INTEGER, "Ours.", 5),
            "setting 'settings.stuck_days' is built in by 'crm'; choose another name.",
        ),
        (
            "fields",
            Field("opportunity", "closed_on", Type.DATE, "Ours."),
            "is built in by 'crm'; choose another name",
        ),
        ("fields", Field("target", "weight", Type.NUMBER, "Ours."), "is built in by 'kpicore'; choose another name"),
        (
            "words",
            Words("win_rate", "en", "Ours."),
            "the words of 'win_rate' in 'en' are built in by 'winning'; its names",
        ),
    ],
)
def test_a_newcomer_is_told_what_it_would_take_away_and_how_it_may(kind: str, item: Any, problem: str) -> None:
    ((_, found),) = told(beside(**{kind: [item]}))
    assert problem in found


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "/",
            "/x",
            "x/",
            "a//b",
            "..",
            "a/../b",
            "./a",
            "a?b",
            "a#b",
            "a\nb",
            "a\x00b",
            "a b",
            "a\\b",
            "{a}",
            "%2e",
        ),
        *("{all:path}", "api", "api/x", "API", "healthz", "v1", "v1/openapi.json", "favicon.ico", "healthz/x"),
    ],
)
def test_a_page_that_shadows_the_server_or_has_no_clean_path_is_refused(path: str) -> None:
    with pytest.raises(BadDefinition, match=r"^page .*(its path is|the server's own|signs that steer)"):
        Page(path, "text/html", lambda context: b"")


@pytest.mark.parametrize("kind", ["metrics", "rules", "reports", "pages"])
def test_one_that_says_so_replaces_what_is_built_in_and_two_replace_nothing(kind: str) -> None:
    owner, old = getattr(GIVEN, kind)[0]
    new = replace(old, replaces=True)
    given = beside(**{kind: [new]})
    assert [giver for giver, each in getattr(given, kind) if each == new] == ["aaa"]
    assert old not in [each for _, each in getattr(given, kind)]
    assert len(getattr(given, kind)) == len(getattr(GIVEN, kind))
    assert [(each.giver, each.owner) for each in given.stand_ins] == [("aaa", owner)]
    assert given.problems == ()
    both = beside(**{kind: [new, new]})
    assert getattr(both, kind) == getattr(GIVEN, kind)
    assert [problem.endswith(f"the built-in one of '{owner}' stays") for _, problem in told(both)] == [True, True]
    assert both.stand_ins == ()


def test_a_metric_of_a_newcomer_that_is_refused_is_told_by_its_other_names() -> None:
    registry = build_registry(beside(metrics=[metric("mine", "KPI_FOO", "KPI_TABLE")]))
    for name in ("mine", "foo"):
        with pytest.raises(BadDefinition, match="KPI 'mine': what aaa gives is refused"):
            registry.metric(name)


def test_words_that_say_so_describe_a_built_in_metric_anew(alone: Registry) -> None:
    registry = build_registry(beside(words=[Words("win_rate", "hu", "Ours.", ("zzz",), replaces=True)]))
    assert registry.metrics["win_rate"].descriptions["hu"] == "Ours."
    assert registry.metrics["win_rate"].synonyms["hu"] == ("zzz", *alone.metrics["win_rate"].synonyms["hu"])


def test_one_that_replaces_and_cannot_be_leaves_what_is_built_in(alone: Registry) -> None:
    given = beside(metrics=[metric("win_rate", "KPI_MQL", replaces=True)])
    assert len(given.problems) == 1
    assert build_registry(given).metrics["win_rate"] == alone.metrics["win_rate"]


Load = Callable[..., Plugins]


@pytest.fixture
def loaded(install: Install) -> Load:
    """Give `loaded(name=source, …)`, which loads the built-in plugins and newcomers from files."""

    def plugins(**sources: str) -> Plugins:
        points: list[EntryPoint] = []
        for name, source in sources.items():
            points = install(name, source)
        return load_plugins((), found=[*points, *BUILT_IN])

    return plugins


def test_the_plugins_of_kpicore_win_by_where_they_come_from_and_not_by_their_names(loaded: Load) -> None:
    plugins = loaded(winning=WIN_RATE.replace("REPLACES", "False"))
    registry = registry_of(plugins)
    assert (registry.givers["win_rate"], registry.metrics["win_rate"].name) == ("winning", "Win rate")
    assert [(problem.giver, problem.item) for problem in registry.problems] == [
        ("winning (kpicore-winning)", "win_rate")
    ]
    assert {"winning", "winning (kpicore-winning)"} <= {report.name for report in plugins.reports}


def test_a_newcomer_from_a_file_that_replaces_is_used_and_without_it_the_built_in_is_back(loaded: Load) -> None:
    registry = registry_of(loaded(acme=WIN_RATE.replace("REPLACES", "True")))
    assert (registry.givers["win_rate"], registry.metrics["win_rate"].name) == ("acme", "Ours")
    assert registry_of(load_plugins((), found=BUILT_IN)).givers["win_rate"] == "winning"


def test_of_two_newcomers_that_give_one_name_neither_is_used_as_before(loaded: Load) -> None:
    source = WIN_RATE.replace("REPLACES", "False").replace("win_rate", "ours")
    registry = registry_of(loaded(acme=source, best=source))
    assert "ours" not in registry.metrics
    assert {problem.problem for problem in registry.problems} == {
        "metric 'ours' is given by 'acme' and 'best': neither is used"
    }


@pytest.mark.parametrize(
    "alias", ['KPI_X") : evil("', "KPI_", "KPI_KPI_X", "a b", "A1:B2", "1st", "umsätze", "R1C1!", "x."]
)
def test_an_alias_is_a_name_that_a_function_may_have(alias):
    with pytest.raises(BadDefinition, match=r"^metric 'x': its alias .* is no name that a function may have\."):
        metric("x", alias)


@pytest.mark.parametrize("alias", ["SUM", "A1", "leads_ok", "KPI_SUM", "kpi_a1"])
def test_a_function_under_an_alias_begins_as_all_do_so_it_is_none_of_the_spreadsheets_own(alone, alias):
    registry = build_registry(beside(metrics=[metric("ours", alias)]))
    ours = {function.name for function in cell_functions(Definitions(registry, SETTINGS)) if function.metric == "ours"}
    assert f"KPI_{alias.upper().removeprefix('KPI_')}" in ours
    assert all(our.startswith("KPI_") for our in ours)
    assert registry.metric(alias.upper().removeprefix("KPI_")).id == "ours"


def test_two_newcomers_with_one_function_are_both_told_and_neither_has_it():
    given = beside(metrics=[metric("one", "KPI_FOO"), metric("two", "foo"), metric("three")])
    assert [each.id for giver, each in given.metrics if giver == "aaa"] == ["three"]
    assert [(problem.item, problem.problem) for problem in given.problems] == [
        ("one", "an alias of it is a spreadsheet function of 'two' by 'aaa' too"),
        ("two", "an alias of it is a spreadsheet function of 'one' by 'aaa' too"),
    ]


def test_no_field_of_a_newcomer_stands_in_the_way_of_a_dimension(alone):
    """For each entity and each dimension that rows name: also where no row of the entity has one today."""
    cuts = [dimension.name for dimension in alone.dimensions.values() if dimension.entity]
    fields = [Field(entity, cut, Type.TEXT, "Ours.", how=("'EVIL'",)) for entity in alone.entities for cut in cuts]
    assert len(fields) > 300
    registry = build_registry(beside(fields=fields))
    assert dict(registry.entities) == dict(alone.entities)
    assert {problem.item for problem in registry.problems} == {f"{field.entity}.{field.name}" for field in fields}


def test_each_name_by_which_a_built_in_kpi_is_found_finds_it_whatever_newcomers_call_theirs(alone):
    own = {
        id: [each.name, *(name for some in each.synonyms.values() for name in some)]
        for id, each in alone.metrics.items()
    }
    names = tuple(dict.fromkeys(name for some in own.values() for name in some))
    assert len(names) > 700
    ours = [metric("ours", synonyms={"en": names}), Metric("our_rate", "WIN-RATE", COUNT, inputs={"a": ORDERS})]
    given = beside(metrics=ours, words=[Words("won_deals", "en", "", names), Words("aov", "de", "", names)])
    registry = build_registry(given)
    found = [(name, registry.catalogue.named(name)) for name in names]
    assert found == [(name, alone.catalogue.named(name)) for name in names]
    assert [problem.problem for problem in given.problems if problem.item == "our_rate"] == [
        "it is called 'WIN-RATE (aaa)': 'win_rate' is found by 'WIN-RATE'"
    ]


def test_a_name_of_ones_own_is_found_beside_those_that_are_built_in(alone):
    registry = build_registry(beside(metrics=[metric("ours", synonyms={"en": ("our own rate",)})]))
    assert registry.catalogue.named("Our-own rate") == "ours"


def test_each_kpi_of_many_newcomers_is_looked_at_a_few_times_not_once_for_each_other(monkeypatch):
    looked, usual = [], newcomers._names
    monkeypatch.setattr(newcomers, "_names", lambda each: looked.append(each.id) or usual(each))
    given = beside(metrics=[metric(f"m{number}", f"KPI_N{number}") for number in range(300)])
    assert len([giver for giver, _ in given.metrics if giver == "aaa"]) == 300
    assert looked.count("m7") <= 5
