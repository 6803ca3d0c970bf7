"""What is asked about when a home is looked for: what may be done with it, and the kinds of homes for each."""

from bot.talk import Menu, Option, t
from core.homes.words import Deal, Kind

DEALS: tuple[Deal, ...] = ("rent", "sale", "rent_to_own")
GROUPS: dict[str, tuple[Kind, ...]] = {
    "room": ("room",),
    "studio": ("studio",),
    "apartment": ("apartment",),
    "house": ("house", "villa", "duplex"),
    "shop": ("shop", "office", "warehouse"),
    "land": ("land",),
    "building": ("building",),
}
KINDS: dict[Deal, tuple[str, ...]] = {
    "rent": ("room", "studio", "apartment", "house", "shop", "land"),
    "sale": ("land", "house", "apartment", "building", "shop"),
    "rent_to_own": ("house", "apartment", "land"),
}
ANY = 0
"""As an answer to "how many bedrooms": never mind."""


def deals() -> list[Option[str]]:
    """What may be done with a home."""
    return [Option(deal, t(f"search.deal.{deal}")) for deal in DEALS]


def kinds(deal: Deal) -> Menu[str]:
    """Which kind, by the names of GROUPS."""
    return Menu(t("search.kind"), [Option(group, t(f"search.kind.{group}")) for group in KINDS[deal]])


def bedrooms() -> Menu[int]:
    """How many bedrooms; 4 is for more as well."""
    return Menu(t("search.bedrooms"), [Option(n, t(f"search.bedrooms.{n}")) for n in (1, 2, 3, 4, ANY)])
