"""Heard where a wish is shown: what is said there changes it (another quarter, one more, cheaper, larger)."""

from collections.abc import Set as AbstractSet
from typing import Final, TypeVar

from bot.talk import Aside, Menu, Option, Settled, Text, hearing, replace, t
from core.homes.words import Heard, Kind, Wish
from core.kit.errors import Unclear
from core.kit.money import Money
from core.places.words import Place, PlaceId
from core.reading import Reading
from flows import told
from flows.leads import elsewhere
from flows.search_merge import cities, manner, merged
from flows.where import full_name

V = TypeVar("V")

_PRICE: Final = frozenset({"cheaper", "cheapest"})
_SIZE: Final = {"bigger": 1, "smaller": -1}
_DIGITS: Final = range(4, 8)
"""As many make an amount that is said without a word; fewer are a slip, more a number of something."""

_MOST_BEDROOMS: Final = 4
_RUNGS: Final[list[tuple[Kind, int | None]]] = [
    ("room", None), ("studio", None), ("apartment", 1), ("apartment", 2), ("apartment", 3), ("apartment", 4),
]  # fmt: skip
"""Homes from small to large; any other kind only has more bedrooms or fewer."""


def tells(said: str, read: Reading) -> bool:
    """Whether words say something about a search, and do not lead elsewhere."""
    heard = read.homes.heard(said)
    something = heard.deal_said or heard.which or replace(heard.wish, deal="rent") != Wish()
    words = any(map(str.isalpha, said)) or sum(map(str.isdigit, said)) in _DIGITS
    return words and bool(something) and not elsewhere(read.homes.told(said).tells)


def changing(menu: Menu[V], wish: Wish, read: Reading) -> Menu[V]:
    """The same question, where what is said changes this wish; a whole new one is left to whoever hears the rest."""

    def typed(said: str) -> Aside:
        if whole(said, read):
            raise Unclear("answer.unknown")
        return change(wish, said, read)

    return hearing(menu, typed=typed)


def change(wish: Wish, said: str, read: Reading) -> Aside:
    """Words that say something about a wish that is shown. Raises Unclear for any others."""
    tell = read.homes.told(said).tells
    sizes = any(sized(wish, _SIZE[one]) != wish for one in _SIZE.keys() & tell)
    shows = "lodging" in tell and "seek" not in tell
    if not tells(said, read) and (elsewhere(tell) or not (sizes or shows or tell & _PRICE)):
        raise Unclear("answer.unknown")
    return Aside(said)


def whole(said: str, read: Reading) -> bool:
    """Whether words say by themselves what is looked for: which kind of home and where, with a verb or a price."""
    heard, wish = read.homes.heard(said), read.homes.heard(said).wish
    priced = (wish.low or wish.top) and not manner(said, read).adds
    named = wish.kinds and (wish.places or heard.which)
    return bool(named and (priced or "seek" in read.homes.told(said).tells))


def changed(
    before: Wish,
    said: str,
    read: Reading,
    *,
    shown: Money | None = None,
    begun: bool = True,
    city: PlaceId | None = None,
) -> Menu[Wish] | Settled[Wish]:
    """The wish after what was said; one question, and only when a place is unclear in the cities that are searched.

    ``shown`` is the price of the cheapest home that is seen, ``city`` one whose quarters were asked for.
    """
    heard, how = read.homes.heard(said), manner(said, read)
    known = {*cities(before.places, read), city}
    which = [place for place in heard.which if place.city in known] or heard.which
    if len(which) < 2:
        wish = merged(before, _meant(heard, *which), how, read, begun=begun)
        return Settled(_stepped(wish, heard.wish, read.homes.told(said).tells, shown))
    options = [(merged(before, _meant(heard, place), how, read, begun=begun), place) for place in which]
    return Menu(t("sentence.which"), [Option(wish, full_name(place, read.places)) for wish, place in options])


def _meant(heard: Heard, *which: Place) -> Heard:
    """What was heard, with the place that was meant."""
    places = (*heard.wish.places, *(place.id for place in which))
    return Heard(replace(heard.wish, places=places), (), heard.deal_said, heard.kind_said)


def _stepped(wish: Wish, now: Wish, tell: AbstractSet[str], shown: Money | None) -> Wish:
    """Larger, smaller or cheaper, where no size or price was said instead."""
    if not now.kinds and now.bedrooms is None:
        wish = sized(wish, sum(_SIZE[one] for one in _SIZE.keys() & tell))
    return wish if now.low or now.top or "cheaper" not in tell else cheaper(wish, shown)


def sized(wish: Wish, by: int) -> Wish:
    """One bedroom more (``by`` 1) or fewer (-1), as far as there are; a room, a studio and a flat of one bedroom follow
    each other.
    """
    kind = wish.kinds[0] if len(wish.kinds) == 1 else None
    rung = kind, (wish.bedrooms or 1) if kind == "apartment" else None
    if by and rung in _RUNGS:
        larger, bedrooms = _RUNGS[min(max(_RUNGS.index(rung) + by, 0), len(_RUNGS) - 1)]
        return replace(wish, kinds=(larger,), bedrooms=bedrooms)
    if not by or not told.WITH_BEDROOMS.issuperset(wish.kinds):
        return wish
    return replace(wish, bedrooms=min(max((wish.bedrooms or 1) + by, 1), _MOST_BEDROOMS))


def cheaper(wish: Wish, shown: Money | None) -> Wish:
    """The same for less: a round step below the cheapest home that is ``shown``; where none is, a fifth below the
    highest price. Without one it stays as it is: homes come cheapest first.
    """
    most = shown or wish.top
    if most is None:
        return wish
    top = Money(_round(shown.francs - 1 if shown else most.francs * 4 // 5), most.currency)
    return replace(wish, top=top, low=wish.low if wish.low and wish.low.francs < top.francs else None)


def _round(francs: int) -> int:
    """At most as many, in halves of the first digit or, where that is 1, of a tenth: 45 000, 110 000."""
    unit: int = 10 ** (len(str(francs)) - 1)
    step = max(1, unit // 2 if francs >= 2 * unit else unit // 10)
    return max(1, francs // step * step)


def understood(wish: Wish, read: Reading) -> Text:
    """The whole wish, in words."""
    return t("sentence.heard", wish=told.wish(wish, read.places))
