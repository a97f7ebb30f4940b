"""What surfaces say around a number: what it is compared with, what was chosen, how one that is missing shows."""

from __future__ import annotations

from kpicore.wording.note_words import NoteWords, Values


def _nothing_before(values: Values) -> str:
    of_period = f" for {values['period']}" if values["period"] else ""
    return f"nothing to compare with, {values['why']}{of_period}"


SURFACE_NOTES: tuple[NoteWords, ...] = (
    # of a comparison
    NoteWords("compared", "compared with {periods}"),
    NoteWords("nothing_before", _nothing_before),
    NoteWords("no_change", "There is no earlier number to compare with, or it is 0 or below."),
    NoteWords("no_earlier_number", "no earlier number"),
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
    # of what is chosen in a sheet
    NoteWords("choose_one", "Has a meaning only by {dimension}: choose one."),
    NoteWords("not_cut_by", "Cannot be cut by {dimension}."),
    NoteWords("no_rows_of_choice", "No rows."),
    NoteWords("of_all", "Of all: {note}"),
)
