"""Targets and goals: attainment, pace, trees of goals, what is still needed, and how good forecasts were."""
