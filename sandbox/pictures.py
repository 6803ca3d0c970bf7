"""Pictures of homes that the demo's listings point to: drawn here, so that nothing comes from anywhere else."""

from collections.abc import Callable
from functools import cache
from typing import Final

from aiohttp import web

from sandbox.canvas import HEIGHT, WIDTH, Shape, box, disc, png, slope

Scene = tuple[Shape, ...]

GROUND: Final = 236
"""Where the street begins, in pixels from the top."""

INK: Final = {
    "sun": "fff3c4", "cloud": "ffffff", "grass": "8fb573", "leaf": "4e8a4a", "shade": "3f7040", "trunk": "8a6244",
    "earth": "c98d5f", "path": "e2bd92", "glass": "8fc1d4", "gleam": "b9dde8", "frame": "ffffff", "door": "7a4a2e",
    "iron": "4a525a", "dark": "5d4637", "sign": "f2b134",
}  # fmt: skip
"""Colours that every picture shares."""

PAINTS: Final = (
    {"sky": "bfe3f2", "haze": "dcf1f8", "wall": "f3d9a4", "side": "e2c283", "roof": "b5533c", "trim": "8e3f2d"},
    {"sky": "c9e4f5", "haze": "e6f3fa", "wall": "f4f1ea", "side": "ddd8cc", "roof": "3f7391", "trim": "2f5870"},
    {"sky": "fbdcb8", "haze": "fdecd6", "wall": "eba584", "side": "d68b69", "roof": "5f7354", "trim": "48593f"},
)
"""What a picture is painted in: each scene comes in each of these."""


def window(x: float, y: float, wide: float = 34, high: float = 34) -> Scene:
    """Panes in a frame, with a sill."""
    return (
        box("frame", x - 3, y - 3, wide + 6, high + 6),
        box("glass", x, y, wide, high),
        slope("gleam", (x, y), (x + wide * 0.55, y), (x, y + high * 0.8)),
        box("frame", x + wide / 2 - 1, y, 2, high),
        box("side", x - 6, y + high + 3, wide + 12, 4),
    )


def door(x: float, wide: float = 30, high: float = 58, foot: float = GROUND) -> Scene:
    """A wooden door on the ground."""
    top = foot - high
    return (
        box("frame", x - 3, top - 3, wide + 6, high + 3),
        box("door", x, top, wide, high),
        disc("sign", x + wide - 6, top + high / 2, 2),
    )


def palm(x: float, high: float) -> Scene:
    """A palm with its foot on the ground."""
    top = GROUND - high
    leaves = ((-46, 14), (-38, -16), (-12, -34), (16, -34), (40, -14), (46, 16))
    crown = [
        slope("leaf" if n % 2 else "shade", (x, top), (x + dx * 0.6, top + dy * 0.9 - 9), (x + dx, top + dy))
        for n, (dx, dy) in enumerate(leaves)
    ]
    return (
        slope("trunk", (x - 5, GROUND + 4), (x + 5, GROUND + 4), (x + 3, top), (x - 3, top)),
        *crown,
        disc("trunk", x, top, 5),
    )


def bush(x: float, size: float) -> Scene:
    """Leaves at the foot of a wall."""
    return (disc("shade", x - size * 0.5, GROUND, size * 0.7), disc("leaf", x + size * 0.4, GROUND - 2, size * 0.8))


def tin_roof(left: float, right: float, eaves: float, ridge: float) -> Scene:
    """A roof of corrugated sheets, seen from in front."""
    slant = (eaves - ridge) * 0.8
    seams = range(int(left) + 24, int(right) - 8, 24)
    width = right - left
    tops = [left + slant + (x - left) / width * (width - 2 * slant) for x in seams]
    return (
        slope("roof", (left, eaves), (left + slant, ridge), (right - slant, ridge), (right, eaves)),
        *(
            slope("trim", (x, eaves), (x + 2, eaves), (up + 2, ridge), (up, ridge))
            for x, up in zip(seams, tops, strict=True)
        ),
        box("trim", left, eaves, right - left, 6),
    )


# --- scenes ------------------------------------------------------------------------------------------------


def room() -> Scene:
    """A court: doors side by side under one roof."""
    doors = [part for x in (90, 206, 322) for part in (*door(x), *window(x + 46, 176, 28, 30))]
    return (
        box("wall", 70, 150, 340, GROUND - 150),
        box("side", 70, 224, 340, 12),
        *doors,
        *tin_roof(52, 428, 150, 112),
        box("path", 60, GROUND, 360, 12),
        *palm(446, 150),
    )


def studio() -> Scene:
    """A small house with a veranda on posts."""
    return (
        box("wall", 130, 140, 220, GROUND - 140),
        *door(166, foot=222),
        *window(232, 166, 80, 40),
        *tin_roof(108, 372, 140, 84),
        box("side", 118, 222, 244, 14),
        *(box("frame", x, 146, 7, 90) for x in (122, 214, 351)),
        *palm(72, 160),
        *bush(398, 26),
    )


def apartment() -> Scene:
    """Three storeys with balconies over a street."""
    floors = [part for y in (62, 118) for x in (140, 222, 304) for part in balcony(x, y)]
    return (
        box("wall", 116, 44, 248, GROUND - 44),
        box("side", 352, 44, 12, GROUND - 44),
        box("roof", 106, 36, 268, 12),
        *floors,
        *window(140, 182),
        *window(304, 182),
        *door(224, 32, 56),
        box("trim", 212, 172, 56, 6),
        *bush(92, 24),
        *palm(408, 132),
    )


