"""What tells that a number is bad, whether a rule applies and how far a goal is, and why that is not known."""

from __future__ import annotations

from kpicore.wording.note_words import NoteWords, Values


def _about_grains(values: Values) -> str:
    return f"it is about a {' or a '.join(str(grain).replace('_', ' ') for grain in values['grains'])}"


def _parts_unknown(values: Values) -> str:
    names = values["names"]
    return f"not known how far {', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _parts_in_units(values: Values) -> str:
    return f"parts in {' and '.join(unit or 'no unit' for unit in values['units'])} cannot be added up"


VERDICT_NOTES: tuple[NoteWords, ...] = (
    # of a guard
    NoteWords("no_such_kpi", "there is no such KPI"),
    NoteWords("by_band", "{status}: {meaning}"),
    NoteWords("by_target", "target {target}"),
    NoteWords("by_earlier", "{value} in {period}"),
    # of an interval
    NoteWords("interval_of_no_share", "not a share"),
    NoteWords("interval_of_no_value", "no value"),
    NoteWords("interval_of_no_counts", "not a count over a count"),
    NoteWords("interval_of_no_part", "what is counted above is no part of what is counted below"),
    # of a joint rule
    NoteWords("about_grains", _about_grains),
    NoteWords("not_over", "{period} is not over"),
    NoteWords("lacks_number", "{what}: {why}"),
    NoteWords("lacks_value", "no value for {name}"),
    NoteWords("denominator_zero", "a denominator is 0"),
    NoteWords("condition_not_finite", "the condition has no finite value"),
    NoteWords("target_not_set", "no target"),
    # of a goal
    NoteWords("part_of_itself", "it is a part of itself"),
    NoteWords("goal_too_deep", "it is more than {levels} levels deep"),
    NoteWords("made_of_goals", "{kpi} is itself made of goals"),
    NoteWords("progress_not_told", "nobody says how far it is"),
    NoteWords("no_parts", "it has no parts"),
    NoteWords("parts_unknown", _parts_unknown),
    NoteWords("parts_in_units", _parts_in_units),
    NoteWords("parts_of_nothing", "the {what} of its parts add up to 0"),
)
