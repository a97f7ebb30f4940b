"""Which deliveries may go: those that two later ones stand in for, whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kpicore.ingest.originals.folder import Kept

_WHOLE = 2
"""So many whole deliveries stay: the last one, and the one that stands again when it is taken back."""


def superseded(deliveries: Iterable[Kept], whole: Mapping[tuple[str, str], Collection[int]]) -> tuple[Kept, ...]:
    """Return the deliveries of which no stream has need.

    `whole` gives, by source and stream, the loads that gave every row which the stream had after them. Those from the
    last but one of these on are needed: what only changes brings, since it. A file goes when no stream read from it
    needs it; one that names no stream stays. Loads of which nothing is kept stand in for none.
    """
    kept = tuple(deliveries)
    loads: dict[tuple[str, str], set[int]] = {}
    for one in kept:
        for stream in one.streams:
            loads.setdefault((one.source, stream), set()).add(one.load)
    needed = {stream: _first_needed(loads[stream].intersection(whole.get(stream, ()))) for stream in loads}

    def goes(one: Kept) -> bool:
        return bool(one.streams) and all(one.load < needed[one.source, stream] for stream in one.streams)

    return tuple(one for one in kept if goes(one))


def _first_needed(whole: Collection[int]) -> int:
    return sorted(whole)[-_WHOLE] if len(whole) >= _WHOLE else 0
