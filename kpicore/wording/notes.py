"""Notes in words: the one place that knows what each kind of note says, one or many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kpicore.model.notes import MATURING, NO_RATE, TEXT, TO_DATE, TOO_LARGE, UNCOVERED, UNKNOWN_WORDS, Note
from kpicore.text.plain_text import shortened
from kpicore.wording.inputs import counted

Values = Mapping[str, Any]
_Words = Callable[[Values], str]


def note_words(note: Note | None) -> str:
    """Return what a note says, "" for none. A kind that is not known says its name and its values.

    >>> note_words(Note.of("undated", entity="order", field="ordered_on", rows=1))
    '1 row of order has no ordered_on and is in no period'
    >>> note_words(Note.of("lagging", source="crm", days=3))
    'lagging: source crm, days 3'
    """
    if note is None:
        return ""
    said = _WORDS.get(note.kind)
    try:
        return said(dict(note.values)) if said else _unknown(note)
    except (
        LookupError,
        TypeError,
        ValueError,
        ArithmeticError,
        AttributeError,
    ):  # another version, or a plugin, gave it other values
        return _unknown(note)


def note_texts(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return what notes say, each text once."""
    return tuple(dict.fromkeys(note_words(each) for each in notes))


def _unknown(note: Note) -> str:
    values = ", ".join(f"{name} {_listed(value)}" for name, value in note.values)
    kind = note.kind.replace("_", " ")
    return f"{kind}: {values}" if values else kind


def _listed(value: Any) -> str:
    return ", ".join(_listed(each) for each in value) if isinstance(value, tuple) else str(value)


def _said(words: str) -> _Words:
    return lambda values: words.format(**values)


def _rows(many: str, one: str = "") -> _Words:
    """Return words for so many `rows`, as `counted` says them."""
    return lambda values: counted(values["rows"], many.format(**values), one.format(**values))


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
    told = f"of {values['entity']} {taken}: no {' or '.join(values['fields'])}"
    if values["condition"]:
        told += f" to tell whether {values['condition']}"
    what = "group" if values["groups"] else "row"
    return counted(values["rows"], f"{what}s {told}", f"{what} {told}")


def _of_others(values: Values) -> str:
    what, lacking = "group" if values["groups"] else "row", " or ".join(values["fields"])
    told = f"no {lacking}: {values['condition']} takes what else there is"
    of = f"of {values['entity']}"
    return counted(values["rows"], f"{what}s {of} have {told}", f"{what} {of} has {told}")


def _netted(values: Values) -> str:
    told = f"left out of {values['field']} of {values['of']}: no {values['value']}"
    return counted(values["rows"], f"rows of {values['entity']} {told}", f"row of {values['entity']} {told}")


def _nobody_active(values: Values) -> str:
    word = "won deal" if values["entity"] == "opportunity" else values["entity"]
    lacking = values["lacking"]
    return counted(
        values["rows"],
        f"{word}s without a {lacking} make nobody active",
        f"{word} without a {lacking} makes nobody active",
    )


def _converted(values: Values) -> str:
    by = f"the day in {values['field']}, of the data day where that is empty" if values["field"] else "the data day"
    return f"{', '.join(values['currencies'])} converted to 4 decimals at the rate of {by}"


def _zeros(values: Values) -> str:
    if values["inputs"]:
        return f"{' and '.join(values['inputs'])} is 0"
    made_of = ", ".join(f"{name} {value:,.10g}" for name, value in values["made_of"])
    return f"a denominator is 0 (with {made_of})" if made_of else "a denominator is 0"


def _no_target(values: Values) -> str:
    told = f"no target for {values['kpi']} in {values['period']} with these cuts"
    return f"{told}; targets are not added up over a list of {values['list']}s" if values["list"] else told


def _several_targets(values: Values) -> str:
    listed = " and ".join(f"{value:,g} ({place}{f', {key}' if key else ''})" for value, place, key in values["targets"])
    cuts = "".join(f", {name} {member}" for name, member in values["cuts"])
    return f"several targets for {values['kpi']} in {values['period']}{cuts}: {listed}"


def _unordered(values: Values) -> str:
    names = values["stages"]
    if not names:
        return "nobody gave the order of the stages: a position of each"
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return f"no position in the order of the stages: {', '.join(names[:_FEW])}{more}"


def _doubled(values: Values) -> str:
    rows, names = values["rows"], ", ".join(values["names"])
    more = f" and {rows - len(values['names']):,} more" if rows > len(values["names"]) else ""
    are = "1 is" if rows == 1 else f"{rows:,} are"
    return f"{are} there twice, by id and by name: {names}{more}; import the files that name them again"


def _older(values: Values) -> str:
    told = f"This import is of {values['given']}, and the data stays of {values['was']}"
    if values["rows"]:
        are = counted(values["rows"], "rows are", "row is")
        return f"{told}: {are} as this older export says. If that is not meant, import the newer one again"
    again = f"If all of it is of {values['given']}, import all of its files again in one go"
    return told if values["new"] else f"{told}. {again}"


