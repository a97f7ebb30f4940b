"""The add-in's picture, three rising bars, drawn as PNG in the sizes that Office asks for."""

from __future__ import annotations

import struct
import zlib

SIZES = (16, 32, 64, 80)
_BAR, _LAST, _NONE = bytes((31, 119, 180, 255)), bytes((44, 160, 44, 255)), bytes(4)
_BARS = ((0.06, 0.30, 0.55, _BAR), (0.38, 0.62, 0.32, _BAR), (0.70, 0.94, 0.06, _LAST))
"""Left, right and top of each bar as fractions of the size, and its colour."""


def icon(size: int) -> bytes:
    """Return the picture as PNG, `size` pixels wide and high."""
    rows = []
    for y in range(size):
        pixels = (_pixel((x + 0.5) / size, (y + 0.5) / size) for x in range(size))
        rows.append(b"\0" + b"".join(pixels))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _pixel(x: float, y: float) -> bytes:
    for left, right, top, colour in _BARS:
        if left <= x < right and top <= y < 0.94:
            return colour
    return _NONE


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
