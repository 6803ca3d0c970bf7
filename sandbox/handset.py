"""The messages and the network of the phones, whoever puts something on them."""

from collections.abc import Sequence

from sandbox.gsm7 import segments
from sandbox.store import Row
from sandbox.world import World


class Handsets:
    """Phones by number: what they received and sent, whether they have a network."""

    def __init__(self, world: World) -> None:
        """Work on the remembered phones."""
        self._world, self._store = world, world.store

    def deliver(self, msisdn: str, channel: str, sender: str, text: str) -> bool:
        """Put a message on a phone; False when it is held back until the phone has a network."""
        held = not self.has_network(msisdn)
        self._keep(msisdn, channel, sender, text, "in", held=held)
        if not held:
            self._world.hub.tell("message", msisdn=msisdn)
        return not held

    def sent(self, msisdn: str, text: str) -> None:
        """Remember what the phone's owner wrote."""
        self._keep(msisdn, "sms", f"+{msisdn}", text, "out", held=False)
        self._world.hub.tell("message", msisdn=msisdn)

    def _keep(self, msisdn: str, channel: str, sender: str, text: str, direction: str, *, held: bool) -> None:
        self._store.run(
            "INSERT INTO messages (at, msisdn, channel, sender, body, segments, direction, held)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self._world.clock.stamp(),
            msisdn,
            channel,
            sender,
            text,
            segments(text),
            direction,
            int(held),
        )

    def received(self, msisdn: str) -> list[dict[str, object]]:
        """Messages the phone received, oldest first."""
        return [_shape(row) for row in self._rows(msisdn) if row["direction"] == "in"]

    def thread(self, msisdn: str) -> list[dict[str, object]]:
        """Messages received and sent, oldest first."""
        return [{**_shape(row), "direction": row["direction"]} for row in self._rows(msisdn)]

    def _rows(self, msisdn: str) -> Sequence[Row]:
        return self._store.all("SELECT * FROM messages WHERE msisdn = ? AND held = 0 ORDER BY id", msisdn)

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
        self._world.hub.tell("network", msisdn=msisdn, on=on)

    def opt_out(self, msisdn: str) -> None:
        """Put the number on the gateway's blacklist."""
        self._store.run(
            "INSERT INTO phones (msisdn, opted_out) VALUES (?, 1) ON CONFLICT (msisdn) DO UPDATE SET opted_out = 1",
            msisdn,
        )

    def opted_out(self, msisdn: str) -> bool:
        """Whether the owner asked the gateway for no more messages."""
        row = self._store.one("SELECT opted_out FROM phones WHERE msisdn = ?", msisdn)
        return row is not None and bool(row["opted_out"])


def _shape(row: Row) -> dict[str, object]:
    return {
        "at": row["at"],
        "channel": row["channel"],
        "from": row["sender"],
        "text": row["body"],
        "segments": row["segments"],
    }
