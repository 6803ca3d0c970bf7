"""What everybody is measured with: a caller looks for a home, each caller a little differently."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

CITIES: Final = ("Douala", "Yaounde", "Bafoussam", "Kribi", "Bamenda")
"""What the menu of cities offers, in its order."""

QUARTERS: Final = ("Tous", "Akwa", "Bonamoussadi", "Makepe", "Deido")
KINDS: Final = ("Chambre", "Studio", "Appartement", "Maison ou villa", "Boutique ou bureau", "Terrain")
TOPS: Final = (15_000, 20_000, 30_000, 50_000)

PATH: Final = "/webhooks/ussd/africastalking/demo"


@dataclass(frozen=True, slots=True)
class Hop:
    """One thing said, and what must stand in the reply."""

    said: str
    shows: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request on the wire, and what must stand in its reply."""

    wire: bytes
    shows: tuple[bytes, ...]


def post(path: str, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A request on the wire."""
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"Accept: */*\r\nUser-Agent: bench\r\n{more}\r\n"
    )
    return head.encode() + body


def caller(number: int) -> str:
    """The phone of a caller: nobody calls twice, so that every session begins with an unknown number."""
    return f"+23767{number % 10_000_000:07d}"


def asked(number: int) -> tuple[int, int, int]:
    """What a caller looks for, each as its place in a menu: the city, a room or a studio, the most they pay."""
    return number % len(CITIES), number // len(CITIES) % 2, number // 10 % len(TOPS)


def by_menus(number: int) -> Sequence[Hop]:
    """Menu, deal, city, quarter, kind, highest rent, and the homes found."""
    city, kind, top = asked(number)
    return (
        Hop("", (b"Trouve Moi Un Toit", b"\n5 ")),
        Hop("5", (b"\n1 Location\n",)),
        Hop("1", (b"\n1 Douala\n",)),
        Hop(str(city + 1), (CITIES[city].encode(), b"\n1 Tous\n")),
        Hop("1", (b"\n1 Chambre\n",)),
        Hop(str(kind + 1), (b"000F\n",)),
        Hop(str(top + 1), (CITIES[city].encode(), b"\n1 A", b"00F\n", b"\n0 Retour")),
    )


def in_words(number: int) -> Sequence[Hop]:
    """Menu, search, "say it", what was understood, and the homes found."""
    city, kind, top = asked(number)
    said = f"{KINDS[kind].lower()} {CITIES[city].lower()} max {TOPS[top]}"
    return (
        Hop("", (b"Trouve Moi Un Toit", b"\n5 ")),
        Hop("5", (b"\n1 Location\n",)),
        Hop("4", (b"CON ",)),
        Hop(said, (CITIES[city].encode(), b"000F")),
        Hop("1", (CITIES[city].encode(), b"\n1 A", b"00F\n", b"\n0 Retour")),
    )


def ussd(number: int, hops: Sequence[Hop], path: str = PATH) -> list[Request]:
    """The requests as Africa's Talking posts them: forms whose text repeats everything typed so far."""
    requests = []
    typed: list[str] = []
    for hop in hops:
        typed += [hop.said] if hop.said else []
        form = {
            "sessionId": f"ATUid_{number:024x}",
            "serviceCode": "*384#",
            "phoneNumber": caller(number),
            "networkCode": "62401",
            "text": "*".join(typed),
        }
        body = urlencode(form).encode()
        requests.append(Request(post(path, "application/x-www-form-urlencoded", body), hop.shows))
    return requests


def update(
    number: int, hops: Sequence[Hop], path: str = "/telegram", headers: Mapping[str, str] | None = None
) -> list[Request]:
    """The same said to a Telegram bot: updates as its webhook gets them."""
    user = {"id": number, "is_bot": False, "first_name": "Aminata", "language_code": "fr"}
    chat = {"id": number, "type": "private", "first_name": "Aminata"}
    requests = []
    for count, hop in enumerate(hops):
        message = {
            "message_id": count + 1,
            "date": int(time.time()),
            "from": user,
            "chat": chat,
            "text": hop.said or "/start",
        }
        if not hop.said:
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
        body = json.dumps({"update_id": number * 10 + count, "message": message}).encode()
        requests.append(Request(post(path, "application/json", body, headers), hop.shows))
    return requests


def house(number: int) -> list[Request]:
    """Menus only, at the house (and at whoever answers the same forms)."""
    return ussd(number, by_menus(number))


def words(number: int) -> list[Request]:
    """One sentence, at the house."""
    return ussd(number, in_words(number))


def constant(number: int) -> list[Request]:
    """The forms of the menus, for a server that always answers the same."""
    return [Request(request.wire, (b"CON ",)) for request in house(number)]


def telegram(number: int) -> list[Request]:
    """The menus, at a Telegram bot."""
    return update(number, by_menus(number))


CONVERSATIONS: Final[dict[str, Callable[[int], list[Request]]]] = {
    "house": house,
    "words": words,
    "constant": constant,
    "telegram": telegram,
}
"""By the name a load is started with."""
