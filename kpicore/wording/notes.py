"""What the core's own kinds of notes say, one or many rows."""

from __future__ import annotations

from kpicore.model.notes import (
    LAGGING,
    MATURING,
    NO_RATE,
    TEXT,
    TO_DATE,
    TOO_LARGE,
    UNCOVERED,
    UNKNOWN_WORDS,
    WITHOUT_VALUE,
)
from kpicore.text.plain_text import shortened
from kpicore.wording.note_words import NoteWords, Values, counted
from kpicore.wording.surface_notes import SURFACE_NOTES
from kpicore.wording.verdict_notes import VERDICT_NOTES


def listed(value: object) -> str:
    """Return a value of a note as it is read, those of a tuple one by one."""
    return ", ".join(map(listed, value)) if isinstance(value, tuple) else str(value)


def _lagging(values: Values) -> str:
    return f"{values['source']}: {counted(values['days'], 'days behind', 'day behind')}"


def _redefined(values: Values) -> str:
    since = f"since {values['since']}" if values["since"] else "since the last load"
    return f"by today's definitions: {values['what']} ({since})"


def _empty(values: Values) -> str:
    lacking = " or ".join(values["fields"])
    if values["where"]:
        lacking += f" with {' or '.join(values['where'])}"
    return f"{values['rows']:,} of {counted(values['of'], 'rows of')} {values['entity']} left out: no {lacking}"


def _zero(values: Values) -> str:
    rows = values["rows"]
    have = f"{'has' if rows == 1 else 'have'} {' or '.join(values['fields'])} 0"
    return f"{rows:,} of {counted(values['of'], 'rows of')} {values['entity']} {have}"


def _undated(values: Values) -> str:
    entity, field = values["entity"], values["field"]
    return counted(
        values["rows"],
        f"rows of {entity} have no {field} and are in no period",
        f"row of {entity} has no {field} and is in no period",
    )


def _undecided(values: Values) -> str:
    return _in_doubt(values, "left out")


def _undecided_branch(values: Values) -> str:
    return _in_doubt(values, "taken as if not")


def _in_doubt(values: Values, taken: str) -> str:
    doubt = f"of {values['entity']} {taken}: no {' or '.join(values['fields'])}"
    if values["condition"]:
        doubt += f" to tell whether {values['condition']}"
    what = "group" if values["groups"] else "row"
    return counted(values["rows"], f"{what}s {doubt}", f"{what} {doubt}")


def _of_others(values: Values) -> str:
    what, lacking = "group" if values["groups"] else "row", " or ".join(values["fields"])
    fallback = f"no {lacking}: {values['condition']} takes what else there is"
    of = f"of {values['entity']}"
    return counted(values["rows"], f"{what}s {of} have {fallback}", f"{what} {of} has {fallback}")


def _netted(values: Values) -> str:
    netted = f"left out of {values['field']} of {values['of']}: no {values['value']}"
    return counted(values["rows"], f"rows of {values['entity']} {netted}", f"row of {values['entity']} {netted}")


def _converted(values: Values) -> str:
    by = f"the day in {values['field']}, of the data day where that is empty" if values["field"] else "the data day"
    return f"{', '.join(values['currencies'])} converted to 4 decimals at the rate of {by}"


def _zeros(values: Values) -> str:
    if values["inputs"]:
        return f"{' and '.join(values['inputs'])} is 0"
    made_of = ", ".join(f"{name} {value:,.10g}" for name, value in values["made_of"])
    return f"a denominator is 0 (with {made_of})" if made_of else "a denominator is 0"


def _no_target(values: Values) -> str:
    missing = f"no target for {values['kpi']} in {values['period']} with these cuts"
    return f"{missing}; targets are not added up over a list of {values['list']}s" if values["list"] else missing


def _several_targets(values: Values) -> str:
    listed = " and ".join(f"{value:,g} ({place}{f', {key}' if key else ''})" for value, place, key in values["targets"])
    cuts = "".join(f", {name} {member}" for name, member in values["cuts"])
    return f"several targets for {values['kpi']} in {values['period']}{cuts}: {listed}"


