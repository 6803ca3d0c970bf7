"""Paints flat shapes with smooth edges and writes them as PNG."""

import math
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import sub
from typing import Final

WIDTH, HEIGHT = 480, 300
FINE: Final = 3
"""Dots to a pixel in each direction while painting: what makes the edges smooth."""

_ROUND: Final = 48
"""Corners of a disc."""

_BYTES: Final = range(256)
"""By what one byte differs from another: counted from the end, -1 is 255."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A convex shape in one colour, its corners in pixels from the upper left."""

    colour: str
    corners: tuple[Point, ...]


def box(colour: str, x: float, y: float, wide: float, high: float) -> Shape:
    """An upright rectangle by its upper left corner."""
    return Shape(colour, ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high)))


def slope(colour: str, *corners: Point) -> Shape:
    """A shape by its corners, in order."""
    return Shape(colour, corners)


def disc(colour: str, x: float, y: float, across: float, down: float = 0.0) -> Shape:
    """A circle, or an ellipse with another radius downwards."""
    turns = [2 * math.pi * n / _ROUND for n in range(_ROUND)]
    return Shape(colour, tuple((x + across * math.cos(a), y + (down or across) * math.sin(a)) for a in turns))


def png(shapes: Iterable[Shape], colours: Mapping[str, str]) -> bytes:
    """The shapes one over the other, in colours by name ("wall": "f3d9a4"), as a PNG of WIDTH by HEIGHT."""
    names = list(colours)
    rows = [bytearray(WIDTH * FINE) for _ in range(HEIGHT * FINE)]
    for shape in shapes:
        _fill(rows, shape, names.index(shape.colour))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    packed = zlib.compress(_lines(rows, [bytes.fromhex(colours[name]) for name in names]), 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", packed), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _fill(rows: list[bytearray], shape: Shape, colour: int) -> None:
    for row, start, end in _spans(shape.corners):
        rows[row][start:end] = bytes([colour]) * (end - start)


def _spans(corners: tuple[Point, ...]) -> Iterator[tuple[int, int, int]]:
    """The dots inside, row by row: the row, the first dot and the one behind the last."""
    edges = list(zip(corners, (*corners[1:], corners[0]), strict=True))
    top, bottom = (FINE * bound for bound in (min(y for _, y in corners), max(y for _, y in corners)))
    for row in range(max(0, math.ceil(top - 0.5)), min(HEIGHT * FINE, math.ceil(bottom - 0.5))):
        y = (row + 0.5) / FINE
        met = [ax + (bx - ax) * (y - ay) / (by - ay) for (ax, ay), (bx, by) in edges if (ay <= y) != (by <= y)]
        if met:
            start, end = (min(max(0, round(x * FINE)), WIDTH * FINE) for x in (min(met), max(met)))
            yield row, start, end


class _Mixed(dict[tuple[int, ...], bytes]):
    """The colour of a pixel by its dots, row by row."""

    def __init__(self, palette: list[bytes]) -> None:
        self._palette = palette

    def __missing__(self, dots: tuple[int, ...]) -> bytes:
        parts = zip(*(self._palette[dot] for dot in dots), strict=True)
        self[dots] = bytes(round(sum(part) / len(dots)) for part in parts)
        return self[dots]


def _lines(rows: list[bytearray], palette: list[bytes]) -> bytes:
    """Pixels mixed from their dots; each line says how it differs from the one above (filter 2)."""
    mixed = _Mixed(palette)
    above, lines = bytes(WIDTH * 3), bytearray()
    for first in range(0, HEIGHT * FINE, FINE):
        dots = zip(*(row[n::FINE] for row in rows[first : first + FINE] for n in range(FINE)), strict=True)
        line = b"".join(map(mixed.__getitem__, dots))
        lines += b"\x02" + bytes(map(_BYTES.__getitem__, map(sub, line, above)))
        above = line
    return bytes(lines)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
