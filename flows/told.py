"""What the flows about homes share: the answers they hand each other, and how homes and wishes are told."""

from collections.abc import Collection, Iterable

from bot.talk import State, Text, t
from core.homes.words import Cursor, Home, Wish
from core.places.words import PlaceId
from core.reading import PlacesReading
from flows.where import full_name

FEATURES = 3
"""Features worth naming on a small screen."""

BESIDE_LANDMARK = 1
"""And beside a landmark, which takes the room of two."""

LANDMARK = 24
"""Letters of a landmark that are shown."""

WITH_BEDROOMS = frozenset({"apartment", "house", "villa", "duplex"})
MOST_NAMED = 2
"""Places that are told by their names."""


class Results(State, frozen=True):
    """What is wanted, the home behind which this page begins, and what is being read that changes the wish."""

    wish: Wish = Wish()
    after: Cursor | None = None
    said: str = ""


class Sheet(State, frozen=True):
    """The code of the home that is looked at."""

    code: str = ""


def what(home: Home) -> Text:
    """The kind of a home, with its bedrooms: "Appt 2ch"."""
    if home.kind in WITH_BEDROOMS and home.bedrooms:
        return t("home.rooms", kind=t(f"kind.{home.kind}"), rooms=home.bedrooms)
    return t(f"kind.{home.kind}")


def spot(home: Home, places: PlacesReading, known: Collection[PlaceId] = ()) -> str:
    """Where a home is: its quarter or city; its landmark, if it has one, when that much is ``known``."""
    inside = home.quarter or home.city
    return "".join(landmark(home)) if home.landmark and inside in known else places.place(inside).name


def landmark(home: Home) -> tuple[str, ...]:
    """Its landmark, as much of it as is worth showing; nothing when it has none."""
    if len(home.landmark) <= LANDMARK:
        return (home.landmark,) if home.landmark else ()
    return (home.landmark[: LANDMARK - 1].rstrip() + "…",)


def area(ids: Iterable[PlaceId], places: PlacesReading) -> str:
    """The places of a wish, the first two by name."""
    names = [places.place(place).name for place in ids]
    return ", ".join(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")


def wish(wanted: Wish, places: PlacesReading) -> tuple[object, ...]:
    """A wish in its parts: "location", "appt", "2 chambres", "Akwa (Douala)", "max 150.000F"."""
    rooms = t("wish.bedrooms.4" if wanted.bedrooms == 4 else "wish.bedrooms", count=wanted.bedrooms)
    sites = [full_name(places.place(place), places) for place in wanted.places]
    parts: list[tuple[object, object]] = [
        (True, t(f"wish.{wanted.deal}")),
        *[(True, t(f"kind.{kind}")) for kind in wanted.kinds],
        (wanted.bedrooms, rooms),
        (wanted.furnished is not None, t("wish.furnished" if wanted.furnished else "wish.unfurnished")),
        *[(True, site) for site in sites],
        (wanted.without, t("wish.without", places=area(wanted.without, places))),
        (wanted.low, t("wish.low", amount=wanted.low)),
        (wanted.top, t("wish.top", amount=wanted.top)),
    ]
    return tuple(part for said, part in parts if said)
