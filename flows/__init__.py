"""What people can do here: the one list of flows, and the words, dial strings and codes that lead into them."""

from typing import Final

from bot.entry import Entry, Lead, Unasked
from bot.inbound import Location
from bot.router import Act, Router
from bot.talk import Flow
from core.people.words import ChangeLanguage
from core.places.listen import listen
from flows.check_receipt import CHECK_RECEIPT
from flows.devices import DEVICES
from flows.help import HELP
from flows.home import HOME
from flows.identify import IDENTIFY
from flows.info import INFO
from flows.intent import clear, sure, ways
from flows.language import LANGUAGE
from flows.link import LINK
from flows.menu import MENU
from flows.near import spot
from flows.pay_rent import PAY_RENT
from flows.pay_with import PAY_WITH
from flows.reach import REACH
from flows.receipts import RECEIPTS
from flows.received import RECEIVED
from flows.register import REGISTER
from flows.results import RESULTS
from flows.search import SEARCH
from flows.search_wish import Search
from flows.sentence import SENTENCE
from flows.told import Sheet

FLOWS: Final[tuple[Flow, ...]] = (
    MENU, REGISTER, IDENTIFY, SEARCH, RESULTS, SENTENCE, HOME, PAY_RENT, PAY_WITH, RECEIPTS, CHECK_RECEIPT, LANGUAGE,
    HELP, INFO, LINK, DEVICES, REACH, RECEIVED,
)  # fmt: skip

_WORDS: Final = {
    "menu": "menu accueil",
    "help": "aide help agent humain",
    "pay_rent": "payer pay loyer rent solde balance",
    "receipts": "recu recus quittance quittances receipt receipts",
    "received": "encaissements revenus income",
    "check_receipt": "verifier verify check",
    "search": "chercher search",
    "language": "langue language lang",
    "info": "info infos mesdonnees mydata",
    "link": "relier lier link connecter",
    "devices": "appareils appareil devices",
}
"""Folded words by the flow they lead to; STOP and OUI belong to the sending of notices."""

_WAY: Final = ways([flow.name for flow in FLOWS])


def _lead(said: str) -> Lead:
    way = _WAY(listen(said))
    return Lead(Entry(*way), clear(way), sure(way))


ROUTER: Final = Router(
    words={
        **{word: Entry(flow) for flow, words in _WORDS.items() for word in words.split()},
        **dict.fromkeys(("francais", "french"), Act(ChangeLanguage("fr"))),
        **dict.fromkeys(("english", "anglais"), Act(ChangeLanguage("en"))),
    },
    dial={
        "1": Entry("search"),
        "2": Entry("pay_rent"),
        "3": Entry("receipts"),
        "4": Entry("check_receipt"),
        "5": Entry("devices"),
    },
    codes={"A": lambda code: Entry("home", state=Sheet(code))},
    unasked=Unasked(
        words=_lead,
        shared={Location: lambda location: Entry("search", "here", Search(here=spot(location)))},
        loose=("results", "home", "sentence", "pay_rent.which", "pay_rent.due"),
    ),
)
