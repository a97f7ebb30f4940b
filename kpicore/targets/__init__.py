"""Targets and goals: attainment, pace, trees of goals, what is still needed, and how good forecasts were."""

ENTITY = "target"
GOAL = "goal"
"""The dimension of a part's goal. It tells where a target belongs, not what it is set for."""

WORKED_OUT = ("progress", "reached", "weight", "period_start")
"""Fields that every row has a value of, or a reason why not."""
