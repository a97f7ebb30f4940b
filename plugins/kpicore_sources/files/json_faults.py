"""What is wrong with a JSON file that cannot be read, and in which line."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kpicore import BadFile

HINT = "Give one object a row, whose keys are the columns: one a line, or all in one list."
_LOOKED_AT = 64 * 2**20
"""How much of a file is searched for the place."""
_DEEPEST = 128
# possessive (*+): a text that nothing closes is given up at once, without going back sign by sign
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{\]}]', re.DOTALL)
_BLANK = re.compile(r"\s*")
_KINDS = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}


class _TwiceError(ValueError):
    """A key that an object has twice."""


def fault(path: Path, text: Path, message: str) -> BadFile:
    """Return what is wrong with `path`, whose content is in `text`; `message` is what the database says of it."""
    with text.open("rb") as file:
        data = file.read(_LOOKED_AT)
    if "recursion depth" in message:
        return _deep(path, data)
    try:
        deque(_values(data.decode("utf-8-sig")), maxlen=0)
    except UnicodeDecodeError as error:
        problem = f"line {data.count(10, 0, error.start) + 1:,} holds bytes that are not UTF-8"
        return BadFile(path, problem, hint="Save it as UTF-8.")
    except json.JSONDecodeError as error:
        if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated"):
            return BadFile(
                path, f"is cut short: line {error.lineno:,}, its last, is not whole", hint="Export it again."
            )
        return BadFile(path, f"line {error.lineno:,} is no JSON: {error.msg}", hint="Export it again.")
    except _TwiceError as error:
        return BadFile(path, f"an object has the key '{error}' twice", hint="Leave one of them out.")
    except RecursionError:
        return _deep(path, data)
    return BadFile(path, f"cannot be read as JSON ({message})")


def no_object(text: Path) -> str:
    """Return which value is no object with named keys, or "" where none is."""
    with text.open("rb") as file:
        data = file.read(_LOOKED_AT)
    for line, value in _values(data.decode("utf-8-sig", errors="replace")):
        if value == []:
            return "holds no rows"
        items = value if isinstance(value, list) and any(isinstance(item, dict) for item in value) else [value]
        for item in items:
            if not isinstance(item, dict):
                return f"line {line:,} holds {_KINDS.get(type(item), 'null')} where a row has to be an object"
            if "" in item or not item:
                return f"line {line:,} holds an object " + ("without keys" if not item else "with a key without a name")
    return ""


def _deep(path: Path, data: bytes) -> BadFile:
    depth, place = 0, ""
    for token in _TOKEN.finditer(data):
        depth += token[0] in (b"[", b"{")
        depth -= token[0] in (b"]", b"}")
        if depth > _DEEPEST:
            place = f"line {data.count(10, 0, token.start()) + 1:,} "
            break
    problem = f"{place}nests lists and objects more than {_DEEPEST} deep"
    return BadFile(path, problem, hint="Leave out the keys that hold them.")


def _values(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the line and the content of each value that stands for itself. Raises ValueError, RecursionError."""
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    at, line, counted = 0, 1, 0
    while (at := _BLANK.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        line, counted = line + text.count("\n", counted, at), at
        value, at = decoder.raw_decode(text, at)
        yield line, value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return record
