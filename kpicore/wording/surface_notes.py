"""What surfaces say around a number: what it is compared with, what was chosen, how one that is missing shows."""

from __future__ import annotations

from collections.abc import Sequence

from kpicore.wording.note_words import NoteWords, Values

_FEW = 3
"""So many periods are named one by one."""


def _nothing_before(values: Values) -> str:
    of_period = f" for {values['period']}" if values["period"] else ""
    return f"nothing to compare with, {values['why']}{of_period}"


def _all_compared(values: Values) -> str:
    return f"Compared with {_few(values['periods'])}."


def _input_is_of(values: Values) -> str:
    return f"{values['input']} is of {_few(values['periods'])}."


def _few(periods: Sequence[str]) -> str:
    return " and ".join(periods) if len(periods) <= _FEW else f"{periods[0]} … {periods[-1]}, {len(periods):,} periods"


def _no_rows_by(values: Values) -> str:
    in_period = f" in {values['period']}" if values["period"] else ""
    return f"No rows by {' and '.join(values['dimensions'])}{in_period}."


SURFACE_NOTES: tuple[NoteWords, ...] = (
    # of a comparison
    NoteWords("compared", "compared with {periods}"),
    NoteWords("nothing_before", _nothing_before),
    NoteWords("change_unknown", "no change: {period} was {value:g}"),
    NoteWords("no_change", "There is no earlier number to compare with, or it is 0 or below."),
    NoteWords("no_earlier_number", "no earlier number"),
    # of the days that numbers are of
    NoteWords("weeks_cover", "The weeks cover {first} to {last}."),
    NoteWords("all_compared", _all_compared),
    NoteWords("input_is_of", _input_is_of),
    # of a number that is not there
    NoteWords("no_number", "n/a, {why}"),
    NoteWords("no_median", "no median, {why}"),
    NoteWords("not_begun", "has not started"),
    NoteWords("missing_in_cells", "A number that cannot be computed is n/a with its reason in a note; it is never 0."),
    NoteWords("gaps_in_cells", "Empty: not computed, see the note."),
    NoteWords(
        "errors_in_cells",
        "#DIV/0!: nothing to divide by. #N/A: no data, see {column}. #VALUE!: cannot be asked that way. Never 0.",
    ),
    NoteWords(
        "errors_explained", "#DIV/0! has nothing to divide by, #N/A has no data, #VALUE! cannot be asked that way."
    ),
    # of numbers in brackets
    NoteWords("rows_in_brackets", "In brackets: n, the rows behind the value."),
    NoteWords("rates_in_brackets", "In brackets: n, the rows behind a rate or an average."),
    # of tables and boards without any row
    NoteWords("nothing_to_show", "Nothing to show in this period."),
    NoteWords("no_rows_by", _no_rows_by),
    NoteWords("no_rows_of_value", "no rows of {value}"),
    NoteWords(
        "no_targets",
        "No target is set for {period}. Set one in kpi.toml or targets.toml, or import a file of targets.",
    ),
    # of what is chosen in a sheet
    NoteWords("choose_one", "Has a meaning only by {dimension}: choose one."),
    NoteWords("not_cut_by", "Cannot be cut by {dimension}."),
    NoteWords("no_rows_of_choice", "No rows."),
    NoteWords("of_all", "Of all: {note}"),
)
