"""What each of the two languages may say: its names, its functions, and what it lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from kpicore.errors import closest
from kpicore.language import typing
from kpicore.language.lexer import FUNCTIONS, NotInLanguage
from kpicore.model.codes import Codes
from kpicore.model.expressions import Name
from kpicore.model.schema import Type


@dataclass(frozen=True, slots=True)
class Language:
    """`kind` is what plain names are called ("field" or "input"); the mappings give the types of names."""

    kind: str
    plain: Mapping[str, Type]
    period: Mapping[str, Type]
    settings: Mapping[str, Type]
    functions: tuple[str, ...]
    given: Mapping[str, Type] = field(default_factory=lambda: MappingProxyType({}))
    """The fields as sources gave them, where a value is made from them at load: `given.closed_at`."""
    codes: Mapping[str, Codes] = field(default_factory=lambda: MappingProxyType({}))
    """The codes of the fields that have some."""

    @property
    def is_formula(self) -> bool:
        """Whether there are only numbers and conditions, and never a null."""
        return self.kind == "input"

    def name(self, namespace: str, name: str) -> Name:
        """Return the typed name. Raises NotInLanguage with the nearest known name."""
        spaces = {"": self.plain, "period": self.period, "setting": self.settings, "given": self.given}
        known = spaces.get(namespace)
        if known is None or (namespace == "given" and not known):
            raise NotInLanguage(f"no names '{namespace}.…'", "There are only 'period.…' and 'setting.…'.")
        if name not in known:
            raise self._unknown(namespace, name, known)
        type = known[name]
        if not self.is_formula:
            return Name(namespace, name, type)
        if type not in typing.NUMERIC:
            raise NotInLanguage(f"'{namespace}.{name}' is {typing.article(type)}, and a formula takes numbers only")
        return Name(namespace, name, Type.NUMBER)

    def _unknown(self, namespace: str, name: str, known: Collection[str]) -> NotInLanguage:
        prefix = f"{namespace}." if namespace else ""
        nearest = closest(name, known)
        listed = ", ".join(f"{prefix}{other}" for other in sorted(known)[:8]) + (", …" if len(known) > 8 else "")
        hint = f"Did you mean '{prefix}{nearest}'?" if nearest else f"Known: {listed}." if known else ""
        return NotInLanguage(f"no {namespace or self.kind} named '{prefix}{name}'", hint)


def row_language(
    columns: Mapping[str, Type],
    settings: Mapping[str, object],
    given: Mapping[str, Type] = MappingProxyType({}),
    codes: Mapping[str, Codes] = MappingProxyType({}),
    *,
    of_period: bool = True,
) -> Language:
    """Return the language of row expressions over these columns; `given` are those of which it may see both values."""
    period = dict.fromkeys(("start", "end", "as_of"), Type.DATE) if of_period else {}
    return Language("field", columns, period, _types(settings), FUNCTIONS, given, codes)


def formula_language(inputs: Collection[str], settings: Mapping[str, object]) -> Language:
    """Return the language of formulas. It has no coalesce: that would hide a zero denominator."""
    period = dict.fromkeys(("days", "years", "working_days", "working_days_elapsed"), Type.NUMBER)
    plain = dict.fromkeys(inputs, Type.NUMBER)
    return Language("input", plain, period, _types(settings), ("abs", "least", "greatest"))


def _types(settings: Mapping[str, object]) -> dict[str, Type]:
    """Return the types of settings; a list of values has none, and no expression names it."""
    return {name: _type(value) for name, value in settings.items() if not isinstance(value, tuple)}


def _type(value: object) -> Type:
    if isinstance(value, bool):
        return Type.BOOLEAN
    if isinstance(value, int):
        return Type.INTEGER
    if isinstance(value, float | Decimal):
        return Type.NUMBER
    return Type.DATE if isinstance(value, date) else Type.TEXT