def _unknown_words(values: Values) -> str:
    rows, words, field = values["rows"], values["words"], values["field"]
    others = rows - sum(number for _, number in words)
    shown = [(shortened(word, _LONGEST_WORD), number) for word, number in words]
    shown += [("others", others)] if others else []
    which = ", ".join(f"{word} ({number:,})" for word, number in shown) if len(shown) > 1 else shown[0][0]
    told_as = field.replace("_", " ")
    named = f"with the {told_as} {which}" if words else f"whose {told_as} is a long text"
    of = f"of {values['entity']} {named}"
    places = values.get("places") or (f"{values['entity']}.{field}",)
    said, place = {*values.get("said", ())}, f"kpi.toml, {' or '.join(f'[words.{each}]' for each in places)}"
    open_words = [shortened(word, _LONGEST_WORD) for word, _ in words if word not in said]
    if words and not others and not open_words:
        left_out = f"left out where it matters, as {place} says"
    else:
        means = "they mean" if len(shown) > 1 else "it means"
        if said:
            open_words += ["the others"] if others else []
            means = f"{_listed(tuple(open_words))} {'means' if open_words == open_words[:1] and not others else 'mean'}"
        left_out = f"left out where it matters: write what {means} into {place}"
    return counted(rows, f"rows {of} are {left_out}", f"row {of} is {left_out}")


_LONGEST_WORD = 40
_FEW = 3
_NO_RATE = " left empty; import fx_rate: currency, rate_on, rate"

