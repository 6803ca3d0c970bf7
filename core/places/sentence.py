"""The simplest honest reading of one sentence about a home: what was said, and nothing that was not."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import cast

from core.places.context import in_context
from core.places.gazetteer import Gazetteer
from core.places.lexicon import ADJECTIVES
from core.places.mending import mended
from core.places.mentions import Mention, settle
from core.places.prices import Limits, read_prices
from core.places.signs import Row, Sign, SignRole, read_signs
from core.places.words import Country, HomeType, Transaction, Wanted

_BIG = 10_000_000
_APART_MARKS = ("/", "+", ";")
_GOES_ON: frozenset[SignRole] = frozenset({"or", "not", "place", "least_before", "inside"})
_REACHES = frozenset(
    (
        "a au aux de du des d la le les l chez vers sur en dans the to in at for of quartier quartiers kartier qtier "
        "zone ville commune secteur carrefour cote habiter vivre rester dormir aller trouver live stay go be want"
    ).split()
)
"""Words that may stand between "pas" and the place it keeps out; after any other, it was about something else."""
_FURNISHED = {"yes": True, "no": False}
_WITHIN_WORDS = 3
_NEAR = 4
_BETWEEN: frozenset[SignRole] = frozenset({"noise", "unknown", "inside"})
_KINDS: frozenset[SignRole] = frozenset({"type", "weak", "rooms", "bedrooms", "lounge", "residence"})
_DENIED = _REACHES | frozenset("un une que be avoir louer prendre juste seulement encore plus rent any".split())
"""Words that may stand between "pas" and the kind of home it refuses."""
_MOST_ROOMS = 9
_MOST_FLATS = 100
_LINKS = frozenset(["ou", "a", "or", "to", "et"])
_NOR = frozenset(["ni", "ni a", "ni au", "ni aux", "nor"])
_NOES = frozenset("pas ne n jamais no not don dont never nor".split())
_CLAUSE_ENDS = ",.;!?:("
_SLIM = ADJECTIVES | frozenset("un une a an one petit petite grand grande beau joli jolie bon bonne simple".split())
"""Words before a kind of home that part it from nothing."""
_SOME = frozenset(["des", "du", "les", "some"])
_PARLOURS = frozenset(["parlour", "parlor", "palour", "palor"])
_ROOMLESS: frozenset[HomeType] = frozenset({"shop", "office", "warehouse", "land"})


def read_sentence(text: str, *, gazetteer: Gazetteer, country: Country | None) -> Wanted:
    """Read what a sentence asks for: "appt 2ch akwa max 150 000".

    A lone amount is a maximum; "3 pièces" and F3 are two bedrooms; land without a verb is for sale, anything
    else for rent (unless the price is one of a sale: then nothing is said); the city follows from the quarter.
    Where two places fit and neither the sentence nor the country decides, `city` is None and `ambiguous` names
    them. Any text is accepted; only its first 700 characters count.
    """
    return read_row(read_signs(text, gazetteer, country), gazetteer=gazetteer, country=country)


def read_row(signs: Row, *, gazetteer: Gazetteer, country: Country | None) -> Wanted:
    """Read the same of a sentence whose signs were read."""
    row = _without_refused(in_context(mended(signs)))
    places = settle(list(_mentions(row)), gazetteer, _country(row, country))
    types = _types(row)
    said = set(_deals(row))
    told = deal = _deal(row, said)
    sold = deal == "sale" or (deal is None and types == ("land",))
    limits = read_prices(row, thousands=not sold)
    bedrooms = _bedrooms(row, types)
    furnished = _furnished(row)
    if not said and deal is None and (types or bedrooms is not None or furnished is not None or limits != Limits()):
        deal = _usual_deal(types, limits)
    return Wanted(
        city=places.city,
        neighbourhoods=places.wanted,
        exclude_neighbourhoods=places.excluded,
        type=types,
        bedrooms=bedrooms,
        furnished=furnished,
        min_price=limits.low,
        max_price=limits.top,
        transaction=deal,
        ambiguous=places.ambiguous,
        transaction_said=told is not None,
        type_said=any(_type_signs(row)),
    )


def as_filters(wanted: Wanted, gazetteer: Gazetteer) -> dict[str, object]:
    """Give the reading in the shape of JSON: names as in the gazetteer, null where nothing was said.

    A quarter that is not decided between two cities is named once; its city stays null.
    """
    named = [place.name for place in wanted.neighbourhoods]
    quarters = [gazetteer.place(place.id) for place in wanted.ambiguous]
    one_name = len({place.name for place in quarters}) == 1
    if wanted.city is None and one_name and any(place.kind != "city" for place in quarters):
        named.append(quarters[0].name)
    return {
        "city": wanted.city.name if wanted.city else None,
        "neighbourhoods": named or None,
        "exclude_neighbourhoods": list(dict.fromkeys(place.name for place in wanted.exclude_neighbourhoods)) or None,
        "type": wanted.type[0] if len(wanted.type) == 1 else list(wanted.type) or None,
        "bedrooms": wanted.bedrooms,
        "furnished": wanted.furnished,
        "min_price": wanted.min_price,
        "max_price": wanted.max_price,
        "transaction": wanted.transaction,
    }


def _country(row: Row, country: Country | None) -> Country | None:
    said = {sign.value for sign in row.signs if sign.role == "country"}
    return cast("Country", said.pop()) if len(said) == 1 else country


def _mentions(row: Row) -> Iterator[Mention]:
    """Give the places said; after "sauf", "pas à" or "ni" they are kept out until something else is said."""
    excluding, apart = False, True
    for number, sign in enumerate(row.signs):
        excluding = _is_not(row, number) or (excluding and _goes_on(row, sign))
        apart = apart or sign.role == "or" or any(mark in row.before(sign) for mark in _APART_MARKS)
        if sign.role == "place":
            yield Mention(sign.names, excluding or _told_out(row, number), apart, sign.value, _region(row, number))
            apart = False


def _region(row: Row, number: int) -> str:
    """Give the region said beside a place, if it is not one somebody comes from: "Bali, North West region"."""
    after, before = row.signs[number + 1 : number + 1 + _NEAR], row.signs[max(0, number - _NEAR) : number]
    for signs in (after, before[::-1]):
        said = [sign for sign in signs if sign.role not in _BETWEEN]
        of_today = any(sign.role == "origin" for sign in said[1:])
        if said and said[0].role == "region" and not of_today:
            return said[0].value
    return ""


def _is_not(row: Row, number: int) -> bool:
    """Whether a sign keeps out what follows; "sans" does so only right before a place."""
    sign = row.signs[number]
    sans = row.text(sign) == "sans" and row.signs[number + 1 : number + 2]
    return sign.role == "not" or bool(sans and sans[0].role == "place")


def _goes_on(row: Row, sign: Sign) -> bool:
    return sign.role in _GOES_ON or (sign.role == "noise" and _REACHES.issuperset(row.text(sign).split()))


def _told_out(row: Row, number: int) -> bool:
    """Whether a place is kept out by what follows it: "Akwa exclu", "je n'ya pas mo Akwa ni Deido"."""
    after = row.signs[number + 1 : number + 3]
    if after and row.text(after[0]).startswith("exclu"):
        return True
    nor = len(after) > 1 and row.text(after[0]) in _NOR and after[1].role == "place"
    return nor and _is_denied(row, number)


def _is_denied(row: Row, number: int) -> bool:
    """Whether a no stands before a place in its clause, and is not about a home ("pas de studio à Akwa")."""
    for index in range(number, -1, -1):
        sign = row.signs[index]
        if sign.role in _KINDS or (index < number and not _NOES.isdisjoint(row.text(sign).split())):
            return sign.role not in _KINDS
        if any(mark in row.before(sign) for mark in _CLAUSE_ENDS):
            return False
    return False


def _without_refused(row: Row) -> Row:
    """Leave out the kinds of home and rooms that are refused: "pas une chambre, un studio"."""
    refused, signs = False, []
    for number, sign in enumerate(row.signs):
        refused = refused and "," not in row.before(sign)
        is_kind = sign.role in _KINDS
        signs.append(replace(sign, role="noise") if refused and is_kind else sign)
        refused = sign.role == "not" or (refused and _goes_on_refused(row, number))
    return replace(row, signs=tuple(signs))


def _goes_on_refused(row: Row, number: int) -> bool:
    """Whether a "pas" reaches beyond a sign; beyond a kind of home only to what it has or stands in."""
    sign, after = row.signs[number], row.signs[number + 1 : number + 2]
    if sign.role in _KINDS:
        return bool(after) and after[0].role in {"lounge", "inside"}
    return sign.role == "inside" or (sign.role == "noise" and _DENIED.issuperset(row.text(sign).split()))


def _types(row: Row) -> tuple[HomeType, ...]:
    """Give the kinds of home asked for: all of them if several will do."""
    signs = [*_type_signs(row), *_grounds(row)]
    signs += [replace(sign, value=told) for sign, told in _told(row) if _joined(row, sign, signs)]
    signs.sort(key=lambda sign: sign.start)
    firm = [sign for sign in signs if sign.role != "weak"]
    kept = firm or signs[:1]
    chosen = [sign for sign in signs if sign in kept or _joined(row, sign, signs)]
    named = tuple(dict.fromkeys(cast("HomeType", sign.value) for sign in chosen if sign.value))
    if named:
        return named
    return _implied_types(row)


def _told(row: Row) -> Iterator[tuple[Sign, str]]:
    """Give the signs that tell a kind of home without naming it: "studio ou chambre", "studio ou 2 pièces"."""
    signs: tuple[Sign | None, ...] = (None, *row.signs, None)
    for before, sign, after in zip(signs, row.signs, signs[2:], strict=False):
        lounge = after is not None and after.role == "lounge"
        counted = sign.role == "bedrooms" and (before is None or before.role not in _KINDS)
        if sign.role == "rooms" or (counted and sign.count == 1 and not sign.value):
            yield sign, "apartment" if lounge else "room"
        elif sign.value == "pieces" or counted:
            yield sign, "apartment"


def _type_signs(row: Row) -> Iterator[Sign]:
    """Give the signs of kinds of home: not those after "dans" once one is named."""
    within, named = 0, False
    befores: tuple[Sign | None, ...] = (None, *row.signs)
    for before, sign in zip(befores, row.signs, strict=False):
        if sign.role in {"type", "weak"}:
            part = within or _is_count(before)
            if not (part and named):
                yield sign
                named = True
            within = 0
        elif sign.role == "rooms":
            named = True
        elif sign.role == "inside":
            within = _WITHIN_WORDS
        else:
            within = max(0, within - 1) if sign.role in {"noise", "unknown"} or row.text(sign) == "des" else 0


def _grounds(row: Row) -> Iterator[Sign]:
    """Give the "ground" that is land because somebody buys or sells it; elsewhere it is only the ground."""
    if any(sign.value == "sale" for sign in row.signs):
        yield from (replace(sign, role="weak", value="land") for sign in row.signs if row.text(sign) == "ground")


def _is_count(sign: Sign | None) -> bool:
    """Whether a number only counts what comes, as in "immeuble avec 8 appartements"."""
    return sign is not None and sign.number is not None and 1 < sign.number.value <= _MOST_FLATS


def _joined(row: Row, sign: Sign, signs: Sequence[Sign]) -> bool:
    """Whether "ou" stands between this kind of home and another, so that either will do."""
    others = {other.start for other in signs if other is not sign}
    near = [other for other in row.signs if other.role != "noise" or row.text(other) not in _SLIM]
    at = next(number for number, other in enumerate(near) if other.start == sign.start)
    for other, link in ((at - 2, at - 1), (at + 2, at + 1)):
        if 0 <= other < len(near) and near[other].start in others and near[link].role == "or":
            return True
    return any(mark in row.before(sign) for mark in _APART_MARKS) or _heads(row, near[at : at + 2], others)


def _heads(row: Row, pair: Sequence[Sign], others: AbstractSet[int]) -> bool:
    """Whether a room begins a list of kinds: "chambre / studio / petit appart", "chambre, studio ou appart"."""
    room, after = (*pair, *pair)[:2]
    marks = {mark for token in row.tokens[room.end : after.start + 1] for mark in token.before}
    listed = room.role == "rooms" and after.role == "type" and after.start in others and room.start < min(others)
    return listed and not marks.isdisjoint("/,;+")


def _implied_types(row: Row) -> tuple[HomeType, ...]:
    """Give the kind of home that the rooms alone tell: a room, or a flat as soon as rooms are counted."""
    counts = [sign for sign in row.signs if sign.role == "bedrooms"]
    lounge = any(sign.role == "lounge" for sign in row.signs)
    alone = any(sign.role == "rooms" for sign in row.signs)
    residence = any(sign.role == "residence" for sign in row.signs)
    if residence and any(sign.value == "sale" for sign in row.signs):
        return ("building",)
    if any(sign.count > 1 or sign.value for sign in counts):
        return ("apartment",)
    if counts or alone:
        return ("apartment",) if lounge else ("room",)
    return ("room",) if residence else ()


def _bedrooms(row: Row, types: tuple[HomeType, ...]) -> int | None:
    if types and _ROOMLESS.issuperset(types):
        return None
    counts = {sign.count for sign in row.signs if sign.role == "bedrooms"} | _alternatives(row)
    if len(counts) == 1:
        count = counts.pop()
        return None if types == ("room",) or ("room" in types and count == 1) else count
    return 1 if not counts and "apartment" in types and _is_room_and_parlour(row) else None


def _is_room_and_parlour(row: Row) -> bool:
    """Whether a flat is called by its two rooms, in French or in English: "chambre salon", "room and parlour"."""
    befores: tuple[Sign | None, ...] = (None, *row.signs)
    for before, sign in zip(befores, row.signs, strict=False):
        if sign.role == "type" and not _PARLOURS.isdisjoint(row.text(sign).split()):
            return not _is_count(before)
    return {"lounge", "rooms"} <= {sign.role for sign in row.signs}


def _alternatives(row: Row) -> set[int]:
    """Give the other count of "2 ou 3 chambres", so that neither is taken."""
    found = set()
    for number, link, counted in zip(row.signs, row.signs[1:], row.signs[2:], strict=False):
        bare = number.number is not None and number.number.value <= _MOST_ROOMS
        if bare and number.number and counted.role == "bedrooms" and row.text(link) in _LINKS:
            found.add(number.number.value - (counted.value == "pieces"))
    return found


def _furnished(row: Row) -> bool | None:
    said = {sign.value for sign in row.signs if sign.role == "furnished"}
    return _FURNISHED.get(said.pop()) if len(said) == 1 else None


def _deal(row: Row, said: AbstractSet[str]) -> Transaction | None:
    """Give the deal whose word was said, none if two were; a monthly price or a "loyer" tells a rent."""
    if "rent_to_own" in said:
        return "rent_to_own"
    if said:
        return cast("Transaction", next(iter(said))) if len(said) == 1 else None
    return "rent" if any(_tells_rent(row, sign) for sign in row.signs) else None


def _deals(row: Row) -> Iterator[str]:
    """Give the deals that are named and wanted: not the second of "à louer, pas à vendre"."""
    befores: tuple[Sign | None, ...] = (None, *row.signs)
    for number, (before, sign) in enumerate(zip(befores, row.signs, strict=False)):
        if sign.role == "deal" and not (before and before.role == "not") and not _is_of_goods(row, number):
            yield sign.value


def _is_of_goods(row: Row, number: int) -> bool:
    """Whether something else is bought or sold: "je vends des beignets, je cherche une boutique"."""
    after = row.signs[number + 1 : number + 3]
    some = len(after) > 1 and row.signs[number].value == "sale" and row.text(after[0]) in _SOME
    return some and after[1].role == "unknown"


def _tells_rent(row: Row, sign: Sign) -> bool:
    return sign.role == "monthly" or (sign.role == "price" and row.text(sign).startswith(("loyer", "rent")))


def _usual_deal(types: tuple[HomeType, ...], limits: Limits) -> Transaction | None:
    if types == ("land",):
        return "sale"
    return None if max(limits.low or 0, limits.top or 0) >= _BIG else "rent"
