"""The order of the pipeline's stages as the organisation said it: `stages.toml` in the workspace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import BadConfig, Batch, UnknownName, toml, toml_document, toml_text, write_whole
from kpicore_crm.settings import STAGE_ORDER
from kpicore_crm.stages import Stage, stages

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore import Unreadable, Workspace

_KEYS = ("order", "won", "lost", "aside")
_HEAD = """\
# The stages that deals pass, by their ids, from the first to the last. Change it: the next question takes it over.
# won, lost: what being in a stage means; that of lost deals is no step. aside: stages that are no step either.
"""


@dataclass(frozen=True, slots=True)
class StageOrder:
    """Ids of stages: the steps in their `order`, those of `won` and of `lost` deals, and others that are no step.

    Without an `order` nobody knows it, and all stages that were there stand `aside`.
    """

    order: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """All stages that it has a word on."""
        return frozenset((*self.order, *self.won, *self.lost, *self.aside))


def stages_of(workspace: Workspace) -> tuple[Stage, ...]:
    """Return the stages that deals are or were in: by position, then by name. Raises WarehouseError."""
    return stages(workspace.tables())


def order_stages(
    workspace: Workspace,
    order: Sequence[str],
    *,
    won: Sequence[str] = (),
    lost: Sequence[str] = (),
    aside: Sequence[str] = (),
) -> None:
    """Keep the order of the pipeline's stages in `stages.toml` of the workspace, and load it.

    The stages are named by id or name: the steps from the first to the last, those of `won` and of `lost`
    deals, and others that are no step. Raises UnknownName, BadConfig and WarehouseError.
    """
    known = stages_of(workspace)
    stage_order = StageOrder(*(_ids(names, known) for names in (order, won, lost, aside)))
    write_stage_order(workspace.config.folder, stage_order)
    # Without an order there is nothing to load: the next question reads the file.
    if stage_order.order:
        workspace.load([StageOrderSource(stage_order)], data_time=workspace.data_time)


def _ids(names: Iterable[str], stages: Sequence[Stage]) -> tuple[str, ...]:
    """Return the ids of the stages that are named by id or name, whatever the case. Raises UnknownName."""
    # ids come last, so that an id is meant where it is also a name of another stage
    known = {stage.name.casefold(): stage.id for stage in stages} | {stage.id.casefold(): stage.id for stage in stages}
    ids = []
    for name in names:
        if name.strip().casefold() not in known:
            raise UnknownName("stage", name, [stage.name for stage in stages])
        ids.append(known[name.strip().casefold()])
    return tuple(ids)


def read_stage_order(folder: Path) -> StageOrder | None:
    """Return what `stages.toml` says, None where there is none. Raises BadConfig."""
    file = folder / STAGE_ORDER
    try:
        text = toml_text(file)
    except FileNotFoundError:
        return None
    return _parsed(file, text)


def _parsed(file: Path, text: str) -> StageOrder:
    document = toml_document(text, file)
    for key, value in document.items():
        if key not in _KEYS:
            raise BadConfig(file, f"no key is called '{key}'", hint=f"There are {', '.join(_KEYS)}.")
        if not isinstance(value, list) or not all(isinstance(stage_id, str) for stage_id in value):
            raise BadConfig(file, f"'{key}' is a list of texts", hint=f'Write {key} = ["{key}"].')
    order = StageOrder(**{key: tuple(value) for key, value in document.items()})
    _refuse_contradiction(file, order)
    return order


def _refuse_contradiction(file: Path, order: StageOrder) -> None:
    for key, stage_ids in asdict(order).items():
        if len({*stage_ids}) < len(stage_ids):
            raise BadConfig(file, f"'{key}' names a stage twice")
    # won may be a step, as deals come to it; lost is none, as they come to it from any step
    if both := sorted({*order.order} & {*order.lost, *order.aside}):
        raise BadConfig(file, f"'{both[0]}' is in the order, and is said to be no step of it")


def write_stage_order(folder: Path, order: StageOrder) -> Path:
    """Write `stages.toml` and return its path. Raises KpiError."""
    _refuse_contradiction(folder / STAGE_ORDER, order)
    lines = (f"{key} = {toml(list(getattr(order, key)))}" for key in _KEYS)
    file = folder / STAGE_ORDER
    write_whole(file, _HEAD + "\n".join(lines) + "\n")
    return file


@dataclass(frozen=True, slots=True)
class StageOrderSource:
    """Gives the stages of `stages.toml` their positions and meanings, as a source. Its cursor is what it has given."""

    given: StageOrder
    name: str = STAGE_ORDER

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Yield a position for each step, none for all others, and what the stages of closed deals mean.

        Of stages that were given before and are no more, what was given is taken back. Nothing where the order
        is not known and never was: another source may know it.
        """
        before = _order_of(cursor)
        # An order that was taken back takes its positions back with it, so those given before are given as empty.
        order = self.given if self.given.order else StageOrder()
        places = {stage_id: number for number, stage_id in enumerate(order.order, 1)}
        if known := sorted(order.known | before.known):
            yield _batch(known, "position", [places.get(stage_id) for stage_id in known])
        meanings = dict.fromkeys(order.won, "won") | dict.fromkeys(order.lost, "lost")
        if meant := list(dict.fromkeys((*meanings, *before.won, *before.lost))):
            yield _batch(meant, "outcome", [meanings.get(stage_id) for stage_id in meant])

    def unreadable(self) -> Iterable[Unreadable]:
        """Give nothing: what cannot be read is refused before."""
        return ()

    def cursor(self) -> str | None:
        """Return what was given, so that what is no more can be taken back."""
        return _text_of(self.given)


def source_in(folder: Path) -> StageOrderSource:
    """Return the source that `stages.toml` of a workspace is; without it one that takes back what was given."""
    return StageOrderSource(read_stage_order(folder) or StageOrder())


def _text_of(order: StageOrder) -> str | None:
    # None without an order: so a file that does not know it is the same to the load as no file
    return json.dumps(asdict(order)) if order.order else None


def _order_of(cursor: str | None) -> StageOrder:
    return StageOrder(**{key: tuple(value) for key, value in json.loads(cursor).items()}) if cursor else StageOrder()


def _batch(ids: Sequence[str], name: str, values: Sequence[int | None] | Sequence[str | None]) -> Batch:
    import pyarrow as pa

    kind: pa.DataType = pa.int64() if name == "position" else pa.string()
    return Batch("stage", pa.table({"id": pa.array(ids, pa.string()), name: pa.array(values, kind)}))
