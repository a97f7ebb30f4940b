"""Recorded answers of Google, asked again of the emulator: which are equal, and which differ for a reason.

The recordings are those of gspread's own tests. `python -m tests.sheets.recordings` writes the page about them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kpicore.testing.sheets import ACCOUNT, Emulator

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "sheets-recordings.md"

TIMES = "the times of files are those of the day of the recording"


@dataclass(frozen=True, slots=True)
class Interaction:
    """One request as it was sent to Google, and what Google said."""

    method: str
    path: str
    body: bytes
    status: int
    answer: Any


@dataclass
class Replay:
    """What became of the interactions of one recording."""

    name: str
    equal: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.equal + self.reasons.total() + len(self.unknown) + len(self.wrong)


def interactions(file: Path) -> list[Interaction]:
    """Return the interactions of a recording."""
    recorded = json.loads(file.read_text(encoding="utf-8"))["interactions"]
    return [_interaction(given["request"], given["response"]) for given in recorded]


def _interaction(request: Any, response: Any) -> Interaction:
    parts = urlsplit(request["uri"])
    text = response["body"]["string"]
    body = (request["body"] or "").encode()
    answer = json.loads(text) if text.strip() else None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Interaction(request["method"], path, body, response["status"]["code"], answer)


def replay(file: Path) -> Replay:
    """Ask the emulator what Google was asked, with the ids that Google gave."""
    recorded, result = interactions(file), Replay(file.stem)
    emulator = Emulator(ids=iter(list(_ids(recorded))), file_ids=iter(_file_ids(recorded)), account=_account(recorded))
    for given in recorded:
        if given.status == 403:
            emulator.add(given.path.split("/")[3].partition("?")[0], shared=False)
    for number, given in enumerate(recorded):
        status, _, body = emulator.handle(given.method, given.path, {}, given.body)
        _compare(result, f"{number} {given.method} {given.path}", given, status, json.loads(body) if body else None)
    return result


def _compare(result: Replay, name: str, given: Interaction, status: int, answer: Any) -> None:
    if status == 501:
        result.unknown.append(name)
    elif (status, answer) == (given.status, given.answer):
        result.equal += 1
    elif status == given.status and _without_times(answer) == _without_times(given.answer):
        result.reasons[TIMES] += 1
    else:
        result.wrong.append(
            f"{name}: {status} {json.dumps(answer)} instead of {given.status} {json.dumps(given.answer)}"
        )


def _without_times(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return answer
    return {name: name if name in ("createdTime", "modifiedTime") else value for name, value in answer.items()}


def _ids(recorded: list[Interaction]) -> Iterator[int]:
    """Yield the ids that Google gave to new things, in their order."""
    for given in recorded:
        for reply in (given.answer or {}).get("replies", ()):
            for content in reply.values():
                for thing in content.values():
                    yield from (int(thing[name]) for name in _ID_NAMES if name in thing)


_ID_NAMES = ("namedRangeId", "sheetId", "protectedRangeId")


def _file_ids(recorded: list[Interaction]) -> list[str]:
    return [given.answer["id"] for given in recorded if given.method == "POST" and given.path.startswith("/drive/")]


def _account(recorded: list[Interaction]) -> str:
    """Return who asked: the answers about protected ranges tell."""
    for given in recorded:
        for tab in (given.answer or {}).get("sheets", ()):
            for protected in tab.get("protectedRanges", ()):
                return str(protected["editors"]["users"][0])
    return ACCOUNT


def replays(folder: Path) -> list[Replay]:
    """Return what became of all recordings of a folder."""
    return [replay(file) for file in sorted(folder.glob("*.json"))]


def page(results: list[Replay]) -> str:
    """Return the page about recordings."""
    lines = [
        "# What Google answered, and the emulator",
        "",
        f"{len(results)} recordings of real answers of Google, from the tests of gspread, asked again of the emulator",
        "of `kpicore.testing.sheets`, with the ids that Google gave. Answers are equal when all of their JSON is.",
        "Written by `python -m tests.sheets.recordings FOLDER`; tests keep it true where the recordings are.",
        "",
        "Google was never seen to write typed cells (`updateCells`), keep developer metadata, move what stands on rows",
        "that are inserted or moved, paste, draw charts, or refuse but as in here: there the emulator follows the",
        "documentation.",
        "",
        "| recording | requests | equal | differ for a reason | not known (501) | wrong |",
        "|---|---:|---:|---:|---:|---:|",
        *(_line(result) for result in results),
        _total(results),
        "",
        "The reasons:",
        "",
        *(f"- {reason} ({count})" for reason, count in _reasons(results).items()),
        "",
    ]
    return "\n".join(lines)


def _line(result: Replay) -> str:
    counts = (result.count, result.equal, result.reasons.total(), len(result.unknown), len(result.wrong))
    return f"| {result.name} | {' | '.join(map(str, counts))} |"


def _total(results: list[Replay]) -> str:
    total = Replay("**all**")
    for result in results:
        total.equal += result.equal
        total.reasons += result.reasons
        total.unknown += result.unknown
        total.wrong += result.wrong
    return _line(total)


def _reasons(results: list[Replay]) -> Counter[str]:
    return sum((result.reasons for result in results), Counter[str]())


if __name__ == "__main__":
    PAGE.write_text(page(replays(Path(sys.argv[1]))), encoding="utf-8")