def balcony(x: float, y: float) -> Scene:
    """A window with a railing before it."""
    bars = [box("iron", x - 6 + n * 8, y + 26, 2, 18) for n in range(7)]
    return (*window(x, y, 36, 38), *bars, box("iron", x - 8, y + 24, 54, 3), box("roof", x - 10, y + 44, 58, 5))


def house() -> Scene:
    """A pitched roof, two windows and a low wall with a gate."""
    return (
        slope("side", (120, 132), (240, 52), (360, 132)),
        box("wall", 120, 132, 240, GROUND - 132),
        slope("roof", (96, 140), (240, 38), (240, 54), (108, 148)),
        slope("trim", (384, 140), (240, 38), (240, 54), (372, 148)),
        disc("glass", 240, 104, 13),
        *window(146, 164, 44, 36),
        *window(290, 164, 44, 36),
        *door(224, 32, 66),
        box("side", 0, 214, 196, 26),
        box("side", 284, 214, 196, 26),
        *(box("frame", part, 210, 196, 5) for part in (0, 284)),
        *bush(84, 22),
        *bush(410, 28),
    )


def villa() -> Scene:
    """Two levels with a terrace, a garage and palms."""
    rails = [box("iron", 122 + n * 10, 118, 2, 22) for n in range(13)]
    return (
        *palm(60, 168),
        box("wall", 110, 138, 290, GROUND - 138),
        box("side", 250, 66, 150, 74),
        box("roof", 238, 56, 174, 12),
        box("roof", 100, 136, 162, 8),
        *rails,
        box("iron", 118, 116, 132, 3),
        *window(276, 86, 100, 36),
        box("frame", 292, 170, 90, 66),
        *(box("iron", 296, 175 + n * 12, 82, 9) for n in range(5)),
        *window(128, 172, 50, 36),
        *door(212, 34, 66),
        *palm(438, 130),
        *bush(96, 20),
    )


def shop() -> Scene:
    """A shutter, a shop window and a striped awning."""
    stripes = [
        slope("roof" if n % 2 else "frame", (x, 118), (x + 24, 118), (x + 22 + n, 152), (x - 4 + n, 152))
        for n in range(10)
        for x in (118 + n * 24,)
    ]
    return (
        box("wall", 104, 62, 272, GROUND - 62),
        box("trim", 96, 54, 288, 10),
        box("sign", 150, 76, 180, 30),
        box("trim", 166, 87, 148, 8),
        *window(130, 160, 130, 58),
        *door(300, 44, 76),
        *stripes,
        *palm(424, 148),
        *bush(74, 24),
    )


def office() -> Scene:
    """A tower of glass over its entrance."""
    panes = [
        box("gleam" if (row + column) % 3 == 0 else "glass", 158 + column * 34, 46 + row * 30, 28, 23)
        for row in range(5)
        for column in range(5)
    ]
    return (
        box("side", 320, 74, 74, GROUND - 74),
        *(box("glass", 334, 92 + n * 32, 46, 18) for n in range(4)),
        box("wall", 146, 30, 190, GROUND - 30),
        box("roof", 138, 22, 206, 10),
        *panes,
        box("trim", 196, 198, 90, 6),
        box("glass", 206, 204, 70, 32),
        box("frame", 240, 204, 3, 32),
        *bush(116, 24),
        *palm(424, 120),
    )


def land() -> Scene:
    """A plot between posts, with a board and a tree."""
    return (
        slope("earth", (40, 286), (120, 214), (360, 214), (440, 286)),
        slope("path", (70, 278), (134, 220), (346, 220), (410, 278)),
        *(box("frame", x, y, 7, 34) for x, y in ((117, 188), (356, 188), (46, 250), (428, 250))),
        box("trunk", 236, 168, 8, 70),
        box("sign", 186, 128, 108, 50),
        box("trim", 200, 142, 80, 7),
        box("trim", 200, 157, 54, 6),
        box("trunk", 398, 150, 12, 74),
        disc("shade", 388, 138, 40, 32),
        disc("leaf", 416, 126, 40, 34),
        *bush(76, 22),
    )


SCENES: Final[dict[str, Callable[[], Scene]]] = {
    scene.__name__: scene for scene in (room, studio, apartment, house, villa, shop, office, land)
}


def around() -> Scene:
    """Sky, sun and ground, behind everything."""
    return (
        box("sky", 0, 0, WIDTH, HEIGHT),
        box("haze", 0, 150, WIDTH, 90),
        disc("sun", 404, 62, 30),
        *(disc("cloud", x, y, wide, 13) for x, y, wide in ((74, 58, 40), (104, 48, 30), (56, 50, 24))),
        disc("grass", 110, 262, 220, 56),
        disc("grass", 420, 260, 200, 46),
        box("grass", 0, GROUND, WIDTH, HEIGHT - GROUND),
        box("earth", 0, 272, WIDTH, 28),
        box("path", 0, 272, WIDTH, 4),
    )


@cache
def drawn(scene: str, number: int) -> bytes:
    """A picture as PNG: the scene in the paint of that number, from 1. KeyError and IndexError where there is none."""
    return png((*around(), *SCENES[scene]()), {**INK, **PAINTS[number - 1]})


def routes() -> list[web.RouteDef]:
    """Where whoever shows a listing finds its picture: ``/pictures/villa-1.png``."""
    named = f"/pictures/{{scene:{'|'.join(SCENES)}}}-{{number:[1-{len(PAINTS)}]}}.png"
    return [web.get(named, _show)]


async def _show(request: web.Request) -> web.Response:
    body = drawn(request.match_info["scene"], int(request.match_info["number"]))
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=86400"}
    return web.Response(body=body, content_type="image/png", headers=headers)
