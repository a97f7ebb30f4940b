"""What may stand in a field of a record, read from its type hint: small functions that say whether a value fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import EnumType
from math import isfinite
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from kpicore.text.plain_text import value_shown

MAPPINGS = (dict, MappingProxyType)
"""The classes of mappings that a record takes: any other one may do anything when it is read."""

# 2**53: up to there a double holds every whole number, and cells and JavaScript have no others
_MOST_CHARACTERS, _MOST_OF_A_NAME, _MOST_PARTS, _MOST_WHOLE = 10_000, 255, 10_000, 2**53
# control characters but tab and newline, marks that turn text around, and halves of characters
_STEERING = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
_ID = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

_SAID: Mapping[str, str] = MappingProxyType(
    {
        "Aggregate": "count(…), total(…), …",
        "Standing": "standing(…)",
        "Per": "per(…)",
        "MetricValue": "metric(…)",
        "Earlier": "earlier(…)",
        "Target": "target(…)",
        "Unit": "a Unit such as COUNT",
    }
)
"""How records are called that people make by a function, or have ready."""

_Parts = Callable[[Any], Iterable[tuple[str, "FieldKind", Any]]]


def _no_parts(value: Any) -> tuple[()]:
    return ()


class FieldKind:
    """What may stand in a place: whether a value fits, what to call one and many.

    A text, tuple or dict of the kind has at most so many characters or `parts`; the latter, each with its place
    and its own kind, tell where in a value the mistake is.
    """

    __slots__ = ("fits", "is_tuple", "many", "most", "one", "parts")  # a dataclass takes 1 ms more of each command

    def __init__(
        self,
        fits: Callable[[Any], bool],
        one: str,
        many: str = "",
        most: int = 0,
        is_tuple: bool = False,
        parts: _Parts = _no_parts,
    ) -> None:
        self.fits, self.one, self.many = fits, one, many
        self.most, self.is_tuple, self.parts = most, is_tuple, parts

    def mistake(self, place: str, value: Any, show: Callable[[object], str] = value_shown) -> tuple[str, str]:
        """Return what is wrong with a value that does not fit, and what to write instead, "" where nobody knows.

        `show` gives the words for a value.
        """
        # from the outside in, so that ((1, "a"),) is told at [0][1] and not as a whole
        for inner, kind, part in self.parts(value):
            if not kind.fits(part):
                return kind.mistake(f"{place}{inner}", part, show)
        if type(value) in (str, tuple, *MAPPINGS) and len(value) > self.most > 0:
            return f"{place} is too long: {len(value):,} of at most {self.most:,} {_counted(value)}", ""
        if type(value) is str and self.most and _steers(value):
            return f"{place} has signs that steer a terminal: {show(value)}", ""
        return f"{place} is {self.one}, not {show(value)}", self._instead(value, show)

    def _instead(self, value: Any, show: Callable[[object], str]) -> str:
        if not self.is_tuple:
            return "Write dict(…)." if isinstance(value, Mapping) else ""
        if type(value) is str:
            return f"Write ({show(value)},)." if show is value_shown else "Write a tuple."
        return "Write tuple(…)." if isinstance(value, list | set | Iterator) else ""


def _steers(value: str) -> bool:
    """Whether there are signs that steer a terminal. To compile what they are takes 3 ms, which few texts need."""
    plain = value.replace("\n", " ").replace("\t", " ")
    return not plain.isprintable() and re.search(_STEERING, value) is not None


def _is_text(value: Any) -> bool:
    return type(value) is str and len(value) <= _MOST_CHARACTERS and (value.isprintable() or not _steers(value))


def _is_label(value: Any) -> bool:
    if not _is_one_line(value) or not value or value.strip() != value:
        return False
    return value.isprintable() or any(map(str.isprintable, value))


def _is_one_line(value: Any) -> bool:
    return type(value) is str and len(value) <= _MOST_OF_A_NAME and (value.isprintable() or _is_line(value))


def _is_line(value: str) -> bool:
    return not _steers(value) and "\n" not in value and "\t" not in value


def _is_id(value: Any) -> bool:
    return type(value) is str and len(value) <= _MOST_OF_A_NAME and _ID.fullmatch(value) is not None


def _is_language(value: Any) -> bool:
    return type(value) is str and len(value) <= _MOST_OF_A_NAME and _LANGUAGE.fullmatch(value) is not None


def _is_whole(value: Any) -> bool:
    # not `isinstance`: True is an int too, and an instance of a subclass may answer otherwise each time
    return type(value) is int and -_MOST_WHOLE <= value <= _MOST_WHOLE


def _is_number(value: Any) -> bool:
    return (type(value) is float and isfinite(value)) or _is_whole(value)


Line = Annotated[str, FieldKind(_is_one_line, "a text of one line", "texts of one line", _MOST_OF_A_NAME)]
"""A text of one line, of at most 255 characters."""

Label = Annotated[
    str, FieldKind(_is_label, "a name in one line, no blanks around", "names in one line", _MOST_OF_A_NAME)
]
"""A name for people, or an address: a line in which there is something to be seen, and no blanks around it."""

Id = Annotated[str, FieldKind(_is_id, "a text of lower-case letters, digits and underscores", "ids", _MOST_OF_A_NAME)]
"""A name that formulas, cells and tables can hold."""

Language = Annotated[str, FieldKind(_is_language, "a language such as 'de' or 'pt-br'", "languages", _MOST_OF_A_NAME)]
"""A language by its code in lower case."""

_SIMPLE: Mapping[Any, FieldKind] = MappingProxyType(
    {
        str: FieldKind(_is_text, "a text", "texts", _MOST_CHARACTERS),
        int: FieldKind(_is_whole, "a whole number", "whole numbers"),
        float: FieldKind(_is_number, "a number", "numbers"),
        bool: FieldKind(lambda value: type(value) is bool, "True or False"),
        date: FieldKind(lambda value: type(value) is date, "a day", "days"),
        NoneType: FieldKind(lambda value: value is None, "None"),
    }
)


def kind_of(hint: Any) -> FieldKind:
    """Return what a type hint lets stand. Raises TypeError for a hint that no record has."""
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        annotated: FieldKind = hint.__metadata__[0]
        return annotated
    if origin in (Union, UnionType):
        return _either([kind_of(option) for option in inner])
    if origin is tuple:
        return _tuple(kind_of(inner[0])) if inner[-1] is Ellipsis else _row([kind_of(part) for part in inner])
    if origin is Mapping:
        return _mapping(kind_of(inner[0]), kind_of(inner[1]))
    if origin is Callable:
        return FieldKind(callable, "a function", "functions")
    if isinstance(hint, EnumType):
        return FieldKind(lambda value: type(value) is hint, _or([*map(str, hint.__members__.values())]))
    if is_dataclass(hint):
        return _record(hint)  # type: ignore[arg-type]
    raise TypeError(f"no kind of value is told by {hint}")


def _record(cls: type) -> FieldKind:
    # A subclass can do anything, so it is no such record.
    name = cls.__name__
    noun = _SAID.get(name) or f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
    return FieldKind(lambda value: type(value) is cls, noun, _SAID.get(name) or f"{name}s")


def _either(kinds: list[FieldKind]) -> FieldKind:
    first, second, *more = [kind.fits for kind in kinds]

    def fits(value: Any) -> bool:
        return first(value) or second(value) or any(fits_one(value) for fits_one in more)

    def parts(value: Any) -> Iterator[tuple[str, FieldKind, Any]]:
        for kind in kinds:
            yield from kind.parts(value)

    options = [kind for kind in kinds if kind is not _SIMPLE[NoneType]]
    noun, many = _or([option.one for option in options]), _or([option.many or option.one for option in options])
    return FieldKind(fits, noun, many, max(kind.most for kind in kinds), any(kind.is_tuple for kind in kinds), parts)


def _tuple(part: FieldKind) -> FieldKind:
    inner = part.fits

    def fits(value: Any) -> bool:
        return type(value) is tuple and len(value) <= _MOST_PARTS and all(map(inner, value))

    def parts(value: Any) -> Iterator[tuple[str, FieldKind, Any]]:
        for place, item in enumerate(value if type(value) is tuple else ()):
            yield f"[{place}]", part, item

    noun = f"a tuple of {part.many or part.one}"
    return FieldKind(fits, noun, noun.replace("a tuple", "tuples", 1), _MOST_PARTS, True, parts)


def _row(kinds: list[FieldKind]) -> FieldKind:
    def fits(value: Any) -> bool:
        return (
            type(value) is tuple
            and len(value) == len(kinds)
            and all(k.fits(v) for k, v in zip(kinds, value, strict=True))
        )

    def parts(value: Any) -> Iterator[tuple[str, FieldKind, Any]]:
        if type(value) is tuple and len(value) == len(kinds):
            for place, (kind, item) in enumerate(zip(kinds, value, strict=True)):
                yield f"[{place}]", kind, item

    said = ", ".join(kind.one for kind in kinds)
    return FieldKind(fits, f"a tuple of {said}", f"tuples of {said}", is_tuple=True, parts=parts)


def _mapping(key: FieldKind, part: FieldKind) -> FieldKind:
    is_key, inner = key.fits, part.fits

    def fits(value: Any) -> bool:
        return (
            type(value) in MAPPINGS
            and len(value) <= _MOST_PARTS
            and all(map(is_key, value))
            and all(map(inner, value.values()))
        )

    def parts(value: Any) -> Iterator[tuple[str, FieldKind, Any]]:
        for name, item in value.items() if type(value) in MAPPINGS else ():
            yield " key", key, name
            yield f"[{value_shown(name)}]", part, item

    noun = f"a dict of {part.many or part.one}"
    return FieldKind(fits, noun, noun.replace("a dict", "dicts", 1), _MOST_PARTS, parts=parts)


def _counted(value: Any) -> str:
    return "characters" if type(value) is str else "parts"


def _or(words: list[str]) -> str:
    """Return alternatives as one says them: "a, b or c"."""
    words = list(dict.fromkeys(words))
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
