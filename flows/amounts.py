"""Top prices worth offering, by country, deal and kind (shaped on asking prices read there), and amounts on menus."""

from collections.abc import Callable
from typing import Final

from core.homes.words import Deal, Kind
from core.kit.errors import Unclear
from core.kit.money import CURRENCY_OF, Currency, Money, parse_money

_Tops = dict[str, tuple[int, ...]]

_ROOM: Final[_Tops] = {"CM": (15, 20, 30, 50), "SN": (40, 50, 70, 100), "CI": (20, 30, 50, 70)}
_STUDIO: Final[_Tops] = {"CM": (30, 50, 75, 100), "SN": (60, 100, 150, 200), "CI": (40, 70, 100, 150)}
_APARTMENT: Final[_Tops] = {"CM": (50, 75, 100, 150), "SN": (100, 150, 250, 400), "CI": (80, 150, 250, 400)}
_HOUSE: Final[_Tops] = {"CM": (100, 150, 300, 500), "SN": (250, 500, 900, 1_500), "CI": (200, 400, 600, 1_000)}
_WORK: Final[_Tops] = {"CM": (50, 80, 150, 300), "SN": (100, 150, 250, 500), "CI": (80, 150, 250, 500)}
_RENT: Final[dict[str, _Tops]] = {
    "room": _ROOM,
    "studio": _STUDIO,
    "apartment": _APARTMENT,
    "house": _HOUSE,
    "shop": _WORK,
    "land": _WORK,
}
"""Thousands of francs a month."""

_SALE: Final[dict[str, _Tops]] = {
    "apartment": {"CM": (15, 25, 40, 60), "SN": (30, 50, 80, 120), "CI": (20, 40, 60, 100)},
    "house": {"CM": (20, 35, 60, 100), "SN": (30, 50, 90, 150), "CI": (20, 40, 80, 150)},
    "building": {"CM": (60, 100, 200, 400), "SN": (100, 200, 350, 600), "CI": (80, 150, 300, 600)},
    "shop": {"CM": (10, 20, 40, 80), "SN": (15, 30, 60, 100), "CI": (15, 30, 60, 100)},
    "land": {"CM": (3, 8, 15, 30), "SN": (8, 15, 30, 60), "CI": (5, 10, 20, 50)},
}
"""Millions of francs."""

LEAST: Final[dict[Deal, int]] = {"rent": 1_000, "sale": 500_000, "rent_to_own": 1_000}
"""Francs: below this a price was typed without its thousands or millions."""


def tops(country: str, deal: Deal, kind: Kind) -> tuple[Money, ...]:
    """Four top prices, the lowest first; rent-to-own is paid by the month, like a rent."""
    table, unit = (_SALE, 1_000_000) if deal == "sale" else (_RENT, 1_000)
    by_country = table.get(kind, table["house"])
    amounts = by_country.get(country, by_country["CM"])
    return tuple(Money(amount * unit, CURRENCY_OF.get(country, "XAF")) for amount in amounts)


def amount(currency: Currency, digits: int) -> Callable[[str], Money]:
    """Reads an amount typed at a menu that offers some. Raises Unclear; also for fewer ``digits`` and nothing else:
    these were meant for an option.
    """

    def read(said: str) -> Money:
        if said.isdigit() and len(said) < digits:
            raise Unclear("money.unclear")
        return parse_money(said, currency)

    return read
