"""What each kind of request in a batch does, by Google's name of it."""

from __future__ import annotations

from kpicore.testing.sheets.editing import Handler
from kpicore.testing.sheets.requests import (
    cell_requests,
    chart_requests,
    filter_requests,
    line_requests,
    metadata_requests,
    name_requests,
    paste_requests,
    protection_requests,
    rule_requests,
    shift_requests,
    tab_requests,
)

KINDS: dict[str, Handler] = {
    **cell_requests.KINDS,
    **chart_requests.KINDS,
    **filter_requests.KINDS,
    **line_requests.KINDS,
    **metadata_requests.KINDS,
    **name_requests.KINDS,
    **paste_requests.KINDS,
    **protection_requests.KINDS,
    **rule_requests.KINDS,
    **shift_requests.KINDS,
    **tab_requests.KINDS,
}
