"""The messages and the network of the phones, whoever puts something on them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.gsm7 import segments
from sandbox.look import PLAIN, Look, pack, shown, unpack
from sandbox.store import Row
from sandbox.world import World

KEPT = 1000
"""Messages a phone remembers; older ones are forgotten."""

THREADS = {"sms": ("sms", "momo"), "whatsapp": ("whatsapp", "whatsapp"), "telegram": ("telegram", "telegram")}
TEXTS = {"sms", "momo"}
FLAGS = {"opted_out", "stopped", "hidden", "blocked"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message on one phone; `mine` is what the phone's owner sent, `ref` the id its provider gave it."""

    number: int
    at: datetime
    msisdn: str
    channel: str
    text: str
    look: Look
    via: str
    ref: str
    mine: bool


class Handsets:
    """Phones by number: what they received and sent, whether they have a network."""

    def __init__(self, world: World) -> None:
        """Work on the remembered phones."""
        self._world, self._store = world, world.store
        self._restored = asyncio.Event()

    # What comes and goes

    def deliver(
        self, msisdn: str, channel: str, sender: str, text: str, *, via: str = "", ref: str = "", look: Look = PLAIN
    ) -> int:
        """Put a message on a phone; it is held back until the phone has a network."""
        held = not self.has_network(msisdn)
        number = self._keep(msisdn, channel, sender, text, "in", via, ref, look, held=held)
        if not held:
            self._tell("message", msisdn, channel)
        return number

    def sent(
        self, msisdn: str, text: str, *, channel: str = "sms", via: str = "africastalking", look: Look = PLAIN
    ) -> int:
        """Remember what the phone's owner wrote."""
        number = self._keep(msisdn, channel, f"+{msisdn}", text, "out", via, "", look, held=False)
        self._tell("message", msisdn, channel)
        return number

    def _keep(
        self,
        msisdn: str,
        channel: str,
        sender: str,
        text: str,
        direction: str,
        via: str,
        ref: str,
        look: Look,
        *,
        held: bool,
    ) -> int:
        parts = segments(text) if channel in TEXTS else 0
        number = self._store.add(
            "INSERT INTO messages (at, msisdn, channel, sender, body, segments, direction, held, via, ref, look)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(self._world.clock.stamp(), msisdn, channel, sender, text, parts, direction, int(held)),
            *(via, ref, pack(look)),
        )
        self._store.run(
            "DELETE FROM messages WHERE msisdn = ? AND id <="
            " (SELECT id FROM messages WHERE msisdn = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
            *(msisdn, msisdn, KEPT),
        )
        return number

    def change(self, message: Message, text: str, look: Look) -> None:
        """Other words or buttons in the place of the old ones."""
        self._store.run(
            "UPDATE messages SET body = ?, look = ?, edited = 1 WHERE id = ?", text, pack(look), message.number
        )
        self._tell("thread", message.msisdn, message.channel)

    def remove(self, message: Message) -> None:
        """Take a message from the phone."""
        self._store.run("DELETE FROM messages WHERE id = ?", message.number)
        self._tell("thread", message.msisdn, message.channel)

    def name(self, number: int, ref: str) -> None:
        """Remember the id under which a provider brought what the owner wrote."""
        self._store.run("UPDATE messages SET ref = ? WHERE id = ?", ref, number)

    def mark(self, number: int, status: str) -> None:
        """What became of a message: sent, delivered, read, failed."""
        self._store.run("UPDATE messages SET status = ? WHERE id = ?", status, number)
        row = self._store.one("SELECT msisdn, channel FROM messages WHERE id = ?", number)
        if row is not None:
            self._tell("status", row["msisdn"], row["channel"])

    def _tell(self, kind: str, msisdn: str, channel: str) -> None:
        self._world.hub.tell(kind, msisdn=msisdn, channel="sms" if channel in TEXTS else channel)

    # Looking at it

    def received(self, msisdn: str) -> list[dict[str, object]]:
        """Messages the phone received, oldest first."""
        return [_shape(row) for row in self._rows(msisdn) if row["direction"] == "in"]

    def thread(self, msisdn: str, channel: str | None = None) -> list[dict[str, object]]:
        """Messages received and sent, oldest first, on one channel or on all."""
        wanted = THREADS[channel] if channel else ()
        rows = [row for row in self._rows(msisdn) if not wanted or row["channel"] in wanted]
        return [{**_shape(row), **_both(row)} for row in rows]

    def _rows(self, msisdn: str) -> Sequence[Row]:
        return self._store.all("SELECT * FROM messages WHERE msisdn = ? AND held = 0 ORDER BY id", msisdn)

    def get(self, number: int) -> Message | None:
        """A message by its number."""
        return _read(self._store.one("SELECT * FROM messages WHERE id = ?", number))

    def by_ref(self, via: str, ref: str) -> Message | None:
        """A message by the id its provider gave it."""
        return _read(self._store.one("SELECT * FROM messages WHERE via = ? AND ref = ? LIMIT 1", via, ref))

    def last(self, msisdn: str, channel: str) -> Sequence[Message]:
        """The newest messages received on a channel, newest first."""
        rows = self._store.all(
            "SELECT * FROM messages WHERE msisdn = ? AND channel = ? AND direction = 'in' AND held = 0"
            " ORDER BY id DESC LIMIT 50",
            *(msisdn, channel),
        )
        return [found for row in rows if (found := _read(row))]

    def heard_at(self, msisdn: str, via: str) -> datetime | None:
        """When the owner last wrote through a provider on WhatsApp."""
        row = self._store.one(
            "SELECT at FROM messages WHERE msisdn = ? AND via = ? AND channel = 'whatsapp' AND direction = 'out'"
            " ORDER BY id DESC LIMIT 1",
            *(msisdn, via),
        )
        return datetime.fromisoformat(row["at"]) if row else None

    # The phone itself

    def has_network(self, msisdn: str) -> bool:
        """Whether the phone can be reached; phones are, until someone cuts their network."""
        row = self._store.one("SELECT network FROM phones WHERE msisdn = ?", msisdn)
        return row is None or bool(row["network"])

    def set_network(self, msisdn: str, *, on: bool) -> None:
        """Cut or restore the network; what was held back arrives when it is restored."""
        self._store.run(
            "INSERT INTO phones (msisdn, network) VALUES (?, ?)"
            " ON CONFLICT (msisdn) DO UPDATE SET network = excluded.network",
            msisdn,
            int(on),
        )
        if on:
            self._store.run("UPDATE messages SET held = 0 WHERE msisdn = ?", msisdn)
            self._restored.set()
            self._restored = asyncio.Event()
        self._world.hub.tell("network", msisdn=msisdn, on=on)

    async def reached(self, msisdn: str) -> None:
        """Wait until the phone has a network."""
        while not self.has_network(msisdn):
            await self._restored.wait()

    def opt_out(self, msisdn: str) -> None:
        """Put the number on the gateway's blacklist."""
        self.set_flag(msisdn, "opted_out", on=True)

    def opted_out(self, msisdn: str) -> bool:
        """Whether the owner asked the gateway for no more messages."""
        return self.flag(msisdn, "opted_out")

    def set_flag(self, msisdn: str, name: str, *, on: bool) -> None:
        """Remember a decision of the owner: opted_out, stopped, hidden or blocked."""
        column = _column(name)
        self._store.run(
            f"INSERT INTO phones (msisdn, {column}) VALUES (?, ?)"  # noqa: S608 - one of FLAGS
            f" ON CONFLICT (msisdn) DO UPDATE SET {column} = excluded.{column}",
            msisdn,
            int(on),
        )

    def flag(self, msisdn: str, name: str) -> bool:
        """What the owner decided; nobody has until they do."""
        row = self._store.one(f"SELECT {_column(name)} AS flag FROM phones WHERE msisdn = ?", msisdn)  # noqa: S608
        return row is not None and bool(row["flag"])


def _column(name: str) -> str:
    if name not in FLAGS:
        raise KeyError(name)
    return name


def _read(row: Row | None) -> Message | None:
    if row is None:
        return None
    at = datetime.fromisoformat(row["at"])
    look = unpack(row["look"])
    mine = row["direction"] == "out"
    return Message(row["id"], at, row["msisdn"], row["channel"], row["body"], look, row["via"], row["ref"], mine)


def _shape(row: Row) -> dict[str, object]:
    return {
        "id": str(row["id"]),
        "at": row["at"],
        "channel": row["channel"],
        "from": row["sender"],
        "text": row["body"],
        "segments": row["segments"] if row["channel"] in TEXTS else None,
        **shown(unpack(row["look"])),
        "edited": bool(row["edited"]),
    }


def _both(row: Row) -> dict[str, object]:
    return {
        "direction": row["direction"],
        "mine": row["direction"] == "out",
        "via": row["via"],
        "status": row["status"],
    }
