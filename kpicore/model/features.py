"""What plugins hang on to a workspace: `workspace.<name>` is what a feature makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kpicore.errors import closest
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Id, Line
from kpicore.text.plain_text import shortened
from kpicore.utils.isolation import blamed_on

Workspace = Any  # it stands above its features, and hands itself to them

OF_THE_WORKSPACE = frozenset(
    (
        "advise ask attainment attainments bridge calc calendar close comparable config coverage cuts data_time"
        " definitions earlier engine explain file_sources get goals interval keep_words listed load member"
        " members outdated period plugins registry remake remedies sources tables target target_problems targets"
        " warehouse wording workings"
    ).split()
)
"""What a workspace has itself; the rest is for features."""

_KEPT, _LOCK = "_features", "_making_features"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a workspace can do: `workspace.<name>` is what `make` gives for the workspace, made once.

    That is mostly a function of it, and reads nothing before it is called.
    """

    name: Id
    meaning: Line
    make: Callable[[Workspace], Any]

    def __post_init__(self) -> None:
        check_fields(self, "feature", "name")

    def made(self, workspace: Workspace) -> Any:
        """Return what a workspace has by it. Raises KpiError, for whatever else its plugin raises too."""
        with blamed_on(place("feature", self.name)):
            result = self.make(workspace)
        return result


def feature_of(workspace: Workspace, name: str) -> Any:
    """Return what a workspace has of that name by a plugin. Raises AttributeError, with the nearest name there is."""
    there: dict[str, Any] = workspace.__dict__
    if name.startswith("_") or name in OF_THE_WORKSPACE or "plugins" not in there:
        return object.__getattribute__(workspace, name)  # it is not made yet, or raises as it did before
    owner, results = there.get(_KEPT, (None, {}))
    if owner is workspace and name in results:
        return results[name]
    with there[_LOCK]:  # its own; a feature may want another one
        return _made_once(workspace, name)


def _made_once(workspace: Workspace, name: str) -> Any:
    owner, kept = workspace.__dict__.get(_KEPT, (None, {}))
    results: dict[str, Any] = kept if owner is workspace else {}  # a copy of another one makes its own
    workspace.__dict__[_KEPT] = workspace, results
    if name not in results:
        features = workspace.registry.features
        if name not in features:
            nearest = closest(name, (*features, *OF_THE_WORKSPACE))
            hint = f". Did you mean '{nearest}'?" if nearest else ""
            raise AttributeError(f"a workspace has no '{shortened(name, 80)}'{hint}", name=name, obj=workspace)
        results[name] = features[name].made(workspace)
    return results[name]
