"""Small changes to a valid file, as transfers, editors and old programs make them."""

from __future__ import annotations

from random import Random

_PIECES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\t", b" ", b"\x1a", b"\x0b", b"\x85",
    b'"', b'""', b"'", b",", b";", b"|", b"\\", b"=", b"#", b"[", b"]", b"{", b"}", b"..", b"-", b"--", b"%",
    b"\xc3", b"\xe4", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"9" * 400, b"1e400", b"nan", b"-inf", b"true", b"null",
    b"9999-99-99", b"0000-00-00", b"=1+1", b"N/A", b"x" * 3000,
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-8-sig", "cp037", "utf-7", "shift_jis")


def mutated(given: bytes, chance: Random, most: int = 4) -> bytes:
    """Return the bytes with one to `most` changes."""
    for _ in range(chance.randint(1, most)):
        given = chance.choice(_CHANGES)(given, chance)
    return given


def _cut_short(given: bytes, chance: Random) -> bytes:
    return given[: chance.randint(0, len(given))]


def _inserted(given: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(given))
    return given[:at] + chance.choice(_PIECES) + given[at:]


def _replaced(given: bytes, chance: Random) -> bytes:
    at, long = chance.randint(0, len(given)), chance.randint(1, 8)
    return given[:at] + chance.choice(_PIECES) + given[at + long :]


def _flipped(given: bytes, chance: Random) -> bytes:
    if not given:
        return given
    at = chance.randrange(len(given))
    return given[:at] + bytes([given[at] ^ 1 << chance.randrange(8)]) + given[at + 1 :]


def _removed(given: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(given))
    return given[:start] + given[start + chance.randint(1, 40) :]


def _repeated(given: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(given))
    piece = given[start : start + chance.randint(1, 200)]
    return given[:start] + piece * chance.choice((2, 3, 50)) + given[start:]


def _moved_line(given: bytes, chance: Random) -> bytes:
    lines = given.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _other_ends(given: bytes, chance: Random) -> bytes:
    lines = given.split(b"\n")
    return b"".join(line + chance.choice((b"\n", b"\r\n", b"\r", b"\n\n", b"\n\r")) for line in lines)


def _other_encoding(given: bytes, chance: Random) -> bytes:
    return given.decode("utf-8", errors="replace").encode(chance.choice(_ENCODINGS), errors="replace")


_CHANGES = (
    _cut_short,
    _inserted,
    _inserted,
    _inserted,
    _replaced,
    _replaced,
    _flipped,
    _removed,
    _repeated,
    _moved_line,
    _other_ends,
    _other_encoding,
)
