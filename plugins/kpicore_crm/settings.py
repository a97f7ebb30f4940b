"""What a workspace says of customers and deals: in kpi.toml, and in a file with the order of the stages."""

from __future__ import annotations

from kpicore import MATURING_DAYS, Setting, Type

STAGE_ORDER = "stages.toml"
"""The file of a workspace with the order of the stages, and the source that it is."""

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "active_rule",
        Type.TEXT,
        "when a customer is active: inactivity, contract or subscription; load the data again after a change",
        "inactivity",
        choices=("inactivity", "contract", "subscription"),
    ),
    Setting(
        "inactivity_days",
        Type.INTEGER,
        "days without an order after which a customer counts as lost",
        365,
        least=0,
    ),
    MATURING_DAYS,  # the core's own stands here
    Setting("qualified_stage", Type.INTEGER, "position of the stage from which on a deal is qualified", 3),
    Setting("stuck_days", Type.INTEGER, "days without a touch after which a deal is stuck", 30, least=0),
    Setting(
        "post_close_days",
        Type.INTEGER,
        "days after a won deal in which a lost customer counts against it",
        90,
        least=0,
    ),
    Setting(
        "cac_lag_months",
        Type.INTEGER,
        "months from the cost of winning a customer to its first purchase, for cac.lag",
        3,
    ),
)