_WORDS: Mapping[str, _Words] = {
    TEXT: _said("{text}"),
    # of a period
    TO_DATE: _said("to date, {elapsed} of {days} days"),
    MATURING: _said("maturing: what began in {period} can still change until {until}"),
    "partly_loaded": _said("only {first} to {last} of {entity} was loaded, a part of {period}"),
    "before_first_load": _said("as of {as_of}: what {entity} was before the first load on {first} is not known"),
    "redefined": _redefined,
    "past_in_part": _said(
        "of days before {day} an earlier version kept a part of {entity} only: the rest is as it was on that day"
    ),
    # of the rows of an input
    "empty": _empty,
    "zero": _zero,
    "undecided": _undecided,
    UNKNOWN_WORDS: _unknown_words,
    "undecided_branch": _undecided_branch,
    "extreme_of_others": _of_others,
    "netted": _netted,
    "unattached": _rows(
        "rows of {entity} have no {key} and are in no {field} of {of}",
        "row of {entity} has no {key} and is in no {field} of {of}",
    ),
    "of_none": _rows(
        "rows of {entity} whose {key} is of no {of} are in no {field}",
        "row of {entity} whose {key} is of no {of} is in no {field}",
    ),
    "unended": _rows(
        "rows of {entity} are over without {field} and stand on no day",
        "row of {entity} is over without {field} and stands on no day",
    ),
    "ends_ahead": _rows(
        "rows of {entity} are over, with a {field} after the day of the data: taken for open until that day",
        "row of {entity} is over, with a {field} after the day of the data: taken for open until that day",
    ),
    "undated": _undated,
    UNCOVERED: lambda values: f"{values['input']} has no rows with {values['dimension']} {_listed(values['absent'])}",
    "converted": _converted,
    # of a load
    "keyless": _rows("rows have no {key}: left out, see quarantine"),
    "repeated": _rows("rows were given again with the same {key}: the last one counts"),
    NO_RATE: _rows(
        "rows have no rate for {currency}: their amounts are" + _NO_RATE,
        "row has no rate for {currency}: its amounts are" + _NO_RATE,
    ),
    "closed_before_created": _rows(
        "deals were closed before they were created", "deal was closed before it was created"
    ),
    "ends_before_start": _rows(
        "rows end before they start ({end} before {start}): they count on no day",
        "row ends before it starts ({end} before {start}): it counts on no day",
    ),
    "ends_on_start": _rows(
        "rows end on the day they start ({end} is the first day after): they count on no day",
        "row ends on the day it starts ({end} is the first day after): it counts on no day",
    ),
    "nobody_active": _nobody_active,
    TOO_LARGE: lambda values: (
        f"{values['entity']}.{values['field']} of '{values['giver']}' is left empty, as it comes to too large a number"
    ),
    "rounded": _rows("amounts were rounded to {decimals} decimals: {field} is {how}"),
    "outside_scale": _rows(
        "answers are outside their scale: they count in no score", "answer is outside its scale: it counts in no score"
    ),
    "nps_scale": _rows(
        "nps answers are on another scale than 0 to 10: they count in no net promoter score",
        "nps answer is on another scale than 0 to 10: it counts in no net promoter score",
    ),
    "deals_are_purchases": _said("no orders are loaded: won deals count as purchases"),
    "target_left_out": _said("target '{id}' is left out: {problem}"),
    "target_problem": _said("{problem}"),
    # of the stages of deals
    "no_stage_history": _said("stages before {day}, the first load, are not known: no stage history was given"),
    "stages_since": _said("stages are known from {day} on, where the stage history begins"),
    "stages_by_name": _said(
        "In the order of the alphabet, as nobody gave that of the pipeline: kpi import asks for it, without --yes"
    ),
    "stages_without_place": _said(
        "Some stages have no place in the order of the pipeline: kpi import asks for it, without --yes"
    ),
    "stage_history_wanted": _said(
        "How many go on from a stage, how long they stay and where they are lost needs a file with a row for each stay"
        " of a deal (deal, stage, date entered, date left): kpi import FILE --entity stage_history"
    ),
    "lost_in_unknown_stage": _rows(
        "deals were lost in a stage that is not known: left out of the share that reached a stage"
    ),
    "open_without_creation": _rows("open deals have no created_at: standing since the first load, {day} or later"),
    "over_without_close": _rows(
        "deals are over without a closed_at: on which days they were open is not known",
        "deal is over without a closed_at: on which days it was open is not known",
    ),
    "over_before_close": _rows(
        "deals are over, with a closed_at after the day of the data: taken for open until that day",
        "deal is over, with a closed_at after the day of the data: taken for open until that day",
    ),
    "open_or_over": _rows(
        "deals have an outcome that is no known word and stand on no day: write what it means into kpi.toml, [words]",
        "deal has an outcome that is no known word and stands on no day: write what it means into kpi.toml, [words]",
    ),
    "closed_without_creation": _rows("closed deals have no created_at: on which days they were open is not known"),
    "deals_without_history": _rows("deals have no stage history: the stages before {day} are not known"),
    "stays_unplaced": _rows("stays have no stage or no entry date and are left out"),
    "stays_of_no_deal": _rows("stays are of deals that are not loaded and are left out"),
    "stays_backward": _rows("stays are of negative length: left out of dwell times, standing until the next stay"),
    "stays_overlap": _rows("stays are cut off where the next one begins: the two overlap"),
    "stays_before_creation": _rows("stays are from before the deal was created: standing from its creation on"),
    "days_without_stage": _rows("deals have open days between or around the stays: on those without a stage"),
    # of past forecasts
    "past_not_known": _said(
        "before the first load on {first} amounts, owners and expected closes are not known: those of then count"
    ),
    "forecast_without": _said(
        "{times} times an open deal is left out: its stage on that day, or its amount, is not known"
    ),
    "forecast_undated": _rows(
        "times an open deal is in no forecast: it was expected to close on no day",
        "time an open deal is in no forecast: it was expected to close on no day",
    ),
    "forecast_unpriced": _rows(
        "won deals are in neither number: no amount", "won deal is in neither number: no amount"
    ),
    # of cohorts
    "weeks_of": _said("the weeks of {period} are {first} to {last}"),
    "orders_without_customer": _said("{rows:,} of {of:,} orders have no customer and are in no cohort"),
    "orders_without_date": _said("{rows:,} of {of:,} orders have no date and are at no age"),
    "orders_without_status": _said("{rows:,} of {of:,} orders have no known status and are left out"),
    "orders_without_amount": _said("{rows:,} of {of:,} orders have no amount and count as 0"),
    "orders_before_first": _said(
        "orders from before the day given as their customer's first purchase are left out: {rows:,}"
    ),
    "customers_before": _said("orders were loaded from {first} on: what customers did before is not known"),
    # of two definitions
    "nothing_to_compare": _said("No data is loaded, so no numbers were compared."),
    "not_compared": _said("{name} was not compared: {problem}"),
    # of an import
    "stale": _said(
        "The newest date is {last} ({entity}), so this month or quarter has no rows."
        " If the export is of then, import it again with --as-of {last}"
    ),
    "older": _older,
    "taken_back": _said("The data was of {was} and is of {now} now, as this import gives all of it again"),
    "doubled": _doubled,
    # why there is no number
    "not_started": _said("{period} starts after {today}, the day of the data"),
    "not_loaded": _said("no {entity} was loaded"),
    "not_known": _said("not known: {what}"),
    "stages_before": _said("the stages of days before {day}, the first load, are not known"),
    "stages_before_given": _said("the stage history that was given begins on {day}"),
    "stages_unordered": _unordered,
    "not_filled": lambda values: f"no {values['entity']} has a value in {' or '.join(values['fields'])}",
    "outside": _said("{entity} was loaded for {first} to {last}"),
    "no_rows": _said("no rows for {input}"),
    "zeros": _zeros,
    "not_finite": _said("the formula has no finite value"),
    "no_target": _no_target,
    "several_targets": _several_targets,
    "target_not_above_zero": _said("the target of {kpi} is 0 or less"),
    "reached_not_above_zero": _said("what was reached of {kpi} is 0 or less"),
}
