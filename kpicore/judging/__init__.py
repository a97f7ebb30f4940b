"""What numbers mean: bands, guards, joint rules, and members of a dimension beside each other."""

from kpicore.judging.bands import Judgement, judged, meant
from kpicore.judging.guards import Guard, guards
from kpicore.judging.joint import Finding, Number, findings
from kpicore.judging.ranking import Beside, Ranked, beside, ranked

__all__ = [
    "Beside",
    "Finding",
    "Guard",
    "Judgement",
    "Number",
    "Ranked",
    "beside",
    "findings",
    "guards",
    "judged",
    "meant",
    "ranked",
]
