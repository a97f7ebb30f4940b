"""What numbers mean: bands, guards, joint rules, and members of a dimension beside each other."""

from kpicore.insight.bands import Judgement, judged, meant
from kpicore.insight.guards import Guard, guards
from kpicore.insight.joint_rules import Finding, RuleNumber, findings
from kpicore.insight.ranking import Beside, Ranked, beside, ranked

__all__ = [
    "Beside",
    "Finding",
    "Guard",
    "Judgement",
    "Ranked",
    "RuleNumber",
    "beside",
    "findings",
    "guards",
    "judged",
    "meant",
    "ranked",
]
