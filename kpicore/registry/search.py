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
    # Taken apart by Unicode, a letter stands before its accents, which are left out.
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _APART.sub(" ", plain.casefold()).strip()


def names(metric: Metric) -> Iterable[str]:
    """Return everything that a metric is called."""
    return metric.id, metric.name, *metric.aliases, *chain.from_iterable(metric.synonyms.values())


class Catalogue:
    """Metrics with all they are called and said to be, folded once."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)
        self._names = {metric.id: [folded(name) for name in names(metric)] for metric in self._metrics}
        # a line each: no word is found across the end of one name and the beginning of the next
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
        ids = [id for id, names in self._names.items() if wanted in names]
        if not ids and len(wanted) > 2:  # one or two letters stand in almost any name
            ids = [id for id, names in self._names.items() if any(wanted in name for name in names)]
        return ids[0] if len(ids) == 1 else ""


def _about(metric: Metric) -> Iterable[str]:
    return map(folded, (metric.meaning, metric.family, *metric.descriptions.values()))


def worded(metrics: Mapping[str, Metric], words: Iterable[Words]) -> dict[str, Metric]:
    """Return the metrics with the names and descriptions that language packs give; a metric's own come first."""
    by_metric: dict[str, list[Words]] = {}
    for word in words:
        by_metric.setdefault(word.metric, []).append(word)
    return {id: _worded(metric, by_metric[id]) if id in by_metric else metric for id, metric in metrics.items()}


def _worded(metric: Metric, packs: Iterable[Words]) -> Metric:
    names = {language: dict.fromkeys(own) for language, own in metric.synonyms.items()}
    descriptions = dict(metric.descriptions)
    for words in packs:
        own = names.setdefault(words.language, {})
        if words.replaces:
            names[words.language] = dict.fromkeys((*words.names, *own))
        else:
            own.update(dict.fromkeys(words.names))
        if words.description and (words.replaces or words.language not in descriptions):
            descriptions[words.language] = words.description
    synonyms = {language: tuple(texts) for language, texts in names.items() if texts}
    return replace(metric, synonyms=synonyms, descriptions=descriptions)