def _doubled(values: Values) -> str:
    rows, names = values["rows"], ", ".join(values["names"])
    more = f" and {rows - len(values['names']):,} more" if rows > len(values["names"]) else ""
    are = "1 is" if rows == 1 else f"{rows:,} are"
    return f"{are} there twice, by id and by name: {names}{more}; import the files that name them again"


def _older(values: Values) -> str:
    conflict = f"This import is of {values['given']}, and the data stays of {values['was']}"
    if values["rows"]:
        are = counted(values["rows"], "rows are", "row is")
        return f"{conflict}: {are} as this older export says. If that is not meant, import the newer one again"
    again = f"If all of it is of {values['given']}, import all of its files again in one go"
    return conflict if values["new"] else f"{conflict}. {again}"


def _unknown_words(values: Values) -> str:
    rows, words, field = values["rows"], values["words"], values["field"]
    # `words` are pairs of a word and its rows, of the words that are told; `said` are those that kpi.toml answers
    others = rows - sum(number for _, number in words)
    shown = [(shortened(word, _LONGEST_WORD), number) for word, number in words]
    shown += [("others", others)] if others else []
    which = ", ".join(f"{word} ({number:,})" for word, number in shown) if len(shown) > 1 else shown[0][0]
    told_as = field.replace("_", " ")
    named = f"with the {told_as} {which}" if words else f"whose {told_as} is a long text"
    of = f"of {values['entity']} {named}"
    places = values.get("places") or (f"{values['entity']}.{field}",)
    said, place = {*values.get("said", ())}, f"kpi.toml, {' or '.join(f'[words.{table}]' for table in places)}"
    open_words = [shortened(word, _LONGEST_WORD) for word, _ in words if word not in said]
    if words and not others and not open_words:
        left_out = f"left out where it matters, as {place} says"
    else:
        means = "they mean" if len(shown) > 1 else "it means"
        if said:
            open_words += ["the others"] if others else []
            means = f"{listed(tuple(open_words))} {'means' if open_words == open_words[:1] and not others else 'mean'}"
        left_out = f"left out where it matters: write what {means} into {place}"
    return counted(rows, f"rows {of} are {left_out}", f"row {of} is {left_out}")


_LONGEST_WORD = 40

