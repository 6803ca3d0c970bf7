"""Says where words at the top of a chat lead, with the answers that are in them; what is unclear is asked."""

from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from core.kit.month import month_named
from core.places.words import Told
from flows.check_receipt import Check
from flows.help import Topic
from flows.leads import lead
from flows.pay_part import Rent
from flows.pay_said import says_half
from flows.search_wish import Search
from flows.sentence import Sentence
from flows.told import Sheet


class Way(NamedTuple):
    """A way into a flow: at its first step, or at a named one with some answers given."""

    flow: str
    step: str = ""
    state: object = None


NOTHING: Final = Way("sentence", "heard", Sentence())
"""Where words lead that nobody understood: they are told so, and what can be said."""

_WAYS: Final[dict[str, Callable[[Told], Way]]] = {
    "pay": lambda told: Way("pay_rent", state=_part(told)),
    "pay_lease": lambda told: Way("pay_rent", "whose", Rent(code=told.codes["leasecode"], said=told.francs)),
    "pay_another": lambda told: Way("pay_rent", "code", Rent(said=told.francs)),
    "how_pay": lambda _: Way("help", "read", Topic("pay")),
    "check": lambda told: _check(told.codes.get("receiptcode", "")),
    "home": lambda told: Way("home", state=Sheet(told.codes["homecode"])),
    "sentence": lambda told: Way("sentence", "which", Sentence(told.said)),
    "doubt_search": lambda told: _doubt(told, "sentence"),
    "doubt_receipts": lambda told: _doubt(told, "receipts"),
    "numbers": lambda _: Way("help", "read", Topic("numbers")),
    "prompt": lambda _: Way("help", "read", Topic("prompt")),
    "pin": lambda _: Way("help", "read", Topic("pin")),
    "about": lambda _: Way("help", "read", Topic("about")),
    "resume": lambda _: Way("help", "read", Topic("resume")),
    "near": lambda _: Way("search", "city", Search()),
    "nothing": lambda _: NOTHING,
}
"""Ways that have answers in them; any other name is that of a flow."""

_SEARCHES: Final = frozenset({"sentence", "search"})

_UNTIL_THEN: Final = {"ticket": "numbers", "publish": "numbers"}
"""What somebody is told who wants what Toit has no flow for yet: whom to call."""


def ways(flows: Collection[str]) -> Callable[[Told], Way]:
    """Give what decides, in a house with these flows, where something told leads."""
    known = {*flows, *_WAYS}

    def way(told: Told) -> Way:
        to = lead(told.tells)
        name = to if to in known else _UNTIL_THEN.get(to, "nothing")
        make = _WAYS.get(name)
        return make(told) if make else Way(name)

    return way


def clear(way: Way) -> bool:
    """Whether something was understood that is more than a greeting."""
    return way.flow != "menu" and way != NOTHING


def sure(way: Way) -> bool:
    """Whether that is clear to somebody in the middle of something, too: what might be a search (a place, an amount) is
    more likely a bad answer then.
    """
    return clear(way) and way.flow not in _SEARCHES


def _part(told: Told) -> Rent:
    return Rent(said=told.francs, month=month_named(told.said), half=says_half(told.said))


def _check(code: str) -> Way:
    return Way("check_receipt", "result", Check(code)) if code else Way("check_receipt")


def _doubt(told: Told, other: str) -> Way:
    return Way("sentence", "doubt", Sentence(told.said, other=other, francs=told.francs))
