"""Every error a user can meet.

    KpiError                    one clear line: what, where, what to do
    ├── UnknownName             a name that does not exist, with "did you mean"
    ├── BadBuild                a derived entity whose plugin fails to make its rows
    ├── BadDefinition           a metric, field or entity that cannot be
    │   ├── BadExpression       its formula or row expression does not parse or type-check
    │   └── UnreadDefinitions   a file of definitions that is wrong as a whole
    ├── BadPeriod               a period that cannot be read, or is ambiguous
    ├── BadCut                  a filter that cannot be read, or whose dimension an input lacks
    ├── BadArgument             any other argument of a question, command or calculator
    │   └── NoValue             a calculator that has no value for its numbers
    ├── BadFile                 a file that cannot be imported
    ├── BadConfig               kpi.toml or a mapping that cannot be read
    ├── UnknownWords            rows of which none could count, as no word in a field is known
    ├── TooMuchLost             a run of a source that would take out or empty more rows than it may
    ├── RowsReplaced            a run of a source that would make other rows of most that it shares ids with
    ├── RowsGivenAlready        a new stream whose rows another stream of the source has given already
    ├── OtherIdentity           a stream whose rows are told apart otherwise than those that it gave before
    ├── WarehouseError          a warehouse that cannot be read or written: locked, corrupt, newer, disk full
    │   └── NothingLoaded       there is none yet
    ├── MissingDependency       an optional package that is not installed
    └── Defect                  what nobody foresaw, while one of many things was answered

Where many places refuse the same thing the class builds the line from facts: a name and those known, what to install.
Elsewhere the place that refuses writes what is wrong, and most classes put before it where that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self

from kpicore.text.plain_text import one_line, said, shortened

if TYPE_CHECKING:
    from kpicore.text.nearest import KnownNames

_LONGEST_EXAMPLE = 60
_MOST = 1000
"""Characters of a message: a name or a cell that is longer is shown by its ends."""

_LOG = "Who runs the server finds the reason in its log."
_UNREADABLE = f"The workspace cannot be read just now. {_LOG}"


class KpiError(Exception):
    """One clear line for the user: what, where, and what to do. Signs that steer a terminal are shown, not sent.

    `input` names the input of a definition that it is about, "" where it is about none. `general` are the words for
    strangers of a class whose line is for who runs the workspace: it may hold paths, lines of files, names of plugins.
    """

    input = ""
    general = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = _shown(message).rstrip()
        self.hint = _shown(hint)
        super().__init__(f"{self.message} {self.hint}".rstrip())

    @property
    def public(self) -> str:
        """What a stranger may read."""
        return self.general or str(self)

    def anew(self) -> Self:
        """Return the same error, never raised: a traceback or a context would keep alive what was asked."""
        # not by __init__, which takes other facts in each class: what it made of them is taken over
        error = type(self).__new__(type(self), *self.args)
        error.__dict__.update(self.__dict__)
        return error


def _shown(text: str) -> str:
    """Return a text that may have megabytes as one line of a message."""
    # before, as one_line goes through all of it; after, as signs that it shows take more room than they did
    return shortened(one_line(shortened(text, _MOST)), _MOST)


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to `name`, ignoring case, or None."""
    from kpicore.text.nearest import KnownNames  # which only mistakes need

    return KnownNames(known).closest(name)


