"""Finding a KPI by what people call it: any of its names, in any language, whatever the accents and the case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from kpicore.calendar.arguments import text_given
from kpicore.model.metrics import Metric
from kpicore.model.rules import Words

_APART = re.compile(r"[\s_\-–—:/.,]+")


def folded(text: str) -> str:
    """Return a text without what people leave out when they type: case, accents, signs between words.

    >>> folded("KPI_Lemorzsolódási–ÁRFOLYAMOK")
    'kpi lemorzsolodasi arfolyamok'
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return _APART.sub(" ", plain.casefold()).strip()


def names(metric: Metric) -> Iterable[str]:
    """Return everything that a metric is called."""
    return metric.id, metric.name, *metric.aliases, *chain.from_iterable(metric.synonyms.values())


class Catalogue:
    """Metrics with all they are called and said to be, folded once."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)
        self._names = {metric.id: [folded(name) for name in names(metric)] for metric in self._metrics}
        self._texts = {metric.id: "\n".join((*self._names[metric.id], *_about(metric))) for metric in self._metrics}

    def found(self, text: str) -> list[Metric]:
        """Return the metrics with each word of a text in id, names, meaning, synonyms or aliases.

        Raises: BadArgument for a text that is too long.
        """
        words = set(folded(text_given(text, "the text to look for")).split())
        return [metric for metric in self._metrics if all(word in self._texts[metric.id] for word in words)]

    def named(self, text: str) -> str:
        """Return the id of the one metric that goes by this name; else of the one whose names alone hold it, or ""."""
        wanted = folded(text)
        if not wanted:
            return ""
        found = [id for id, some in self._names.items() if wanted in some]
        if not found and len(wanted) > 2:
            found = [id for id, some in self._names.items() if any(wanted in each for each in some)]
        return found[0] if len(found) == 1 else ""


def _about(metric: Metric) -> Iterable[str]:
    return map(folded, (metric.meaning, metric.family, *metric.descriptions.values()))


def worded(metrics: Mapping[str, Metric], words: Iterable[Words]) -> dict[str, Metric]:
    """Return the metrics with the names and descriptions that language packs give; a metric's own come first."""
    by_metric: dict[str, list[Words]] = {}
    for word in words:
        by_metric.setdefault(word.metric, []).append(word)
    return {id: _worded(each, by_metric[id]) if id in by_metric else each for id, each in metrics.items()}


def _worded(metric: Metric, given: Iterable[Words]) -> Metric:
    names = {language: dict.fromkeys(own) for language, own in metric.synonyms.items()}
    descriptions = dict(metric.descriptions)
    for each in given:
        own = names.setdefault(each.language, {})
        if each.replaces:
            names[each.language] = dict.fromkeys((*each.names, *own))
        else:
            own.update(dict.fromkeys(each.names))
        if each.description and (each.replaces or each.language not in descriptions):
            descriptions[each.language] = each.description
    synonyms = {language: tuple(some) for language, some in names.items() if some}
    return replace(metric, synonyms=synonyms, descriptions=descriptions)
