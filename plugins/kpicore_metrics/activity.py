"""What reps do: calls, e-mails, meetings, and the time they take.

Source: articles S2 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpicore import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    NEUTRAL,
    RATIO,
    SHARE,
    Metric,
    Variant,
    count,
    hookimpl,
    total,
)
from kpicore_metrics.parts import DONE, WON

_MORE = "More of it makes a stronger pipeline; look for patterns in what works."


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _counts()
    yield _meetings()
    yield _selling_time()
    yield _social_engagement()
    yield _activity_ratio()
    yield _email_open_rate()


def _counts() -> Iterator[Metric]:
    yield _counted("calls", "Calls made", "call", {"ro": ("apeluri",), "zh": ("电话数",)})
    yield _counted("emails_sent", "E-mails sent", "email", {"ro": ("e-mailuri trimise",), "zh": ("发送邮件数",)})
    yield _counted("calls_emails", "Calls or e-mails made", "call', 'email", {"ro": ("apeluri sau e-mailuri",)})
    yield _counted("follow_ups", "Follow-ups", "follow_up", {"ro": ("urmăriri",)})
    yield _counted("proposals", "Proposals sent", "proposal", {"ro": ("propuneri trimise",)})
    yield _counted("demos", "Demonstrations held", "demo", {"en": ("product presentations",), "ro": ("demonstrații",)})
    yield _counted(
        "events_attended",
        "Networking events attended",
        "event",
        {"en": ("conferences", "trade fairs"), "ro": ("evenimente de networking",)},
        aliases=("KPI_EVENTS",),
    )


def _counted(
    id: str, name: str, types: str, synonyms: Mapping[str, tuple[str, ...]], aliases: tuple[str, ...] = ()
) -> Metric:
    return Metric(
        id,
        name=name,
        unit=COUNT,
        better=HIGHER,
        family="activity",
        meaning=f"{name} in the period, those that are planned or did not take place left out.",
        inputs={"activities": count("activity", when="on", where=f"type in ('{types}') and {DONE}")},
        action=_MORE,
        guards=("activity_ratio",),
        aliases=aliases,
        synonyms=synonyms,
        source="S4",
    )


def _meetings() -> Metric:
    return Metric(
        "meetings",
        name="Meetings scheduled",
        unit=COUNT,
        better=HIGHER,
        family="activity",
        meaning="Meetings of the period, held or not.",
        variants={
            "scheduled": {"meetings": count("activity", when="on", where="type = 'meeting'")},
            "held": Variant(
                {"meetings": count("activity", when="on", where=f"type = 'meeting' and {DONE}")},
                meaning="Meetings of the period that were held.",
            ),
        },
        action=_MORE,
        synonyms={"ro": ("întâlniri programate",), "zh": ("会议数",)},
        source="S4",
    )


def _selling_time() -> Metric:
    hours = total("activity", "duration_min / 60", when="on", where=DONE)
    everything = total("activity", "duration_min / 60", when="on", where=DONE, regardless_of="time_category")
    return Metric(
        "selling_time",
        name="Time on sales activities",
        unit=HOURS,
        better=NEUTRAL,
        family="activity",
        meaning="Hours of the activities of the period that took place.",
        variants={
            "hours": {"hours": hours},
            "share": Variant(
                {"hours": hours, "all_hours": everything},
                formula="hours / all_hours",
                unit=SHARE,
                meaning="Share of a category of time in all hours.",
                needs_cut=("time_category",),
            ),
        },
        synonyms={"ro": ("timpul petrecut pe activități de vânzare",), "en": ("time spent selling",)},
        source="S4",
    )


def _social_engagement() -> Metric:
    return Metric(
        "social_engagement",
        name="Social-network engagement",
        unit=COUNT,
        better=HIGHER,
        family="activity",
        meaning="Likes, comments, shares and direct messages of the period.",
        inputs={"events": total("social_event", "count", when="on")},
        synonyms={"ro": ("implicarea pe rețelele sociale",), "en": ("social media engagement",)},
        source="S4",
    )


def _activity_ratio() -> Metric:
    return Metric(
        "activity_ratio",
        name="Sales activity ratio",
        unit=RATIO,
        better=LOWER,
        family="activity",
        meaning="Calls, e-mails and meetings per deal won.",
        formula="activities / won",
        inputs={
            "activities": count("activity", when="on", where=f"type in ('call', 'email', 'meeting') and {DONE}"),
            "won": count("opportunity", when="closed_on", where=WON, regardless_of="type"),
        },
        synonyms={"ro": ("rata activității de vânzare",)},
        source="S4",
    )


def _email_open_rate() -> Metric:
    opened = "opened_at is not null"
    return Metric(
        "email_open_rate",
        name="E-mail open rate",
        unit=SHARE,
        better=HIGHER,
        family="activity",
        meaning="Share of the e-mails sent in the period that were opened.",
        formula="opened / sent",
        variants={
            "delivered": Variant(
                {
                    "opened": count("email_send", when="sent_on", where=f"delivered and {opened}"),
                    "sent": count("email_send", when="sent_on", where="delivered"),
                },
                meaning="Of those that arrived.",
            ),
            "sent": Variant(
                {
                    "opened": count("email_send", when="sent_on", where=opened),
                    "sent": count("email_send", when="sent_on"),
                },
                meaning="Of all that were sent.",
            ),
        },
        action="Tune campaigns; film titles and song lyrics in subject lines raised it by 26 % for one company.",
        synonyms={"hu": ("e-mail megnyitási arány",), "en": ("open rate",)},
        source="S2",
    )
