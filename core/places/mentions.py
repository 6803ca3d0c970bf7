"""Mentions: the place names of one sentence settled together, because each may say which of two another means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.kit.text import fold
from core.places.gazetteer import Gazetteer, squeeze
from core.places.words import Country, Place, PlaceId

_ABROAD_FROM = 5
_NO_PLACE = frozenset(["left", "person"])
_PLAIN_WORDS = frozenset(
    [
        "village", "carriere", "eleveur", "eleveurs", "virage", "vallon", "vallons", "millionnaire", "remblais",
        "remblai", "amitie", "centreville", "palmiers", "baobab", "baobabs", "avocatier", "avocatiers", "golf",
        "castors", "palmeraie", "plateau", "leplateau", "medina", "maroc", "foire", "liberte", "parcelles",
        "lesparcelles", "carrefourvillage", "nylon", "hippodrome", "acacia", "acacias", "centreadministratif",
        "dragage", "mamelles", "mamelle", "lesmamelles", "biscuiterie", "briqueterie", "labrique", "belair",
        "jouvence", "omnisport", "omnisports", "brazzaville", "grandstanding", "riviera",
    ]
)  # fmt: skip
"""Names that are also plain words: outside their country, or against the city said, they name no place."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place as it was said: the squeezed names it may be, and whether it is wanted or kept out.

    `apart` tells that "ou" or the like stands before it, so it does not only say more about the one before.
    `standing` is empty for a wish; "here" where somebody is, "left" what is left behind, "back" what was taken
    back, "aside" what is spoken of without a wish, "person" and "mark" the name of somebody or of a landmark.
    `region` is the folded name of a region said beside it.
    """

    names: tuple[str, ...]
    excluded: bool = False
    apart: bool = True
    standing: str = ""
    region: str = ""

    @property
    def wished(self) -> bool:
        """Whether it is plainly asked for."""
        return not self.excluded and not self.standing


_Row = tuple[Mention, tuple[Place, ...]]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the mentions of a sentence mean together; `ambiguous` holds places one of which was meant."""

    city: Place | None = None
    wanted: tuple[Place, ...] = ()
    excluded: tuple[Place, ...] = ()
    ambiguous: tuple[Place, ...] = ()


def settle(mentions: Sequence[Mention], gazetteer: Gazetteer, country: Country | None) -> Settled:
    """Decide what each mention means: the city said narrows first, then the country, then the other quarters.

    A name that still fits two places is not decided: it comes back in `ambiguous`. Where somebody is counts only
    when no other place is wished for, and then only its city; a landmark's name when no quarter is.
    """
    kept = [mention for mention in mentions if mention.excluded or mention.standing not in _NO_PLACE]
    table = _Table(kept, gazetteer, country)
    table.narrow_by_cities()
    table.narrow_by_quarters()
    return table.settled()


