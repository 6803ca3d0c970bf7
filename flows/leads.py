"""Where what was told at the top of a chat leads: a table of rules, the first that holds counts."""

from typing import Final, NamedTuple


class Rule(NamedTuple):
    """It leads ``to`` a flow, or a name of intent.py, when all of ``needs`` and nothing of ``unless`` were told.

    Both name what words tell (tells.py) or what is read beside them: ``lease_code``, ``home_code``, ``receipt_code``;
    ``home`` (a kind or its rooms), ``place``, ``amount``, ``deal`` of a search; ``bare`` when nothing else was said.
    """

    to: str
    needs: str
    unless: str = ""


RULES: Final = (
    Rule("pay_lease", "lease_code pay", "other_bill claim"),
    Rule("pay_lease", "lease_code rent"),
    Rule("pay_lease", "lease_code settle"),
    Rule("pay_lease", "lease_code owe"),
    Rule("home", "home_code", "pay"),
    Rule("check", "receipt check"),
    Rule("check", "receipt genuine"),
    Rule("check", "receipt receipt_code"),
    Rule("check", "receipt_code check"),
    Rule("numbers", "fraud", "home place seek"),
    Rule("pin", "pin", "home place pay"),
    Rule("receipts", "receipt", "received seek"),
    Rule("ticket", "broken at_home", "seek amount"),
    Rule("ticket", "broken", "place amount seek pay"),
    Rule("numbers", "failed pay"),
    Rule("numbers", "failed paid"),
    Rule("numbers", "failed", "home place seek broken"),
    Rule("nothing", "claim", "home place seek"),
    Rule("numbers", "refund", "home place seek"),
    Rule("nothing", "other_bill pay", "rent my_rent home place seek"),
    Rule("nothing", "other_bill", "rent my_rent home place seek human help broken register devices link"),
    Rule("how_pay", "how pay", "home place seek"),
    Rule("how_pay", "pay fee", "my_rent place seek"),
    Rule("receipts", "paid", "home place seek"),
    Rule("publish", "mine_to_let"),
    Rule("pay_another", "another pay", "seek"),
    Rule("pay_another", "another rent", "seek home place"),
    Rule("sentence", "seek home"),
    Rule("sentence", "seek place"),
    Rule("pay", "pay my_rent"),
    Rule("pay", "pay at_home"),
    Rule("doubt_search", "pay rent home"),
    Rule("doubt_search", "pay rent place"),
    Rule("sentence", "pay home"),
    Rule("sentence", "pay place"),
    Rule("pay", "pay rent"),
    Rule("pay", "settle rent", "home place"),
    Rule("pay", "settle my_rent"),
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
    Rule("pay", "owe how_much", "place seek"),
    Rule("pay", "owe rent", "place seek"),
    Rule("pay", "owe my_rent", "seek"),
    Rule("pay", "my_rent bare", "home place seek"),
    Rule("sentence", "home", "at_home"),
    Rule("sentence", "place"),
    Rule("info", "data"),
    Rule("register", "register"),
    Rule("devices", "devices"),
    Rule("link", "link"),
    Rule("human", "human"),
    Rule("language", "language"),
    Rule("search", "renting bare"),
    Rule("preferences", "quiet"),
    Rule("search", "seek lodging"),
    Rule("help", "help"),
    Rule("search", "seek bare"),
    Rule("search", "deal bare", "my_rent rent"),
    Rule("search", "lodging bare"),
    Rule("doubt_search", "amount bare"),
    Rule("menu", "menu bare"),
    Rule("menu", "greet bare"),
)
"""The first that holds; when none does, nothing was understood."""
