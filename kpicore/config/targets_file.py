"""Targets written by hand: `[[target]]` in kpi.toml, and the same in targets.toml beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kpicore.config.reader import FILE, Config, target_tables

TARGETS = "targets.toml"


def written_targets(config: Config) -> list[Mapping[str, object]]:
    """Return the targets of both files, each with its `place`. Raises BadConfig."""
    return [*_placed(FILE, config.targets), *_placed(TARGETS, target_tables(config.folder / TARGETS))]


def _placed(file: str, targets: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    for number, target in enumerate(targets, 1):
        yield {**target, "place": f"{file} target {number}"}
