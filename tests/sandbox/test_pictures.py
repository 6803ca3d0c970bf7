"""Pictures of homes: real PNGs, small, one of each name, and nothing under any other name."""

import struct
import zlib

import pytest

from sandbox.canvas import HEIGHT, WIDTH, box, disc, png, slope
from sandbox.pictures import PAINTS, SCENES, drawn
from tests.sandbox.side import Client

LARGEST = 15 * 1024
COLOURS = {"white": "ffffff", "red": "ff0000", "blue": "0000ff"}


def pixels(picture: bytes) -> list[bytes]:
    """The lines of a picture, three bytes to a pixel, read as the format says (PNG 1.2: chunks, filter 2)."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(picture):
        size, name = struct.unpack(">I4s", picture[at : at + 8])
        body, (checked,) = picture[at + 8 : at + 8 + size], struct.unpack(">I", picture[at + 8 + size : at + 12 + size])
        assert checked == zlib.crc32(name + body)
        chunks[name] = body
        at += 12 + size
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    raw, above, lines = zlib.decompress(chunks[b"IDAT"]), bytes(WIDTH * 3), []
    assert len(raw) == HEIGHT * (WIDTH * 3 + 1)
    for start in range(0, len(raw), WIDTH * 3 + 1):
        assert raw[start] == 2
        line = raw[start + 1 : start + 1 + WIDTH * 3]
        above = bytes((new + old) & 255 for new, old in zip(line, above, strict=True))
        lines.append(above)
    return lines


def at(lines: list[bytes], x: int, y: int) -> str:
    return lines[y][3 * x : 3 * x + 3].hex()


def test_shapes_lie_one_over_the_other_where_they_were_put() -> None:
    ground = box("white", 0, 0, WIDTH, HEIGHT)
    lines = pixels(png((ground, box("red", 10, 20, 30, 40), disc("blue", 100, 100, 20)), COLOURS))
    assert [at(lines, 9, 20), at(lines, 10, 20), at(lines, 39, 59), at(lines, 40, 59)] == [
        "ffffff", "ff0000", "ff0000", "ffffff",
    ]  # fmt: skip
    assert [at(lines, 100, 100), at(lines, 86, 86), at(lines, 84, 84)] == ["0000ff", "0000ff", "ffffff"]


def test_edges_are_smooth_and_what_lies_outside_is_cut() -> None:
    ground = box("white", 0, 0, WIDTH, HEIGHT)
    lines = pixels(png((ground, slope("red", (-50, -50), (600, 400), (-50, 400))), COLOURS))
    seen = {lines[y][x : x + 3].hex() for y in range(HEIGHT) for x in range(0, WIDTH * 3, 3)}
    assert {"ffffff", "ff0000"} < seen
    assert len(seen) > 2


@pytest.mark.untraced
@pytest.mark.parametrize("scene", sorted(SCENES))
def test_each_picture_is_small_and_its_own(scene: str) -> None:
    pictures = [drawn(scene, number + 1) for number in range(len(PAINTS))]
    assert len(set(pictures)) == len(PAINTS)
    assert all(len(picture) <= LARGEST for picture in pictures)
    assert len(set(pixels(pictures[0]))) > HEIGHT // 4


@pytest.mark.untraced
def test_no_scene_looks_like_another() -> None:
    assert len({drawn(scene, 1) for scene in SCENES}) == len(SCENES)


async def test_a_picture_is_found_by_its_name(client: Client) -> None:
    async with client.get("/pictures/villa-2.png") as got:
        assert (got.status, got.content_type) == (200, "image/png")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert await got.read() == drawn("villa", 2)


@pytest.mark.parametrize(
    "name", ["villa-0.png", "villa-4.png", "castle-1.png", "villa-1.svg", "../server.py", "villa-1"]
)
async def test_nothing_else_is(client: Client, name: str) -> None:
    async with client.get(f"/pictures/{name}") as got:
        assert got.status == 404
