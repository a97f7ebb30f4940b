"""The order of the stages that deals pass: asked once, when files with deals have been loaded."""

from __future__ import annotations

from collections.abc import Sequence

import click

from kpicore import Stage, StageOrder, StageOrderSource, Workspace, order_stages, read_stage_order, stages_of


def kept_order(workspace: Workspace) -> list[StageOrderSource]:
    """Return what gives the order that was kept in the workspace, if it was. Raises BadConfig."""
    kept = read_stage_order(workspace.config.folder)
    return [StageOrderSource(kept)] if kept is not None and kept.order else []


def ask_order(workspace: Workspace) -> None:
    """Ask for the order of the stages of deals unless it is known, and keep the answer in the workspace.

    Who does not know it is asked again when there is a stage that was not there before.
    """
    stages = stages_of(workspace)
    kept = read_stage_order(workspace.config.folder) or StageOrder()
    new = [each for each in stages if each.position is None and each.outcome != "lost" and each.id not in kept.known]
    if not new:
        return
    means = workspace.registry.codes("stage")["outcome"].code_of
    click.echo(_question(stages), err=True)
    steps = click.prompt(
        "Numbers", default="", show_default=False, value_proc=lambda text: _steps(text, stages), err=True
    )
    others = [each for each in stages if each not in steps]
    lost = [each.id for each in others if each.outcome == "lost" or means(each.name) == "lost" or _only_lost(each)]
    order_stages(
        workspace,
        [each.id for each in steps],
        won=[each.id for each in steps if each.outcome == "won" or means(each.name) == "won"],
        lost=lost if steps else [],
        aside=[each.id for each in others if not steps or each.id not in lost],
    )


def _only_lost(stage: Stage) -> bool:
    """Whether no deal but lost ones is in a stage that is no step."""
    return stage.lost > 0 and stage.lost == stage.deals


def _question(stages: Sequence[Stage]) -> str:
    width = max(len(each.name) for each in stages)
    listed = (f"  {number}  {each.name:<{width}}  {_deals(each)}" for number, each in enumerate(stages, 1))
    return "\n".join(
        (
            "In which order do deals pass these stages? Without it no share that goes on from a stage can be told.",
            *listed,
            "The numbers from the first stage to the last, without those that are no step, as that of lost deals is"
            " not, such as 2 1 3; nothing where you do not know.",
        )
    )


def _deals(stage: Stage) -> str:
    closed = [f"{number:,} {word}" for number, word in ((stage.won, "won"), (stage.lost, "lost")) if number]
    deals = "1 deal" if stage.deals == 1 else f"{stage.deals:,} deals"
    return f"{deals}, {', '.join(closed)}" if closed else deals


def _steps(text: str, stages: Sequence[Stage]) -> list[Stage]:
    """Return the stages that the numbers stand for. Raises UsageError, upon which the question comes again."""
    words = text.replace(",", " ").split()
    wrong = [each for each in words if not each.isdecimal() or not 1 <= int(each) <= len(stages)]
    if wrong:
        raise click.UsageError(f"'{wrong[0]}' is no number from 1 to {len(stages)}.")
    if len({int(each) for each in words}) < len(words):
        raise click.UsageError("A stage has one place in the order.")
    return [stages[int(each) - 1] for each in words]
