"""The letters of a text file: which encoding it is in, and a copy in UTF-8 where it is another."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from kpicore import BadFile
from kpicore_sources.files.letters import languages_needed

# UTF-32 before UTF-16: FF FE 00 00 begins with FF FE
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = ("cp1252", "cp1250", "cp1251", "gb18030", "shift_jis", "big5", "euc_kr", "cp1253", "cp1254", "iso8859_2")
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_LINES = 2000
"""So many broken lines tell which encoding it is."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding's name, why it was chosen, and the others that fit as well (then it is not certain)."""

    name: str
    why: str
    rivals: tuple[tuple[str, str], ...] = ()


def encoding_of(path: Path) -> Encoding:
    """Return the encoding of a text file.

    Raises: BadFile for a file that is empty or no text.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if not start.strip(b"\x00\t\r\n "):
        raise BadFile(path, "is empty", hint="Export it again.")
    for mark, name in MARKS:
        if start.startswith(mark):
            return Encoding(name, "byte order mark")
    if b"\x00" in start:
        return _without_mark(path, start)
    lines, broken, high = _utf8_problems(path)
    if not high:
        return Encoding("utf-8", "plain ASCII")
    # Another encoding breaks nearly every such line; a few broken ones were cut or pasted into UTF-8.
    if broken * 100 <= high:
        return Encoding("utf-8", f"{high:,} lines are valid UTF-8, {broken:,} are not" if broken else "valid UTF-8")
    return _legacy(path, lines)


def kept_encoding(path: Path, name: str) -> Encoding:
    """Return the encoding that a mapping gives a file, or that of the mark which the file begins with.

    Raises: BadFile for a file without a mark whose letters are valid UTF-8, where the mapping says another.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((own for mark, own in MARKS if start.startswith(mark)), "")
    if marked:
        return Encoding(marked, "byte order mark")
    try:
        is_utf8 = codecs.lookup(name).name == "utf-8"
    except LookupError:
        raise BadFile(path, f"its mapping says encoding = '{name}', and no encoding is named so") from None
    if not is_utf8:
        _, broken, high = _utf8_problems(path)
        if high and not broken:
            hint = "Take encoding out of its mapping; where it is that one all the same, save the file as UTF-8."
            raise BadFile(path, f"is valid UTF-8, and its mapping says {name}", hint=hint)
    return Encoding(name, "by the mapping")


def utf8_copy(path: Path, encoding: Encoding, target: Path) -> Path:
    """Return a path to the text in UTF-8: the file itself where it is, else a copy at `target`.

    Bytes that the encoding does not know become U+FFFD, which the reader tells as unreadable.
    """
    # "are not" is what `encoding_of` says of a file with a few broken lines, which needs a copy too
    if encoding.name == "utf-8" and "are not" not in encoding.why:
        return path
    with (
        path.open("r", encoding=encoding.name, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while piece := source.read(_CHUNK):
            copy.write(piece)
    return target


def copy_with_equal_ends(text: Path, copy: Path) -> None:
    """Copy a text in UTF-8, whose lines may end in several ways, so that they end in one."""
    with text.open(encoding="utf-8") as source, copy.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(source)


def _without_mark(path: Path, start: bytes) -> Encoding:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    # Letters of Latin scripts have a zero beside them in UTF-16: before them or behind, by the order of its bytes.
    half = len(start) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return Encoding("utf-16-le", "every second byte is zero")
    if even > 0.4 * half and odd < 0.05 * half:
        return Encoding("utf-16-be", "every first byte is zero")
    raise BadFile(path, "is binary, not text", hint="Give CSV, XLSX, ODS, Parquet or JSON lines.")


def _utf8_problems(path: Path) -> tuple[list[bytes], int, int]:
    """Return the first lines that are not UTF-8, how many there are, and the number of lines beyond ASCII."""
    first: list[bytes] = []
    broken = high = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK * 8):
            # to the end of the line, so that no letter of several bytes is cut in two
            piece += file.readline()
            if piece.isascii():
                continue
            lines = [line for line in piece.splitlines() if not line.isascii()]
            high += len(lines)
            try:
                piece.decode("utf-8")
            except UnicodeDecodeError:
                bad = [line for line in lines if not _decodes(line, "utf-8")]
                broken += len(bad)
                first += bad[: _LINES - len(first)]
    return first, broken, high


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _legacy(path: Path, lines: list[bytes]) -> Encoding:
    import charset_normalizer

    sample = b"\n".join(lines)[:_SAMPLE]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if controls > len(sample) / 50:
        raise BadFile(path, "is binary, not text", hint="Give CSV, XLSX, ODS, Parquet or JSON lines.")
    matches = list(charset_normalizer.from_bytes(sample, cp_isolation=list(LEGACY), threshold=0.6))
    if not matches:
        raise BadFile(path, "is in no encoding that can be told", hint="Save it as UTF-8.")
    # So close in chaos they are told apart by their letters; so close in coherence, only by a person.
    likely = [match for match in matches if match.chaos <= matches[0].chaos + 0.01]
    readings = {str(match): match.encoding for match in reversed(likely)}
    rank = {str(match): (languages_needed(str(match)), -match.coherence) for match in likely}
    best, *others = sorted(readings, key=lambda text: rank[text])
    close = [text for text in others if rank[text][0] == rank[best][0] and rank[text][1] - rank[best][1] < 0.15]
    rivals = tuple((readings[text], _first_difference(text, best)) for text in close)
    shown = _first_difference(best, others[0]) if rivals else _first_line(best)
    return Encoding(readings[best], f"reads as {shown!r}", rivals)


def _first_difference(text: str, other: str) -> str:
    pairs = zip(text.splitlines(), other.splitlines(), strict=False)
    return next((one.strip()[:60] for one, two in pairs if one != two), _first_line(text))


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:60]
