"""A picture of nobody for a file of the practice office: a head and shoulders on a plain ground, as a PNG."""

from __future__ import annotations

import struct
import zlib

_WIDTH, _HEIGHT = 240, 300
_GROUND, _FIGURE = b"\xdf\xe6\xee", b"\x6b\x7f\x95"


def sample_photo() -> bytes:
    """The bytes of the file."""
    rows = b"".join(
        b"\0" + b"".join(_FIGURE if _is_figure(x, y) else _GROUND for x in range(_WIDTH))
        for y in range(_HEIGHT)
    )
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)


def _is_figure(x: int, y: int) -> bool:
    across = x - _WIDTH // 2
    is_head = across**2 + (y - 115) ** 2 < 55**2
    return is_head or (across / 95) ** 2 + ((y - 300) / 110) ** 2 < 1


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
