"""Time zones: the zone of the organisation decides on which day an instant falls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

from kpicore.errors import BadConfig, closest


def check_timezone(timezone: str) -> None:
    """Do nothing for a time zone of the IANA list such as Europe/Budapest. Raises BadConfig for any other."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError, TypeError):  # each is how zoneinfo refuses one kind of name
        nearest = closest(str(timezone), available_timezones())
        hint = f"Did you mean '{nearest}'?" if nearest else "Write a name such as Europe/Budapest."
        raise BadConfig("timezone", f"no time zone named '{timezone}'", hint=hint) from None


def local_date(instant: datetime, timezone: str) -> date:
    """Return the day on which the instant falls in the time zone; an instant without a zone is in UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(timezone)).date()
