"""The mishaps a tester can order, by name: which route, which kind, how often."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from sandbox.answers import refuse
from sandbox.events import Hub
from sandbox.store import Row, Store

HTTP = frozenset(
    {
        *("drop_before", "drop_after", "reset", "delay", "timeout", "timeout_after_effect", "slow_loris"),
        *("401", "429", "500", "503", "500_html", "502_html", "200_html"),
    }
)
REPEATS = frozenset({"never", "duplicate", "late"})
BROUGHT = REPEATS | {"reordered"}
CALLBACK = frozenset(
    {
        *("never", "times", "late", "early", "reordered", "stale"),
        *("wrong_amount", "forged", "post", "alternate"),
    }
)
KINDS: Final = {
    "mtn.apiuser": HTTP,
    "mtn.token": HTTP,
    "mtn.requesttopay": HTTP,
    "mtn.status": HTTP | {"lag", "word", "reason_string", "reason_object"},
    "mtn.accountholder": HTTP | {"string_result"},
    "mtn.basicuserinfo": HTTP,
    "mtn.balance": HTTP,
    "mtn.deliverynotification": HTTP,
    "mtn.callback": CALLBACK,
    "africastalking.messaging": HTTP | {"http201_failed", "recipient"},
    "africastalking.dlr": REPEATS | {"failed"},
    "africastalking.incoming": REPEATS,
    "parlayx.send": HTTP,
    "ussd": frozenset({"drop", "drop_after", "delay", "duplicate", "suffix"}),
    "ussd.end": REPEATS,
    "twilio.messages": HTTP | {"accepted_failed", "window"},
    "twilio.content": HTTP,
    "twilio.media": HTTP,
    "twilio.status": BROUGHT,
    "twilio.incoming": BROUGHT,
    "meta.messages": HTTP | {"accepted_failed", "window"},
    "meta.media": HTTP,
    "meta.status": BROUGHT,
    "meta.incoming": BROUGHT | {"batch"},
    "telegram.send": HTTP,
    "telegram.edit": HTTP,
    "telegram.answer": HTTP,
    "telegram.api": HTTP,
    "telegram.updates": BROUGHT | {"resent"},
}
PRESETS: Final = {"ussd_suffix": ("ussd", "suffix")}
Count = Annotated[int, Meta(ge=0, le=1000)]


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One ordered mishap; `times` empty means until it is removed, `skip` lets the first ones pass."""

    route: str = ""
    kind: str = ""
    times: Count | None = None
    skip: Count = 0
    seconds: Annotated[float, Meta(ge=0, le=86400)] | None = None
    polls: Count = 1
    count: Count = 2
    code: str = ""
    message: str = ""
    word: str = ""
    instead_of: str = ""
    amount: str = ""
    status: str = ""
    status_code: int = 0
    reason: str = ""
    method: str = ""
    deliver_as: str = msgspec.field(default="text", name="as")

    def wait(self, default: float) -> float:
        """The seconds ordered, or the kind's own."""
        return default if self.seconds is None else self.seconds


class Faults:
    """The ordered mishaps, kept over a restart; the oldest that matches is used."""

    def __init__(self, store: Store, hub: Hub) -> None:
        """Work on the remembered orders."""
        self._store, self._hub = store, hub

    def put(self, name: str, fault: Fault) -> Fault:
        """Order a mishap, or replace the order of that name; refuses (400) what no route knows."""
        route, kind = PRESETS.get(name, ("", ""))
        whole = msgspec.structs.replace(fault, route=fault.route or route, kind=fault.kind or kind)
        self._check(whole)
        self._store.run(
            "INSERT INTO faults (name, body, position) VALUES (?, ?, (SELECT count(*) FROM faults))"
            " ON CONFLICT (name) DO UPDATE SET body = excluded.body, seen = 0",
            name,
            msgspec.json.encode(whole).decode(),
        )
        self._hub.tell("faults")
        return whole

    def _check(self, fault: Fault) -> None:
        if fault.route not in KINDS:
            raise refuse(400, f"unknown route {fault.route!r}", routes=sorted(KINDS))
        if fault.kind not in KINDS[fault.route]:
            raise refuse(400, f"unknown kind {fault.kind!r}", kinds=sorted(KINDS[fault.route]))
        if fault.deliver_as not in {"text", "code"}:
            raise refuse(400, "`as` is text or code")

    def take(self, route: str, *kinds: str) -> Fault | None:
        """The mishap to play now on a route, counted as used; None when everything goes well."""
        for row in self._orders():
            fault = _read(row)
            if fault.route != route or (kinds and fault.kind not in kinds) or self._spent(row, fault):
                continue
            self._store.run("UPDATE faults SET seen = seen + 1 WHERE name = ?", row["name"])
            if row["seen"] >= fault.skip:
                return fault
        return None

    def _spent(self, row: Row, fault: Fault) -> bool:
        return fault.times is not None and int(row["seen"]) >= fault.skip + fault.times

    def _orders(self) -> list[Row]:
        return list(self._store.all("SELECT name, body, seen FROM faults ORDER BY position, name"))

    def listed(self) -> list[dict[str, object]]:
        """Every order with its name and how often it was played."""
        return [{"name": r["name"], "seen": r["seen"], **msgspec.to_builtins(_read(r))} for r in self._orders()]

    def remove(self, name: str | None) -> int:
        """Take back one order or all of them; tells how many there were."""
        where = "" if name is None else " WHERE name = ?"
        gone = self._store.run(f"DELETE FROM faults{where}", *([] if name is None else [name]))  # noqa: S608
        self._hub.tell("faults")
        return gone


def _read(row: Row) -> Fault:
    return msgspec.json.decode(row["body"], type=Fault)
