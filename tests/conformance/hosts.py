"""The hosts, each asked all cases at once; Python's answers come first and are what the others must tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from kpicore import Workspace
from tests.conformance import native, spreadsheets
from tests.conformance.apps_script import apps_script
from tests.conformance.asked import Case
from tests.conformance.officejs import officejs
from tests.conformance.pipes import pipes
from tests.conformance.told import Told
from tests.conformance.udf import udf

Host = Callable[[Workspace, Sequence[Case]], list[Told]]

HOSTS: Mapping[str, Host] = MappingProxyType(
    {
        "Python": lambda workspace, cases: [native.python(workspace, case) for case in cases],
        "kpi cells": pipes,
        "SQL": lambda workspace, cases: [native.sql(workspace, case) for case in cases],
        "live workbook": spreadsheets.live_workbook,
        "LibreOffice": spreadsheets.libreoffice,
        "Office.js": officejs,
        "Apps Script": apps_script,
        "xlwings UDF": udf,
    }
)
