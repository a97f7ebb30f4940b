"""The inputs of a metric as tables: `{ count = "loan", when = "lent_on" }` is `count("loan", …)`."""

from __future__ import annotations

from kpicore.definitions.toml_tables import TomlTable
from kpicore.model.inputs import (
    MIDDLE,
    STEPS,
    Aggregate,
    At,
    Earlier,
    Input,
    MetricValue,
    Per,
    Standing,
    Target,
    is_step,
)

_CUT = ("when", "where", "regardless_of")
WORDS: dict[str, tuple[str, ...]] = {
    "count": (*_CUT, "expects"),
    "total": ("value", *_CUT, "expects"),
    "distinct": ("value", *_CUT),
    "average": ("value", *_CUT),
    "median": ("value", *_CUT),
    "percentile": ("value", "share", *_CUT),
    "latest": ("value", "when", "where"),
    "earliest": ("value", "when", "where"),
    "standing": ("value", "since", "until", "at", "where", "regardless_of"),
    "metric": (),
    "earlier": ("step",),
    "target": (),
}
"""The words an input begins with, and the keys that each takes."""

_AT = {at.value: at for at in At}


def input_of(table: TomlTable) -> Input:
    """Return the input that a table says. Raises DefinitionRefused."""
    word = _word(table, WORDS)
    match word:
        case "metric":
            return MetricValue(table.needed(word, '"loans"'))
        case "target":
            return Target(table.needed(word, '"loans"'))
        case "earlier":
            step = table.text("step")
            if not step:
                table.refuse("step", "it needs a 'step'", 'Write step = "previous", "year" or "3 months".')
            if not is_step(step):
                table.unknown("step", "step", step, (*STEPS, "3 months"))
            return Earlier(table.needed(word, '"loans"'), step)
        case "standing":
            return _standing(table)
        case _:
            return aggregate_of(word, table)


def _word(table: TomlTable, words: dict[str, tuple[str, ...]]) -> str:
    present = [word for word in words if word in table.values]
    if len(present) != 1:
        table.only({*words, *(key for keys in words.values() for key in keys)}, "an input")
        what = f"an input has one of these words, not {' and '.join(present)}" if present else "an input needs one word"
        table.refuse(present[1] if present else "", what, f"The words: {', '.join(words)}.")
    table.only((present[0], *words[present[0]]), f"an input with '{present[0]}'")
    return present[0]


def _standing(table: TomlTable) -> Standing:
    return Standing(
        table.needed("standing", '"loan"'),
        table.needed("since", '"active_from"'),
        table.needed("until", '"active_to"'),
        table.text("value"),
        table.choice("at", _AT) or At.END,
        table.text("where"),
        table.texts("regardless_of"),
    )


def aggregate_of(word: str, table: TomlTable) -> Aggregate:
    """Return the aggregate that begins with the word. Raises DefinitionRefused."""
    entity = _rows(word, table)
    value = table.needed("value", '"amount"') if "value" in WORDS[word] else ""
    when = table.needed("when", '"closed_on"') if word in ("latest", "earliest") else table.text("when")
    return Aggregate(
        # a median is the percentile of share one half, and no word of its own in the records
        "percentile" if word == "median" else word,
        entity,
        value,
        when,
        table.text("where"),
        MIDDLE if word == "median" else _share(table) if word == "percentile" else 0.0,
        table.texts("regardless_of"),
        _expected(table.table("expects")),
    )


def _rows(word: str, table: TomlTable) -> str | Per:
    """Return the entity, or the rows per key: `{ per = "reader_id", of = { count = "loan" } }`."""
    if not isinstance(table.values[word], dict):
        return table.needed(word, '"loan"')
    per = table.table(word)
    per.only(("per", "of"), "rows per key")
    key = per.needed("per", '"reader_id"')
    inner = per.table("of")
    if not inner.values:
        per.refuse("of", "it needs an 'of'", 'Write of = { count = "loan", when = "lent_on" }.')
    per_key = input_of(inner)
    # a Standing has no rows per key, and its `entity` is a text
    if not isinstance(per_key, Aggregate | Standing) or isinstance(getattr(per_key, "entity", ""), Per):
        per.refuse("of", "rows per key are of one aggregate over an entity, one level deep")
    return Per(key, per_key)


def _share(table: TomlTable) -> float:
    share = table.number("share")
    if share is None or not 0 <= share <= 1:
        table.refuse("share", "a percentile needs a 'share' from 0 to 1", "Write share = 0.9 for the 90th.")
    return float(share)


def _expected(table: TomlTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((value, table.texts(value)) for value in table.values)