def _sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends with a question ("Did you mean …?")."""
    return text if text.endswith((".", "?")) else f"{text}."


class UnknownName(KpiError):
    """A name that does not exist; the message proposes the nearest one, or the one that is `meant`."""

    def __init__(
        self, kind: str, name: str, known: Iterable[str] | KnownNames, *, where: str = "", meant: str = ""
    ) -> None:
        from kpicore.text.nearest import KnownNames  # as above

        names = known if isinstance(known, KnownNames) else KnownNames(known)
        self.kind, self.name, self.known = kind, name, names.all
        nearest = meant or names.closest(name)
        place = f" in {where}" if where else ""
        hint = f"Did you mean '{nearest}'?" if nearest else f"Known: {names.first}." if names.all else ""
        super().__init__(f"no {kind} named '{name}'{place}.", hint=hint)


class BadBuild(KpiError):
    """A derived entity that cannot be made, as the code of its plugin fails; the load does without it."""

    def __init__(self, entity: str, problem: str) -> None:
        self.entity, self.problem = entity, problem
        super().__init__(_sentence(f"derived entity '{entity}': {problem}"))


class BadDefinition(KpiError):
    """A metric, field or entity that cannot be; `where` names it."""

    general = f"This KPI is defined wrongly here. {_LOG}"

    def __init__(self, where: str, problem: str, *, hint: str = "") -> None:
        self.where, self.problem = where, problem
        super().__init__(_sentence(f"{where}: {problem}"), hint=hint)


class BadExpression(BadDefinition):
    """A formula or row expression that does not parse or does not type-check."""

    def __init__(self, text: str, problem: str, *, where: str = "", hint: str = "") -> None:
        self.text = text
        shown = text if len(text) <= 80 else text[:77] + "..."
        super().__init__(where or "expression", f"cannot read '{shown}': {problem}", hint=hint)


class UnreadDefinitions(BadDefinition):
    """A file of definitions that is wrong as a whole: nobody knows what it was to say about any KPI."""

    general = f"The definitions of this workspace cannot be read just now. {_LOG}"


class BadPeriod(KpiError):
    """A period that cannot be read, or that has two readings."""

    def __init__(self, text: object, problem: str, *, hint: str = "") -> None:
        self.text = text
        hint = hint or "Write 2026, 2026-Q3, 2026-03, 2026-W12, 2026-03-14, FY2026-Q1 or 2026-01-10..2026-02-09."
        super().__init__(f"period '{text}': {problem}.", hint=hint)


class BadCut(KpiError):
    """A filter that cannot be read, or by a dimension that an input of the metric lacks."""


class BadArgument(KpiError):
    """Any other argument of a question, a command or a calculator."""


class NoValue(BadArgument):
    """A calculator that has no value for its numbers; `reason` as an answer tells it: "zero_denominator"."""

    def __init__(self, message: str, reason: str) -> None:
        self.reason = reason
        super().__init__(message)


class BadFile(KpiError):
    """A file that cannot be imported; `path` as the user gave it."""

    general = _UNREADABLE

    def __init__(self, path: object, problem: str, *, hint: str = "") -> None:
        self.path = path
        super().__init__(_sentence(f"{path}: {problem}"), hint=hint)


class BadConfig(KpiError):
    """A configuration or mapping file that cannot be read; `place` is file and key or line."""

    general = _UNREADABLE

    def __init__(self, place: object, problem: str, *, hint: str = "") -> None:
        self.place = place
        super().__init__(_sentence(f"{place}: {problem}"), hint=hint)


class UnknownWords(KpiError):
    """Rows of an entity that all have a word in a field which is none of its codes, so that none of them could count.

    `words` are these with their numbers of rows, `codes` what they could mean.
    """

    general = _UNREADABLE

    def __init__(self, entity: str, field: str, words: Sequence[tuple[str, int]], codes: Sequence[str]) -> None:
        self.entity, self.field, self.words, self.codes = entity, field, tuple(words), tuple(codes)
        shown = ", ".join(f"'{word[:40]}' ({rows:,})" for word, rows in self.words[:8])
        more = f" and {len(self.words) - 8:,} more" if len(self.words) > 8 else ""
        example = f'[words.{entity}.{field}] "{self.words[0][0][:40]}" = "{self.codes[0]}"'
        super().__init__(
            f"{entity}.{field}: nothing was loaded, as no row has a known {field.replace('_', ' ')}: {shown}{more}.",
            hint=f"Write what the words mean into kpi.toml, like {example}; one of {', '.join(self.codes)}.",
        )


class TooMuchLost(KpiError):
    """A run of a source that would lose more rows or values than it may: of `of` rows so many `gone`, or `emptied`.

    `examples` name some of those that would go.
    """

    def __init__(self, gone: int, emptied: int, of: int, examples: Sequence[str] = ()) -> None:
        self.gone, self.emptied, self.of = gone, emptied, of
        named = ", ".join(shortened(name, _LONGEST_EXAMPLE) for name in examples)
        more = ", …" if gone > len(examples) else ""
        would = [f"{gone:,} would go" + (f" ({named}{more})" if named else "")] if gone else []
        would += [f"{emptied:,} would lose a value"] if emptied else []
        super().__init__(
            f"of the {of:,} rows that it gave before {' and '.join(would)}.", hint="Nothing of it was loaded."
        )


class RowsReplaced(KpiError):
    """A run of a source by which most rows that have the ids of known ones would be others, as those of an account."""

    def __init__(self, rows: int, of: int, example: str) -> None:
        self.rows, self.of, self.example = rows, of, example
        super().__init__(
            f"{rows:,} of the {of:,} rows whose ids are known would become other rows"
            f" ({shortened(example, _LONGEST_EXAMPLE)}).",
            hint="Nothing of it was loaded.",
        )


class RowsGivenAlready(KpiError):
    """A first run of a stream of whose rows another stream of the source has given most already, under other ids."""

    def __init__(self, rows: int, of: int, stream: str) -> None:
        self.rows, self.of, self.stream = rows, of, stream
        super().__init__(
            f"{rows:,} of its {of:,} rows are there already, given as '{stream}', and would be there twice.",
            hint="Nothing of it was loaded.",
        )


class OtherIdentity(KpiError):
    """A run of a stream whose rows are told apart otherwise than before, and whose earlier deliveries are kept."""

    def __init__(self, stream: str) -> None:
        super().__init__(
            f"the rows of '{stream}' are told apart otherwise than before, by another id, entity or source.",
            hint="Run kpi remake, which reads again what was loaded, and then this again. Nothing of it was loaded.",
        )


class WarehouseError(KpiError):
    """The warehouse cannot be opened, read or written."""

    general = _UNREADABLE


class NothingLoaded(WarehouseError):
    """The workspace has no data yet."""

    general = "Nothing has been loaded into this workspace yet."


class MissingDependency(KpiError):
    """An optional package is not installed: one of an extra of kpicore's, or with "" one that goes by itself."""

    general = _UNREADABLE

    def __init__(self, package: str, extra: str = "") -> None:
        wanted = f"'kpicore[{extra}]'" if extra else package
        super().__init__(f"'{package}' is not installed.", hint=f"Run: pip install {wanted}")


class Defect(KpiError):
    """What nobody foresaw, ours or a plugin's, while one of many things was answered: the others are all the same."""

    general = "Internal error of the server. Who runs it finds one line about it in its log."

    def __init__(self, error: Exception) -> None:
        super().__init__(f"internal error, {type(error).__name__}: {said(error)}")
