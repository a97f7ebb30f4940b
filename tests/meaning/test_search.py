"""Finding a KPI by whatever people call it, in six languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import COUNT, Metric, UnknownName, Words, count
from kpicore.registry.search import Catalogue, folded, names
from tests.crm import crm_registry

LANGUAGES = ("zh", "hu", "ru", "ro", "pt")


def listed(run_json, text):
    return [each["id"] for each in run_json("list", "--search", text)]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("отток", "churn_rate"),
        ("ОТТОК КЛИЕНТОВ", "churn_rate"),
        ("Жизненный цикл клиента", "ltv"),  # the article's words for lifetime value
        ("平均票数", "avg_ticket"),
        ("árfolyamok", "churn_rate"),  # the article's "exchange rates" are rates of churn
        ("Conducta", "pipeline_value"),
        ("Canal", "pipeline_value"),
        ("回款", "collected_amount"),
        ("retencao", "retention_rate"),
        ("удовлетворенность", "csat"),  # typed without the dots of ё
        ("win rate", "win_rate"),
        ("KPI_MQL", "mql_count"),
        ("lead–lehetőség", "lead_to_opportunity"),
        ("customer lifetime", "ltv"),
    ],
)
def test_a_kpi_is_found_by_its_names_in_any_language(run_json, text, id):
    assert id in listed(run_json, text)


def test_accents_and_case_do_not_matter(run_json):
    assert listed(run_json, "LEMORZSOLODASI ARANY") == listed(run_json, "lemorzsolódási arány") != []


def test_all_words_must_be_found(run_json):
    assert listed(run_json, "churn unicorn") == []


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


def slowly_found(metrics, text):
    """Return what a search finds: each word in any of the places, each of them folded anew."""
    places = {
        metric.id: [*names(metric), metric.meaning, metric.family, *metric.descriptions.values()] for metric in metrics
    }
    return [
        metric
        for metric in metrics
        if all(any(word in folded(place) for place in places[metric.id]) for word in folded(text).split())
    ]


def slowly_named(metrics, text):
    called = {metric.id: [folded(name) for name in names(metric)] for metric in metrics}
    exactly = [id for id, some in called.items() if folded(text) in some]
    holding = [id for id, some in called.items() if any(folded(text) in name for name in some)]
    only = [found[0] for found in (exactly, holding if len(folded(text)) > 2 else []) if len(found) == 1]
    return only[0] if folded(text) and only else ""


WORDS = "win rate Rate RATE_ отток churn élet 率 a é k-p-i of . , - deals \u0130 \ufdfa \x85 unicorn tax taxa de"


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.one_of(st.sampled_from(WORDS.split(" ")), st.text(max_size=4)), max_size=4))
def test_a_search_of_texts_folded_once_finds_what_it_always_found(registry, words):
    metrics = list(registry.metrics.values())[::5]
    for text in (" ".join(words), "".join(words)):
        assert Catalogue(metrics).found(text) == slowly_found(metrics, text)
        assert Catalogue(metrics).named(text) == slowly_named(metrics, text)


def test_every_word_of_every_kpi_finds_as_it_always_did(registry):
    metrics = list(registry.metrics.values())[:20]
    catalogue = Catalogue(metrics)
    said = {word for metric in metrics for name in names(metric) for word in (name, *name.split())}
    for text in sorted(said)[::7]:
        assert catalogue.found(text) == slowly_found(metrics, text)
        assert catalogue.named(text) == slowly_named(metrics, text)


def test_the_catalogue_is_folded_once_for_a_registry(registry, monkeypatch):
    assert registry.catalogue is registry.catalogue
    texts = []
    monkeypatch.setattr("kpicore.registry.search.folded", lambda text: texts.append(text) or folded(text))
    for number in range(100):
        registry.catalogue.found(f"rate {number}")
        registry.catalogue.named(f"rate {number}")
    assert len(texts) == 200


def test_a_search_is_refused_when_it_is_longer_than_any_name(run):
    result = run("list", "--search", "x" * 256)
    told = "kpi: the text to look for has at most 255 characters, not 256.\n"
    assert (result.exit_code, result.stderr) == (1, told)


def test_every_kpi_of_the_articles_has_names_and_one_line_in_each_language(registry):
    from kpicore import load_plugins

    packs = {
        each.id
        for giver, each in load_plugins(()).contributions.metrics
        if giver in ("acquisition", "activity", "averages", "cost", "experience", "pipeline", "retention")
        or giver in ("revenue", "stages", "targets", "value", "winning")
    }
    assert len(packs) >= 84
    lacking = [
        (id, language)
        for id in packs
        for language in LANGUAGES
        if not registry.metrics[id].descriptions.get(language) or not registry.metrics[id].synonyms.get(language)
    ]
    assert lacking == []


def test_no_name_means_two_kpis(registry):
    for metric in registry.metrics.values():
        for called in metric.synonyms.values():
            for name in called:
                assert registry.catalogue.named(name) == metric.id, name


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("отток", "churn_rate"), ("churn", "churn_rate"), ("Средний чек", "avg_ticket"), ("win_rat", "win_rate")],
)
def test_an_unknown_kpi_is_proposed_by_its_other_names_too(registry, asked, meant):
    with pytest.raises(UnknownName, match=f"no KPI named '{asked}'. Did you mean '{meant}'?"):
        registry.metric(asked)


def test_the_list_speaks_the_language_that_is_asked_for(run):
    shown = run("list", "--language", "pt", "--search", "churn_rate").stdout
    assert "taxa de cancelamento" in shown
    assert "Parcela dos clientes do início que se perderam até o fim." in shown


def test_an_unknown_language_is_one_clear_line(run):
    result = run("list", "--language", "xx")
    assert (result.exit_code, result.stderr) == (1, "kpi: no language named 'xx'. Known: en, hu, pt, ro, ru, zh.\n")


def test_show_names_a_kpi_in_every_language(run):
    shown = run("show", "churn_rate").stdout
    assert all(f"{language}: " in shown for language in LANGUAGES)
    assert "отток клиентов" in shown


def test_words_of_a_plugin_are_added_behind_the_metrics_own():
    deals = Metric(
        "deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="created_on")},
        synonyms={"de": ("Geschäfte",)},
    )
    words = (Words("deals", "de", "Neue Geschäfte.", ("Abschlüsse", "Geschäfte")), Words("absent", "de", "Fehlt."))
    registry = crm_registry(metrics=(("a", deals),), words=tuple(("b", word) for word in words))
    found = registry.metrics["deals"]
    assert found.synonyms["de"] == ("Geschäfte", "Abschlüsse")
    assert found.descriptions == {"de": "Neue Geschäfte."}
    assert Catalogue([found]).found("abschlusse") == [found]
