"""What the notes of sales say: about deals and their stages, purchases, surveys, forecasts and cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import NoteWords, counted

_FEW = 3

Values = Mapping[str, Any]


def _nobody_active(values: Values) -> str:
    word = "won deal" if values["entity"] == "opportunity" else values["entity"]
    lacking = values["lacking"]
    return counted(
        values["rows"],
        f"{word}s without a {lacking} make nobody active",
        f"{word} without a {lacking} makes nobody active",
    )


def _unordered(values: Values) -> str:
    names = values["stages"]
    if not names:
        return "nobody gave the order of the stages: a position of each"
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return f"no position in the order of the stages: {', '.join(names[:_FEW])}{more}"


def _forecast_without(values: Values) -> str:
    left_out = "an open deal is left out: its stage on that day, or its amount, is not known"
    return counted(values["times"], f"times {left_out}", f"time {left_out}")


NOTE_WORDS = (
    # of rows as they were loaded
    NoteWords(
        "closed_before_created",
        "{rows:,} deals were closed before they were created",
        "1 deal was closed before it was created",
    ),
    NoteWords("nobody_active", _nobody_active),
    NoteWords(
        "outside_scale",
        "{rows:,} answers are outside their scale: they count in no score",
        "1 answer is outside its scale: it counts in no score",
    ),
    NoteWords(
        "nps_scale",
        "{rows:,} nps answers are on another scale than 0 to 10: they count in no net promoter score",
        "1 nps answer is on another scale than 0 to 10: it counts in no net promoter score",
    ),
    NoteWords("deals_are_purchases", "no orders are loaded: won deals count as purchases"),
    # of the stages of deals
    NoteWords("no_stage_history", "stages before {day}, the first load, are not known: no stage history was given"),
    NoteWords("stages_since", "stages are known from {day} on, where the stage history begins"),
    NoteWords(
        "stages_by_name",
        "In the order of the alphabet, as nobody gave that of the pipeline: kpi import asks for it, without --yes",
    ),
    NoteWords(
        "stages_without_place",
        "Some stages have no place in the order of the pipeline: kpi import asks for it, without --yes",
    ),
    NoteWords(
        "stage_history_wanted",
        "How many go on from a stage, how long they stay and where they are lost needs a file with a row for each stay"
        " of a deal (deal, stage, date entered, date left): kpi import FILE --entity stage_history",
    ),
    NoteWords(
        "lost_in_unknown_stage",
        "{rows:,} deals were lost in a stage that is not known: left out of the share that reached a stage",
        "1 deal was lost in a stage that is not known: left out of the share that reached a stage",
    ),
    NoteWords(
        "open_without_creation",
        "{rows:,} open deals have no created_at: standing since the first load, {day} or later",
        "1 open deal has no created_at: standing since the first load, {day} or later",
    ),
    NoteWords(
        "over_without_close",
        "{rows:,} deals are over without a closed_at: on which days they were open is not known",
        "1 deal is over without a closed_at: on which days it was open is not known",
    ),
    NoteWords(
        "over_before_close",
        "{rows:,} deals are over, with a closed_at after the day of the data: taken for open until that day",
        "1 deal is over, with a closed_at after the day of the data: taken for open until that day",
    ),
    NoteWords(
        "open_or_over",
        "{rows:,} deals have an outcome that is no known word and stand on no day:"
        " write what it means into kpi.toml, [words]",
        "1 deal has an outcome that is no known word and stands on no day: write what it means into kpi.toml, [words]",
    ),
    NoteWords(
        "closed_without_creation",
        "{rows:,} closed deals have no created_at: on which days they were open is not known",
        "1 closed deal has no created_at: on which days it was open is not known",
    ),
    NoteWords(
        "deals_without_history",
        "{rows:,} deals have no stage history: the stages before {day} are not known",
        "1 deal has no stage history: the stages before {day} are not known",
    ),
    NoteWords(
        "stays_unplaced",
        "{rows:,} stays have no stage or no entry date and are left out",
        "1 stay has no stage or no entry date and is left out",
    ),
    NoteWords(
        "stays_of_no_deal",
        "{rows:,} stays are of deals that are not loaded and are left out",
        "1 stay is of a deal that is not loaded and is left out",
    ),
    NoteWords(
        "stays_backward",
        "{rows:,} stays are of negative length: left out of dwell times, standing until the next stay",
        "1 stay is of negative length: left out of dwell times, standing until the next stay",
    ),
    NoteWords(
        "stays_overlap",
        "{rows:,} stays are cut off where the next one begins: the two overlap",
        "1 stay is cut off where the next one begins: the two overlap",
    ),
    NoteWords(
        "stays_before_creation",
        "{rows:,} stays are from before the deal was created: standing from its creation on",
        "1 stay is from before the deal was created: standing from its creation on",
    ),
    NoteWords(
        "days_without_stage",
        "{rows:,} deals have open days between or around the stays: on those without a stage",
        "1 deal has open days between or around the stays: on those without a stage",
    ),
    # of a triangle of cohorts
    NoteWords("age_in_progress", "* maturing: that {unit} is in progress"),
    NoteWords("cohort_without_size", "– no size: the period has not started, or no order of it was loaded"),
    NoteWords("cohorts_together", "cohorts taken together: at each age those that have lived it in full"),
    # of past forecasts
    NoteWords("no_past_quarter", "No past quarter to look at."),
    NoteWords(
        "past_not_known",
        "before the first load on {first} amounts, owners and expected closes are not known: those of then count",
    ),
    NoteWords("forecast_without", _forecast_without),
    NoteWords(
        "forecast_undated",
        "{rows:,} times an open deal is in no forecast: it was expected to close on no day",
        "1 time an open deal is in no forecast: it was expected to close on no day",
    ),
    NoteWords(
        "forecast_unpriced",
        "{rows:,} won deals are in neither number: no amount",
        "1 won deal is in neither number: no amount",
    ),
    # of cohorts
    NoteWords("weeks_of", "the weeks of {period} are {first} to {last}"),
    NoteWords(
        "orders_without_customer",
        "{rows:,} of {of:,} orders have no customer and are in no cohort",
        "1 of {of:,} orders has no customer and is in no cohort",
    ),
    NoteWords(
        "orders_without_date",
        "{rows:,} of {of:,} orders have no date and are at no age",
        "1 of {of:,} orders has no date and is at no age",
    ),
    NoteWords(
        "orders_without_status",
        "{rows:,} of {of:,} orders have no known status and are left out",
        "1 of {of:,} orders has no known status and is left out",
    ),
    NoteWords(
        "orders_without_amount",
        "{rows:,} of {of:,} orders have no amount and count as 0",
        "1 of {of:,} orders has no amount and counts as 0",
    ),
    NoteWords(
        "orders_before_first",
        "orders from before the day given as their customer's first purchase are left out: {rows:,}",
    ),
    NoteWords("customers_before", "orders were loaded from {first} on: what customers did before is not known"),
    # why there is no number
    NoteWords("stages_before", "the stages of days before {day}, the first load, are not known"),
    NoteWords("stages_before_given", "the stage history that was given begins on {day}"),
    NoteWords("stages_unordered", _unordered),
)
