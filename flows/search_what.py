"""What a search looks for: which kind of home, how many bedrooms, the top price."""

from bot.talk import Aside, Field, Go, Menu, Option, go, money, replace, t
from core.kit.errors import Unclear
from core.kit.money import CURRENCY_OF, Money
from core.kit.point import Point
from core.reading import Reading
from flows.amounts import LEAST, amount, tops
from flows.kinds import GROUPS, bedrooms, kinds
from flows.search_change import tells
from flows.search_wish import Search, country_of, found, onward
from flows.search_words import hear, here, take_beside
from flows.told import WITH_BEDROOMS
from flows.typed import meant


async def ask_kind(s: Search, read: Reading) -> Menu[str]:
    return hear(kinds(s.wish.deal), read)


def take_kind(s: Search, group: str) -> Go[Search]:
    """A number of bedrooms that was said before counts where there are several."""
    roomy = WITH_BEDROOMS.issuperset(GROUPS[group])
    wish = replace(s.wish, kinds=GROUPS[group], bedrooms=s.wish.bedrooms if roomy else None)
    return onward(replace(s, wish=wish), ("bedrooms", "top"))


async def ask_bedrooms(_: Search, read: Reading) -> Menu[int]:
    return hear(bedrooms(), read)


def take_bedrooms(s: Search, wanted: int) -> Go[Search]:
    return onward(replace(s, wish=replace(s.wish, bedrooms=wanted or None), any_bedrooms=not wanted), ["top"])


async def ask_top(s: Search, read: Reading) -> Menu[Money | str]:
    country = country_of(s.wish, read)
    offered = tops(country, s.wish.deal, s.wish.kinds[0] if s.wish.kinds else "apartment")
    amounts = [Option[Money | str](top, t("search.amount", amount=top)) for top in offered]
    other = [Option[Money | str](key, t(f"search.top.{key}")) for key in ("other", "any")]
    asked = Menu(t(f"search.top.{s.wish.deal}"), [*amounts, *other])
    return hear(asked, read, amount(CURRENCY_OF.get(country, "XAF"), 2))


def take_top(s: Search, answer: Money | str) -> Go[Search]:
    if isinstance(answer, Money):
        return take_top_typed(s, answer)
    return go("top_typed", s) if answer == "other" else found(s, None)


async def ask_top_typed(s: Search, read: Reading) -> Field[Money]:
    plain = money(CURRENCY_OF.get(country_of(s.wish, read), "XAF"))

    def typed(said: str) -> Money | Aside:
        try:
            return plain(said)
        except Unclear:
            if tells(said, read):
                return Aside(said)
            raise

    return Field(t("search.type_top"), typed, shared=here)


def take_top_typed(s: Search, top: Money) -> Go[Search]:
    if meant(top, LEAST[s.wish.deal]) == top:
        return found(s, top)
    return go("check_top", replace(s, wish=replace(s.wish, top=top)))


async def ask_check_top(s: Search, read: Reading) -> Menu[bool]:
    typed = s.wish.top or Money(1, "XAF")
    title = t("search.check_top", typed=typed, meant=meant(typed, LEAST[s.wish.deal]))
    agreed = [Option(value=True, label=t("confirm.yes")), Option(value=False, label=t("search.retype"))]
    return hear(Menu(title, agreed, agrees=True), read)


def take_beside_top(s: Search, said: str | Point) -> Go[Search]:
    """A price that was in doubt is open again."""
    return take_beside(replace(s, wish=replace(s.wish, top=None)), said)


def take_check_top(s: Search, agreed: bool) -> Go[Search]:
    if not agreed or s.wish.top is None:
        return go("top_typed", s)
    return found(s, meant(s.wish.top, LEAST[s.wish.deal]))
