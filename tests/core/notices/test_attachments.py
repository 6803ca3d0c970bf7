"""What people send beside words: queued once, fetched when it can be, kept for a month and no longer."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text

from bot.inbound import Event, Media
from core.kit.clock import FixedClock
from core.kit.db import Database, Record, Statement
from core.kit.errors import ProviderError
from core.notices.attachments import LARGEST, MOST_A_DAY, TRIES, Fetcher, Unwanted, forget, kind_of, queue_media

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 10
PDF = b"%PDF-1.7\n..."
OGG = b"OggS\0\x02" + b"voice"
_ALL = Statement(text("SELECT * FROM attachment ORDER BY id"))

KINDS = [
    (JPEG, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    (PDF, "application/pdf"),
    (OGG, "audio/ogg"),
    (b"ID3\x04\0", "audio/mpeg"),
    (b"\xff\xfb\x90\x64", "audio/mpeg"),
    (b"\xff\xf3\x40\xc4", "audio/mpeg"),
    (b"", ""),
    (b"\xff", ""),
    (b"\xff\xf1\x50\x80", ""),  # AAC
    (b"\xff\xfe1\0", ""),  # UTF-16
    (b"RIFF\x10\0\0\0WAVEfmt ", ""),
    (b"GIF89a", ""),
    (b"\0\0\0\x18ftypmp42", ""),
    (b"PK\x03\x04", ""),
    (b"MZ\x90\0", ""),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
    (b"<!DOCTYPE html>", ""),
    (b" %PDF-1.7", ""),
    (b"#!/bin/sh", ""),
]


@dataclass
class Held:
    """A provider that holds files, and answers with an error where one is scripted."""

    files: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def fetch(self, media_id: str, url: str) -> bytes:
        """The file, or what is scripted."""
        self.asked.append((media_id, url))
        await asyncio.sleep(0)
        found = self.files[media_id]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def fetcher(db: Database, clock: FixedClock, held: Held) -> Fetcher:
    return Fetcher(db, clock, {"telegram": held})


async def sent(db: Database, clock: FixedClock, *ids: str, **more: Any) -> int:
    """Somebody sends files."""
    media = tuple(Media(name, "image/jpeg", f"https://files.example/{name}", "photo.jpg") for name in ids)
    event = Event("media", "telegram", **{"source": "telegram", "sender": "700100200", "media": media, **more})
    async with db.transaction() as tx:
        return await queue_media(tx, event, None, clock.now())


async def rows(db: Database) -> list[Record]:
    """Every attachment."""
    return await db.fetch(_ALL)


@pytest.mark.parametrize(("content", "kind"), KINDS)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


async def test_a_file_is_fetched_and_kept_as_it_is(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher
) -> None:
    held.files["f1"] = PDF
    assert await sent(db, clock, "f1", group="139") == 1
    assert await fetcher.run_once() == 1
    (row,) = await rows(db)
    assert (row["state"], row["kind"], row["size"], row["content"]) == ("fetched", "application/pdf", len(PDF), PDF)
    assert (row["digest"], row["mime"], row["name"]) == (sha256(PDF).digest(), "image/jpeg", "photo.jpg")
    assert (row["source"], row["channel"], row["address"], row["album"]) == ("telegram", "telegram", "700100200", "139")
    assert held.asked == [("f1", "https://files.example/f1")]
    clock.move(days=1)
    assert await fetcher.run_once() == 0


async def test_what_is_rolled_back_with_its_turn_was_never_queued(db: Database, clock: FixedClock) -> None:
    event = Event("media", "telegram", "telegram", sender="7", media=(Media("f1"),))
    async with db.transaction() as tx:
        with suppress(RuntimeError):
            async with tx.savepoint():
                assert await queue_media(tx, event, None, clock.now()) == 1
                raise RuntimeError
    assert await rows(db) == []


async def test_a_message_without_files_queues_nothing(db: Database, clock: FixedClock) -> None:
    assert await sent(db, clock) == 0
    assert await sent(db, clock, "x" * 600) == 0
    assert await rows(db) == []


async def test_an_album_is_fetched_whole(db: Database, clock: FixedClock, held: Held, fetcher: Fetcher) -> None:
    held.files |= dict.fromkeys("abcdefghij", JPEG)
    assert await sent(db, clock, *"abcdefghij") == 10
    while await fetcher.run_once():
        pass
    assert [row["state"] for row in await rows(db)] == ["fetched"] * 10
    assert sorted(name for name, _ in held.asked) == list("abcdefghij")


async def test_nobody_fills_the_house_in_a_day(db: Database, clock: FixedClock) -> None:
    assert sum([await sent(db, clock, *map(str, range(7))) for _ in range(10)]) == MOST_A_DAY
    assert await sent(db, clock, "one", sender="700100201") == 1
    clock.move(hours=25)
    assert await sent(db, clock, "one") == 1


@pytest.mark.parametrize(
    ("held_as", "reason"),
    [
        (b"GIF89a...", "kind"),
        (b"", "empty"),
        (b"<html>", "kind"),
        (JPEG + b"\0" * LARGEST, "too_large"),
        (Unwanted("host"), "host"),
    ],
)
async def test_what_is_not_wanted_is_refused_for_good(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher, held_as: bytes | Exception, reason: str
) -> None:
    held.files["f1"] = held_as
    await sent(db, clock, "f1")
    await fetcher.run_once()
    (row,) = await rows(db)
    assert (row["state"], row["reason"], row["content"], row["next_try_at"]) == ("refused", reason, None, None)
    clock.move(days=1)
    assert await fetcher.run_once() == 0


async def test_a_file_of_exactly_the_largest_size_is_kept(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher
) -> None:
    held.files["f1"] = JPEG.ljust(LARGEST, b"\0")
    await sent(db, clock, "f1")
    await fetcher.run_once()
    assert [(row["state"], row["size"]) for row in await rows(db)] == [("fetched", LARGEST)]


async def test_a_provider_that_is_away_is_asked_again_later_and_not_for_ever(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher
) -> None:
    held.files["f1"] = ProviderError("no_answer", retryable=True)
    await sent(db, clock, "f1")
    for _ in range(TRIES):
        assert [row["state"] for row in await rows(db)] == ["queued"]
        assert await fetcher.run_once() == 1
        assert await fetcher.run_once() == 0
        clock.move(minutes=15)
    assert [(row["state"], row["reason"]) for row in await rows(db)] == [("failed", "no_answer")]
    assert await fetcher.run_once() == 0
    assert len(held.asked) == TRIES


async def test_a_provider_that_is_back_hands_it_out(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher
) -> None:
    held.files["f1"] = ProviderError("http_502", retryable=True)
    await sent(db, clock, "f1")
    await fetcher.run_once()
    held.files["f1"] = OGG
    clock.move(seconds=21)
    await fetcher.run_once()
    (row,) = await rows(db)
    assert (row["state"], row["kind"], row["reason"]) == ("fetched", "audio/ogg", None)


async def test_what_cannot_be_had_has_failed(db: Database, clock: FixedClock, held: Held, fetcher: Fetcher) -> None:
    held.files["f1"] = ProviderError("http_403", retryable=False)
    await sent(db, clock, "f1")
    await sent(db, clock, "f2", source="pigeon")
    await fetcher.run_once()
    assert {row["media_id"]: (row["state"], row["reason"]) for row in await rows(db)} == {
        "f1": ("failed", "http_403"),
        "f2": ("failed", "no_vendor"),
    }


async def test_a_worker_that_dies_leaves_it_to_another_and_a_poison_file_stops_in_the_end(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher
) -> None:
    held.files |= {"f1": RuntimeError("a bug"), "f2": JPEG}
    await sent(db, clock, "f1", "f2")
    with pytest.raises(RuntimeError):
        await fetcher.run_once()
    assert {row["media_id"]: row["state"] for row in await rows(db)} == {"f1": "queued", "f2": "fetched"}
    assert await fetcher.run_once() == 0
    for _ in range(TRIES - 1):
        clock.move(minutes=4)
        with pytest.raises(RuntimeError):
            await fetcher.run_once()
    clock.move(minutes=4)
    await fetcher.run_once()
    assert [(row["state"], row["reason"]) for row in await rows(db)] == [("failed", "abandoned"), ("fetched", None)]


async def test_two_workers_never_fetch_the_same(db: Database, clock: FixedClock, held: Held, fetcher: Fetcher) -> None:
    held.files |= dict.fromkeys("abcdefgh", JPEG)
    await sent(db, clock, *"abcdefgh")
    other = Fetcher(db, clock, {"telegram": held})
    assert sum(await asyncio.gather(fetcher.run_once(), other.run_once())) == 8
    assert sorted(name for name, _ in held.asked) == list("abcdefgh")


async def test_everything_is_dropped_after_a_month(
    db: Database, clock: FixedClock, held: Held, fetcher: Fetcher
) -> None:
    held.files |= {"f1": JPEG, "f2": b"GIF89a"}
    await sent(db, clock, "f1", "f2")
    await fetcher.run_once()
    clock.move(days=29)
    await sent(db, clock, "f3")
    assert await forget(db, clock.now()) == 0
    clock.move(days=2)
    assert await forget(db, clock.now()) == 2
    assert [row["media_id"] for row in await rows(db)] == ["f3"]
