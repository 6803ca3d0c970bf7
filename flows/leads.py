"""Where what was told at the top of a chat leads: a table of rules, the first that holds counts."""

from typing import Final, NamedTuple


class Rule(NamedTuple):
    """It leads ``to`` a flow, or a name of intent.py, when all of ``needs`` and nothing of ``unless`` were told.

    Both name what words tell, or what is read beside them (core.places.words.Told).
    """

    to: str
    needs: str
    unless: str = ""


RULES: Final = (
    Rule("pay_lease", "leasecode pay", "otherbill claim"),
    Rule("pay_lease", "leasecode rent"),
    Rule("pay_lease", "leasecode settle"),
    Rule("pay_lease", "leasecode owe"),
    Rule("publish", "homecode letting"),
    Rule("home", "homecode", "pay"),
    Rule("numbers", "danger athome", "seek amount"),
    Rule("numbers", "danger bare", "seek amount place"),
    Rule("numbers", "danger", "home place seek amount"),
    Rule("numbers", "receipt wrong"),
    Rule("check", "receipt check"),
    Rule("check", "receipt genuine"),
    Rule("check", "receipt receiptcode"),
    Rule("check", "receiptcode check"),
    Rule("numbers", "fraud", "home place seek"),
    Rule("pin", "pin", "home place pay"),
    Rule("received", "received howmuch", "home place seek pay"),
    Rule("received", "whopaid", "home place seek"),
    Rule("prompt", "unprompted", "home place seek"),
    Rule("reach", "quiet receipt"),
    Rule("receipts", "receipt", "received seek"),
    Rule("ticket", "ticket", "seek pay place"),
    Rule("ticket", "nuisance", "home seek pay"),
    Rule("ticket", "broken athome", "seek amount"),
    Rule("ticket", "broken", "place amount seek pay"),
    Rule("numbers", "failed pay"),
    Rule("numbers", "failed paid"),
    Rule("numbers", "failed", "home place seek broken"),
    Rule("numbers", "hardship", "home place seek"),
    Rule("nothing", "claim", "home place seek"),
    Rule("how_pay", "promise", "home place seek"),
    Rule("how_pay", "parts", "home place seek"),
    Rule("numbers", "refund", "home place seek"),
    Rule("nothing", "otherbill pay", "rent myrent home place seek"),
    Rule("nothing", "otherbill", "rent myrent home place seek human help broken register devices link"),
    Rule("how_pay", "how pay", "home place seek"),
    Rule("how_pay", "pay fee", "myrent place seek"),
    Rule("how_pay", "pay visit", "myrent place seek"),
    Rule("receipts", "paid", "home place seek"),
    Rule("publish", "letting"),
    Rule("pay_another", "another pay", "seek"),
    Rule("pay_another", "another rent", "seek home place"),
    Rule("sentence", "seek home"),
    Rule("sentence", "seek place"),
    Rule("pay", "pay myrent"),
    Rule("pay", "pay athome"),
    Rule("doubt_search", "pay rent home"),
    Rule("doubt_search", "pay rent place"),
    Rule("sentence", "pay home"),
    Rule("sentence", "pay place"),
    Rule("pay", "pay rent"),
    Rule("pay", "settle rent", "home place"),
    Rule("pay", "settle myrent"),
    Rule("pay", "settle month", "home place"),
    Rule("pay", "settle amount bare"),
    Rule("pay", "settle owe"),
    Rule("pay", "pay month"),
    Rule("pay", "pay part"),
    Rule("pay", "part bare"),
    Rule("pay", "pay when"),
    Rule("pay", "pay wallet"),
    Rule("pay", "pay bare"),
    Rule("doubt_receipts", "pay amount", "seek"),
    Rule("doubt_receipts", "pay", "seek help human register link devices"),
    Rule("nothing", "owe wallet"),
    Rule("pay", "owe bare"),
    Rule("pay", "owe howmuch", "place seek"),
    Rule("pay", "owe rent", "place seek"),
    Rule("pay", "owe myrent", "seek"),
    Rule("pay", "myrent bare", "home place seek"),
    Rule("sentence", "home", "athome"),
    Rule("sentence", "place"),
    Rule("info", "data"),
    Rule("register", "register"),
    Rule("devices", "devices"),
    Rule("link", "link"),
    Rule("numbers", "human"),
    Rule("numbers", "visit", "home place seek amount"),
    Rule("language", "language"),
    Rule("near", "nearme", "home place pay"),
    Rule("search", "renting bare"),
    Rule("reach", "quiet"),
    Rule("search", "seek lodging"),
    Rule("about", "about", "home place seek pay human"),
    Rule("resume", "resume bare"),
    Rule("pay", "again bare"),
    Rule("help", "help"),
    Rule("search", "seek bare"),
    Rule("search", "deal bare", "myrent rent"),
    Rule("search", "lodging bare"),
    Rule("doubt_search", "amount bare"),
    Rule("menu", "menu bare"),
    Rule("menu", "greet bare"),
)
"""The first that holds; when none does, nothing was understood."""

_NOWHERE_ELSE: Final = frozenset({"nothing", "menu", "sentence", "doubt_search", "search", "near"})


def lead(tells: frozenset[str]) -> str:
    """Where what was told leads: the name of a flow, or of a way of intent.py."""
    return next((rule.to for rule in RULES if _holds(rule, tells)), "nothing")


def elsewhere(tells: frozenset[str]) -> bool:
    """Whether somebody who searches means something else than a search."""
    return lead(tells) not in _NOWHERE_ELSE


def _holds(rule: Rule, tells: frozenset[str]) -> bool:
    return tells.issuperset(rule.needs.split()) and tells.isdisjoint(rule.unless.split())
