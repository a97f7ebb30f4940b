"""TOML that people write: its text and what it holds, or in one line why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kpicore.errors import BadConfig


def toml_text(file: Path) -> str:
    """Return the text of a file, without a byte order mark.

    Raises: BadConfig for one that cannot be read, FileNotFoundError where there is none.
    """
    try:
        return file.read_text(encoding="utf-8-sig")  # Notepad writes a byte order mark
    except FileNotFoundError:
        raise
    except UnicodeDecodeError:
        raise BadConfig(file, "it is not UTF-8 text") from None
    except OSError as error:
        raise BadConfig(file, error.strerror or str(error)) from None
    except ValueError:  # a sign that no path has
        raise BadConfig(file, "is no path") from None


def toml_document(text: str, place: object) -> dict[str, Any]:
    """Return what a text holds. Raises BadConfig naming the `place`, and the line where it is no TOML."""
    import tomllib  # 4 ms that `kpi --help` need not wait for

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(place, str(error)) from None
    except ValueError:
        raise BadConfig(place, "it has a number of thousands of digits") from None
    except RecursionError:
        raise BadConfig(place, "it is nested too deep") from None


def given_twice(error: BadConfig, text: str) -> tuple[int, str] | None:
    """Return the line and the key where a text gives a key again, None where that is not what is wrong with it."""
    # the parser tells neither the key nor by a class what it is
    twice = re.search(r"Cannot overwrite a value \(at line (\d+)", error.message)
    if twice is None:
        return None
    return int(twice[1]), text.splitlines()[int(twice[1]) - 1].partition("=")[0].strip()