class _Table:
    """The places each mention may still be, narrowed step by step."""

    def __init__(self, mentions: Sequence[Mention], gazetteer: Gazetteer, country: Country | None) -> None:
        self._gazetteer = gazetteer
        self._country = country
        self._hints: set[PlaceId] = set()
        rows = self._at_home([(mention, self._first(mention)) for mention in mentions])
        self._rows = list(self._sifted(rows))
        self._cities = self._said_cities()

    def _first(self, mention: Mention) -> tuple[Place, ...]:
        """Give the places a mention may be at home; abroad only a long name that is one place and no plain word."""
        home = self._called(mention, self._gazetteer.scope(self._country))
        if home or self._country is None:
            return home
        abroad = self._called(mention, None)
        plain = any(len(name) < _ABROAD_FROM or name in _PLAIN_WORDS for name in mention.names)
        cities = tuple(place for place in abroad if place.kind == "city")
        own = tuple(place for place in abroad if squeeze(fold(place.name)) in mention.names)
        found = cities if len(cities) == 1 else own
        return () if plain or len(found) > 1 else found

    def _at_home(self, rows: list[_Row]) -> list[_Row]:
        """Drop quarters abroad when anything at home is named: "cocody mermoz" is not about Dakar."""
        if not any(place.country == self._country for _, places in rows for place in places):
            return rows
        return [(m, tuple(p for p in places if p.country == self._country or p.kind == "city")) for m, places in rows]

    def _sifted(self, rows: Sequence[_Row]) -> Iterator[_Row]:
        """Leave out landmarks when a quarter is wished for, and where somebody is when anything is."""
        wished = [place for m, places in rows if m.wished for place in places]
        quarter = any(place.kind != "city" for place in wished)
        elsewhere = bool(wished) or any(m.standing == "mark" and places for m, places in rows)
        given_up = {"back": True, "here": elsewhere, "aside": elsewhere, "mark": quarter}
        cities = set(self._cities_of(wished))
        for mention, places in rows:
            far = mention.standing == "mark" and cities and cities.isdisjoint(self._cities_of(places))
            if mention.excluded or not (far or given_up.get(mention.standing)):
                here = mention.standing == "here" and not mention.excluded
                yield (Mention(()), self._cities_of(places)) if here else (mention, places)
            elif len(places) == 1:
                self._hints.update(city.id for city in self._cities_of(places))

    def _cities_of(self, places: Iterable[Place]) -> tuple[Place, ...]:
        return tuple(dict.fromkeys(self._gazetteer.place(place.city or place.id) for place in places))

    def _called(self, mention: Mention, scope: frozenset[PlaceId] | None) -> tuple[Place, ...]:
        named = (place for name in mention.names for place in self._gazetteer.called(name, scope))
        found = tuple(dict.fromkeys(named))
        of_region = tuple(p for p in found if self._gazetteer.region(p.id) == mention.region)
        return of_region or found

    def _said_cities(self) -> list[Place]:
        """Give the cities said beyond doubt; one that is only the region of another said steps back."""
        sure = [places[0] for m, places in self._rows if len(places) == 1 and not m.excluded]
        cities = [place for place in dict.fromkeys(sure) if place.kind == "city"]
        precise = [place.city or place.id for place in sure]
        return [c for c in cities if not any(self._gazetteer.is_region_of(c.id, p) for p in precise)] or cities

    def narrow_by_cities(self) -> None:
        """Let every city said look for each name inside itself first."""
        if self._cities:
            self._rows = [(mention, self._inside(mention, places)) for mention, places in self._rows]
            self._cities = [c for c in self._cities if any(places == (c,) for _, places in self._rows)]

    def _inside(self, mention: Mention, places: tuple[Place, ...]) -> tuple[Place, ...]:
        scopes = [self._gazetteer.scope(city=city.id) for city in self._cities]
        named = (place for scope in scopes for place in self._called(mention, scope))
        inside = tuple(place for place in dict.fromkeys(named) if place.kind != "city")
        if inside:
            return inside
        plain = any(name in _PLAIN_WORDS for name in mention.names)
        return () if plain and not any(place.kind == "city" for place in places) else places

    def narrow_by_quarters(self) -> None:
        """Let the quarters that are beyond doubt decide for the names that fit two cities, else where somebody is."""
        sure = {places[0].city or places[0].id for _, places in self._rows if len(places) == 1}
        for number, (mention, places) in enumerate(self._rows):
            near = [place for place in places if place.city in (sure or self._hints)]
            if len(places) > 1 and near:
                self._rows[number] = mention, tuple(near)

    def settled(self) -> Settled:
        """Give what is decided, and what is not."""
        city = self._city()
        ambiguous = [place for m, places in self._rows if len(places) > 1 and not m.excluded for place in places]
        quarters = [(m, p[0]) for m, p in self._rows if len(p) == 1 and p[0].kind != "city"]
        if self._cities:
            astray = [place for _, place in quarters if not self._fits(place)]
            ambiguous += astray
            quarters = [(m, place) for m, place in quarters if place not in astray]
            if astray and not quarters:
                city = None
        if self._cities and city is None:
            ambiguous += self._cities
        wanted = self._without_holders([(m, p) for m, p in quarters if not m.excluded])
        excluded = [place for m, places in self._rows if m.excluded for place in places if place.kind != "city"]
        return Settled(city, wanted, tuple(dict.fromkeys(excluded)), tuple(dict.fromkeys(ambiguous)))

    def _fits(self, quarter: Place) -> bool:
        return any(quarter.city == c.id or self._is_region(c, quarter) for c in self._cities)

    def _is_region(self, city: Place, quarter: Place) -> bool:
        return self._gazetteer.is_region_of(city.id, quarter.id)

    def _city(self) -> Place | None:
        """Give the one city meant: the one said, or the one all quarters lie in."""
        if self._cities:
            return self._cities[0] if len(self._cities) == 1 else None
        rows = [places for m, places in self._rows if not m.excluded] or [places for _, places in self._rows]
        owners = {place.city or place.id for places in rows for place in places}
        return self._gazetteer.place(owners.pop()) if len(owners) == 1 else None

    def _without_holders(self, wanted: Sequence[tuple[Mention, Place]]) -> tuple[Place, ...]:
        """Leave out the commune that only said where its quarter lies ("yopougon niangon")."""
        kept: list[Place] = []
        for number, (mention, place) in enumerate(wanted):
            beside = [p for _, p in wanted[max(0, number - 1) : number] if not mention.apart]
            beside += [p for m, p in wanted[number + 1 : number + 2] if not m.apart]
            if not self._holds_any(place, beside):
                kept.append(place)
        return tuple(dict.fromkeys(kept))

    def _holds_any(self, place: Place, others: Iterable[Place]) -> bool:
        inside = self._gazetteer.within(place.id)
        return any(other.id in inside and other.id != place.id for other in others)
