"""What the installed plugins give, without what those that do not come with kpicore may not give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from time import monotonic

from kpicore.plugins.discovery import GROUP, EntryPoint, entry_points
from kpicore.plugins.manager import Plugins, collected
from kpicore.utils.isolation import disabled_names


def load_plugins(
    disabled: Collection[str] | None = None,
    *,
    found: Iterable[EntryPoint] | None = None,
    clock: Callable[[], float] = monotonic,
) -> Plugins:
    """Return what the installed plugins give.

    `disabled` holds names of plugins or of whole distributions; without it the environment variable
    KPI_DISABLE ("a,b") tells. `found` replaces the installed entry points, `clock` what tells seconds.
    """
    shut = disabled_names() if disabled is None else frozenset(name.casefold() for name in disabled)
    plugins = collected(shut, entry_points(GROUP) if found is None else found, clock)
    if not any(report.gives for report in plugins.reports if report.name in plugins.newcomers):
        return plugins
    from kpicore.plugins.makeable import makeable
    from kpicore.plugins.newcomers import shielded

    return replace(plugins, contributions=makeable(shielded(plugins.contributions)))