NOTES: tuple[NoteWords, ...] = (
    NoteWords(TEXT, "{text}"),
    # of a period
    NoteWords(TO_DATE, "to date, {elapsed} of {days} days"),
    NoteWords(LAGGING, _lagging),
    NoteWords(MATURING, "maturing: what began in {period} can still change until {until}"),
    NoteWords("partly_loaded", "only {first} to {last} of {entity} was loaded, a part of {period}"),
    NoteWords("before_first_load", "as of {as_of}: what {entity} was before the first load on {first} is not known"),
    NoteWords("redefined", _redefined),
    NoteWords(
        "past_in_part",
        "of days before {day} an earlier version kept a part of {entity} only: the rest is as it was on that day",
    ),
    # of the rows of an input
    NoteWords("empty", _empty),
    NoteWords("zero", _zero),
    NoteWords("undecided", _undecided),
    NoteWords(UNKNOWN_WORDS, _unknown_words),
    NoteWords("undecided_branch", _undecided_branch),
    NoteWords("extreme_of_others", _of_others),
    NoteWords("netted", _netted),
    NoteWords(
        "unattached",
        "{rows:,} rows of {entity} have no {key} and are in no {field} of {of}",
        "1 row of {entity} has no {key} and is in no {field} of {of}",
    ),
    NoteWords(
        "of_none",
        "{rows:,} rows of {entity} whose {key} is of no {of} are in no {field}",
        "1 row of {entity} whose {key} is of no {of} is in no {field}",
    ),
    NoteWords(
        "unended",
        "{rows:,} rows of {entity} are over without {field} and stand on no day",
        "1 row of {entity} is over without {field} and stands on no day",
    ),
    NoteWords(
        "ends_ahead",
        "{rows:,} rows of {entity} are over, with a {field} after the day of the data: taken for open until that day",
        "1 row of {entity} is over, with a {field} after the day of the data: taken for open until that day",
    ),
    NoteWords("undated", _undated),
    NoteWords(
        UNCOVERED, lambda values: f"{values['input']} has no rows with {values['dimension']} {listed(values['absent'])}"
    ),
    NoteWords("converted", _converted),
    # of a load
    NoteWords(
        "keyless",
        "{rows:,} rows have no {key}: left out, see quarantine",
        "1 row has no {key}: left out, see quarantine",
    ),
    NoteWords(
        "repeated",
        "{rows:,} rows were given again with the same {key}: the last one counts",
        "1 row was given again with the same {key}: the last one counts",
    ),
    NoteWords(
        NO_RATE,
        "{rows:,} rows have no rate for {currency}: their amounts are left empty;"
        " import fx_rate: currency, rate_on, rate",
        "1 row has no rate for {currency}: its amounts are left empty; import fx_rate: currency, rate_on, rate",
    ),
    NoteWords(
        "ends_before_start",
        "{rows:,} rows end before they start ({end} before {start}): they count on no day",
        "1 row ends before it starts ({end} before {start}): it counts on no day",
    ),
    NoteWords(
        "ends_on_start",
        "{rows:,} rows end on the day they start ({end} is the first day after): they count on no day",
        "1 row ends on the day it starts ({end} is the first day after): it counts on no day",
    ),
    NoteWords(
        TOO_LARGE,
        "{entity}.{field} of '{giver}' is left empty, as it comes to too large a number",
    ),
    NoteWords(
        "rounded",
        "{rows:,} amounts were rounded to {decimals} decimals: {field} is {how}",
        "1 amount was rounded to {decimals} decimals: {field} is {how}",
    ),
    NoteWords(
        "values_rounded",
        "{rows:,} values of {field} were rounded to {decimals} decimals",
        "1 value of {field} was rounded to {decimals} decimals",
    ),
    NoteWords("target_left_out", "target '{id}' is left out: {problem}"),
    NoteWords("target_problem", "{problem}"),
    # of dimension values beside each other
    NoteWords("of_nobody", "belongs to nobody"),
    NoteWords(WITHOUT_VALUE, "{reason}"),  # a `Wording` says it by its words for the reason
    NoteWords("few_rows", "fewer than {least} rows"),
    NoteWords("few_members", "a median needs {least} members with a number, and there are {members}"),
    # of two definitions
    NoteWords("nothing_to_compare", "No data is loaded, so no numbers were compared."),
    NoteWords(
        "made_elsewhere",
        "The tables of a warehouse of kind '{kind}' are made elsewhere, so no numbers were compared.",
    ),
    NoteWords("not_compared", "{name} was not compared: {problem}"),
    # of an import
    NoteWords(
        "stale",
        "The newest date is {last} ({entity}), so this month or quarter has no rows."
        " If the export is of then, import it again with --as-of {last}",
    ),
    NoteWords("older", _older),
    NoteWords("taken_back", "The data was of {was} and is of {now} now, as this import gives all of it again"),
    NoteWords("doubled", _doubled),
    # why there is no number
    NoteWords("not_started", "{period} starts after {today}, the day of the data"),
    NoteWords("not_loaded", "no {entity} was loaded"),
    NoteWords("not_known", "not known: {what}"),
    NoteWords("not_filled", lambda values: f"no {values['entity']} has a value in {' or '.join(values['fields'])}"),
    NoteWords("outside", "{entity} was loaded for {first} to {last}"),
    NoteWords("no_rows", "no rows for {input}"),
    NoteWords("zeros", _zeros),
    NoteWords("not_finite", "the formula has no finite value"),
    NoteWords("no_target", _no_target),
    NoteWords("several_targets", _several_targets),
    NoteWords("target_not_above_zero", "the target of {kpi} is 0 or less"),
    NoteWords("reached_not_above_zero", "what was reached of {kpi} is 0 or less"),
    *SURFACE_NOTES,
    *VERDICT_NOTES,
)
