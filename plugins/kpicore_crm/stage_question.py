"""The order of the stages that deals pass: asked once, when files with deals have been loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore import Choice, LoadQuestion
from kpicore_crm.stage_order import StageOrder, order_stages, read_stage_order, stages_of
from kpicore_crm.stages import Stage

if TYPE_CHECKING:
    from kpicore import LoadAnswer, Workspace


def stage_question(workspace: Workspace) -> Iterator[LoadQuestion]:
    """Yield the question for the order of the stages of deals, nothing where it is known.

    Who does not know it is asked again when there is a stage that was not there before.
    """
    stages = stages_of(workspace)
    kept = read_stage_order(workspace.config.folder) or StageOrder()
    new = [
        stage for stage in stages if stage.position is None and stage.outcome != "lost" and stage.id not in kept.known
    ]
    if not new:
        return
    # all stages are listed, those with a place too: the order is given anew as a whole
    yield LoadQuestion(
        "stage_order",
        about="",
        text="In which order do deals pass these stages? Without it no share that goes on from a stage can be told.",
        choices=tuple(Choice(stage.id, stage.name, _deals(stage)) for stage in stages),
        many=True,
        ordered=True,
        hint="The numbers from the first stage to the last, without those that are no step, as that of lost deals is"
        " not, such as 2 1 3; nothing where you do not know.",
    )


def keep_stages(workspace: Workspace, question: LoadQuestion, answer: LoadAnswer) -> None:
    """Keep the order in the workspace: those that were not chosen are no steps, and some of them are of lost deals."""
    stages = {stage.id: stage for stage in stages_of(workspace)}
    steps = [stages[stage_id] for stage_id in answer]
    others = [stage for stage in stages.values() if stage not in steps]
    means = workspace.registry.codes("stage")["outcome"].code_of
    # What a stage means is told by the source, else by its name, else by the deals in it.
    lost = [other.id for other in others if other.outcome == "lost" or means(other.name) == "lost" or _only_lost(other)]
    order_stages(
        workspace,
        [step.id for step in steps],
        won=[step.id for step in steps if step.outcome == "won" or means(step.name) == "won"],
        lost=lost if steps else [],
        # who gave no number does not know the order: all stand aside, and are not asked about again
        aside=[other.id for other in others if not steps or other.id not in lost],
    )


def _only_lost(stage: Stage) -> bool:
    """Whether no deal but lost ones is in a stage that is no step."""
    return stage.lost > 0 and stage.lost == stage.deals


def _deals(stage: Stage) -> str:
    closed = [f"{number:,} {word}" for number, word in ((stage.won, "won"), (stage.lost, "lost")) if number]
    deals = "1 deal" if stage.deals == 1 else f"{stage.deals:,} deals"
    return f"{deals}, {', '.join(closed)}" if closed else deals
