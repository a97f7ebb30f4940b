"""A report as plain records, for `--json`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filled_sections import (
    FigureTable,
    MemberTable,
    MonthTable,
    MyNumber,
    MyTable,
    ReportNumber,
    RowTable,
    Shown,
    TableLine,
)


def record(report: FilledReport) -> dict[str, Any]:
    """Return a report as a dict that JSON can hold. Numbers are numbers or None, with the reason beside them."""
    return {
        "report": report.id,
        "name": report.name,
        "period": report.period.key,
        "first_day": report.period.start.isoformat(),
        "last_day": report.period.last.isoformat(),
        "compared_period": report.before.key if report.before else None,
        "compared_first_day": report.before.start.isoformat() if report.before else None,
        "compared_last_day": report.before.last.isoformat() if report.before else None,
        "cuts": report.cuts,
        "currency": report.currency,
        "data_time": report.data_time.isoformat(),
        "data_version": report.data_version,
        "sections": [{"title": section.title, **_section(section)} for section in report.sections],
        "notes": list(report.notes),
    }


def _section(section: Shown) -> dict[str, Any]:
    match section:
        case FigureTable():
            return {"numbers": [_number(number) for number in section.numbers]}
        case MyTable():
            return {"me": section.me, "numbers": [_my_number(mine) for mine in section.numbers]}
        case MemberTable():
            lines = [_line(line) for line in (*section.lines, section.whole)]
            return {
                "by": list(section.by),
                "lines": lines[:-1],
                "all": lines[-1]["numbers"],
                "remarks": list(section.remarks),
            }
        case MonthTable():
            return {"months": [month.key for month in section.months], "lines": [_line(line) for line in section.lines]}
        case RowTable():
            return _rows(section)


def _line(line: TableLine) -> dict[str, Any]:
    return {"label": line.label, "numbers": [_number(number) for number in line.numbers]}


def _number(number: ReportNumber) -> dict[str, Any]:
    before = number.before.question.period if number.before else None
    return {
        "kpi": number.kpi.ref,
        "title": number.kpi.title,
        "value": number.value,
        "unit": number.kpi.unit.name,
        "reason": number.why or None,
        "n": number.n,
        "before": number.before.value if number.before else None,
        "compared_period": before.key if before else None,
        "compared_first_day": before.start.isoformat() if before else None,
        "compared_last_day": before.last.isoformat() if before else None,
        "change": number.change,
        "target": number.target,
        "reached": number.reached,
        "status": number.status or None,
    }


def _my_number(mine: MyNumber) -> dict[str, Any]:
    return {**_number(mine.number), "median": mine.median, "members": mine.members}


def _rows(section: RowTable) -> dict[str, Any]:
    titles = [column.title for column in section.listed.columns]
    rows = [dict(zip(titles, map(_plain, row), strict=True)) for row in section.listed.rows]
    return {"rows": rows, "total": section.listed.total, "reason": section.why or None}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
