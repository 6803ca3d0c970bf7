"""The gazetteer: every city and quarter Toit knows, and the one way a typed name becomes a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import dropwhile
from typing import TypeVar

import msgspec

from core.kit.text import fold
from core.places.near import EDITS, Near
from core.places.words import COUNTRIES, Country, Found, Kind, Place, PlaceId, Reading, Several, Unknown

_LONGEST_TEXT = 600
_LONGEST_KEY = 40
_CHOICES = 8
_SUGGESTIONS = 3
_PREFIX_LETTERS = 4
_PREFIX_NAMES = 64
_ONE_EDIT_FROM = 4
_TWO_EDITS_FROM = 7
_BEGINNING = 3
_WORD_FROM = 5
_FILLERS = frozenset(
    word
    for line in (
        "a au aux de du des d la le les l un une vers cote sur dans pour je veux cherche",
        "quartier quart qtier qrt carrefour carref ville commune secteur",
        "the to in at for from i want",
    )
    for word in line.split()
)

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the gazetteer file.

    `id` is for ever: cities count from 1, communes and quarters from 1000, and the number of a place that is
    taken out is never given to another. `rank` orders the places of one city (or the cities of one country),
    most asked for first. `aliases` are ways people write the name beyond case, accents, spaces and hyphens;
    `neighbours` are quarters that touch this one, given on both sides.
    """

    id: PlaceId
    kind: Kind
    name: str
    country: Country
    region: str
    city: PlaceId | None
    parent: PlaceId | None
    rank: int
    aliases: tuple[str, ...] = ()
    neighbours: tuple[PlaceId, ...] = ()

    @property
    def place(self) -> Place:
        """Give what the rest of the house sees of it."""
        return Place(self.id, self.name, self.kind, self.city, self.parent, self.country)


def squeeze(folded: str) -> str:
    """Give the key a folded name is looked up by: "pk 14", "pk14" and "P.K. 14" are one name."""
    return folded.replace(" ", "")


def edits_allowed(key: str) -> int:
    """Give how many letters of a squeezed name may be wrong: 0 up to three letters, 1 up to six, then 2."""
    return (len(key) >= _ONE_EDIT_FROM) + (len(key) >= _TWO_EDITS_FROM)


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _words(records: Iterable[Record]) -> frozenset[str]:
    """Give the folded words that names and aliases are made of."""
    return frozenset(word for r in records for name in (r.name, *r.aliases) for word in fold(name).split())


def _index(names: Iterable[tuple[str, PlaceId]]) -> dict[str, tuple[PlaceId, ...]]:
    index: dict[str, tuple[PlaceId, ...]] = {}
    for name, place in names:
        key = squeeze(fold(name))
        if place not in index.get(key, ()):
            index[key] = (*index.get(key, ()), place)
    return index


class Gazetteer:
    """All places, held in memory; reading a name costs no I/O."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Build from records in any order; ValueError for an id given twice or one that names nothing."""
        by_rank = sorted(records, key=lambda r: (r.kind != "city", r.rank, r.name))
        self._places = {r.id: r.place for r in by_rank}
        cities = [place for place in self._places.values() if place.kind == "city"]
        self._cities = _grouped((place.country, place) for place in cities)
        self._quarters = _grouped((place.city, place) for place in self._places.values() if place.city is not None)
        if len(self._places) != len(by_rank):
            raise ValueError("two places share an id")
        self._order = {r.id: number for number, r in enumerate(by_rank)}
        self._neighbours = {r.id: tuple(self._sorted(r.neighbours)) for r in by_rank}
        self._names = _index((r.name, r.id) for r in by_rank)
        self._aliases = _index((alias, r.id) for r in by_rank for alias in r.aliases)
        self._near = Near([*self._names, *self._aliases])
        self._inside: dict[PlaceId, list[PlaceId]] = {}
        for place in self._places.values():
            for holder in {place.city, place.parent} - {None}:
                self._inside.setdefault(self._known(holder), []).append(place.id)
        self._scopes = self._build_scopes()
        self._regions = {r.id: fold(r.region) for r in by_rank}
        self._words = {country: _words(r for r in by_rank if r.country == country) for country in COUNTRIES}
        self.vocabulary = frozenset[str]().union(*self._words.values())
        self._words_near: dict[Country | None, Near] = {}

    @classmethod
    def load(cls) -> "Gazetteer":
        """Build from the file that comes with the house; the only reading from disk there is."""
        lines = files("core.places").joinpath("gazetteer.jsonl").read_bytes().splitlines()
        decode = msgspec.json.Decoder(Record).decode
        gazetteer = cls([decode(line) for line in lines])
        for country in (None, *COUNTRIES):
            gazetteer.words_near(country)
        return gazetteer

    def _known(self, place: PlaceId | None) -> PlaceId:
        if place is None or place not in self._places:
            raise ValueError(f"no place has the id {place}")
        return place

    def _sorted(self, ids: Iterable[PlaceId]) -> list[PlaceId]:
        return sorted((self._known(i) for i in ids), key=self._order.__getitem__)

    def _build_scopes(self) -> dict[PlaceId | Country, frozenset[PlaceId]]:
        scopes: dict[PlaceId | Country, set[PlaceId]] = {}
        for place in self._places.values():
            scopes.setdefault(place.country, set()).add(place.id)
            scopes.setdefault(place.city or place.id, set()).add(place.id)
        return {key: frozenset(ids) for key, ids in scopes.items()}

    def place(self, place: PlaceId) -> Place:
        """Give the place of an id; KeyError when there is none."""
        return self._places[place]

    def cities(self, country: Country) -> tuple[Place, ...]:
        """Give the cities of a country, most asked for first."""
        return self._cities.get(country, ())

    def quarters(self, city: PlaceId) -> tuple[Place, ...]:
        """Give the communes and quarters of a city, most asked for first; none for an id that is no city."""
        return self._quarters.get(city, ())

    def neighbours(self, place: PlaceId) -> tuple[Place, ...]:
        """Give the quarters known to touch this one, most asked for first; KeyError for an unknown id."""
        return tuple(self._places[i] for i in self._neighbours[place])

    def within(self, place: PlaceId) -> frozenset[PlaceId]:
        """Give the ids of a place and of everything inside it; KeyError when there is no such place."""
        inside = {self._places[place].id}
        todo = [place]
        while todo:
            fresh = [i for i in self._inside.get(todo.pop(), ()) if i not in inside]
            inside.update(fresh)
            todo.extend(fresh)
        return frozenset(inside)

    def read(self, text: str, *, country: Country | None = None, city: PlaceId | None = None) -> Reading:
        """Say which place a typed name means, within `city` if given, else within `country`, else anywhere.

        A name as people write it wins; then the only names it begins (four letters or more), sounds like, or
        is at most two edits from (digits must be right, short names allow fewer edits). It never guesses:
        two places that fit equally are Several, and when none fits well it is Unknown with the nearest.
        Any text is accepted; only the first 600 characters are looked at.
        """
        words = fold(text[:_LONGEST_TEXT]).split()
        named = self._named(words, self.scope(country, city))
        if named is not None:
            return named
        narrowed = self._city_said(words, country) if city is None else None
        if narrowed is not None:
            return self.read(" ".join(narrowed[0]), city=narrowed[1])
        bare = list(dropwhile(_FILLERS.__contains__, words)) or words
        return self._guess(squeeze(" ".join(bare))[:_LONGEST_KEY], self.scope(country, city))

    def is_region_of(self, city: PlaceId, other: PlaceId) -> bool:
        """Whether a city's name is also that of the region another place lies in: Dakar for Rufisque."""
        return self._regions[other] == fold(self._places[city].name) and city != other

    def region(self, place: PlaceId) -> str:
        """Give the folded name of the region a place lies in; KeyError when there is no such place."""
        return self._regions[place]

    def scope(self, country: Country | None = None, city: PlaceId | None = None) -> frozenset[PlaceId] | None:
        """Give the ids a search is narrowed to; None when it is not narrowed."""
        if city is not None:
            return self._scopes.get(city, frozenset())
        return None if country is None else self._scopes.get(country, frozenset())

    def words_near(self, country: Country | None) -> Near:
        """Give an index of the longer words that names are made of, in a country or in all; built when asked."""
        if country not in self._words_near:
            words = self.vocabulary if country is None else self._words[country]
            self._words_near[country] = Near(w for w in words if w.isalpha() and len(w) >= _WORD_FROM)
        return self._words_near[country]

    def called(self, key: str, scope: frozenset[PlaceId] | None = None) -> tuple[Place, ...]:
        """Give the places of a squeezed name, those whose own name it is before those it is an alias of."""
        for index in (self._names, self._aliases):
            ids = [i for i in index.get(key, ()) if scope is None or i in scope]
            if ids:
                return tuple(self._places[i] for i in ids)
        return ()

    def _named(self, words: Sequence[str], scope: frozenset[PlaceId] | None) -> Found | Several | None:
        bare = list(words)
        while True:
            places = self.called(squeeze(" ".join(bare)), scope)
            if places:
                return _one_or_several(places)
            if not bare or bare[0] not in _FILLERS:
                return None
            bare = bare[1:]

    def _city_said(self, words: Sequence[str], country: Country | None) -> tuple[Sequence[str], PlaceId] | None:
        """Split "akwa douala" into the rest and the city, if the last words name exactly one."""
        for size in (1, 2):
            if len(words) > size:
                said = self.called(squeeze(" ".join(words[-size:])), self.scope(country, None))
                cities = [p.id for p in said if p.kind == "city"]
                if len(cities) == 1:
                    return words[:-size], cities[0]
        return None

    def _guess(self, key: str, scope: frozenset[PlaceId] | None) -> Reading:
        if len(key) < _PREFIX_LETTERS:
            return Unknown(self._suggest(key, (), scope))
        begun = self._begun(key, scope)
        if begun:
            return _one_or_several(begun) if len(begun) <= _CHOICES else Unknown(begun[:_SUGGESTIONS])
        heard = self._places_of(self._near.heard(key), scope)
        close = self.close(key, scope)
        fitting = heard or tuple(p for d, p, fits in close if fits and d == close[0][0])
        if not 0 < len(fitting) <= _CHOICES or self.called(key):
            return Unknown(self._suggest(key, (*heard, *(p for _, p, _ in close)), scope))
        return _one_or_several(fitting)

    def _begun(self, key: str, scope: frozenset[PlaceId] | None) -> tuple[Place, ...]:
        """Give the places whose name begins with the key; without any, those with such an alias."""
        keys = self._near.starting(key, _PREFIX_NAMES)
        named = self._places_of((k for k in keys if k in self._names), scope)
        return named or self._places_of(keys, scope)

    def _suggest(self, key: str, near: tuple[Place, ...], scope: frozenset[PlaceId] | None) -> tuple[Place, ...]:
        """Suggest the same name elsewhere, then what is near, or what begins alike when nothing is."""
        near = tuple(dict.fromkeys((*self.called(key), *near)))
        if not near and len(key) >= _BEGINNING:
            near = self._places_of(self._near.starting(key[:_BEGINNING], _PREFIX_NAMES), scope)
        return near[:_SUGGESTIONS]

    def _places_of(self, keys: Iterable[str], scope: frozenset[PlaceId] | None) -> tuple[Place, ...]:
        ids = {p.id for key in keys for p in self.called(key, scope)}
        return tuple(self._places[i] for i in self._sorted(ids))

    def close(self, key: str, scope: frozenset[PlaceId] | None = None) -> list[tuple[int, Place, bool]]:
        """Give (edits, place, near enough to be meant) within two edits of a squeezed name, best first.

        Near enough: the digits are the same and the name is long enough to bear that many edits.
        """
        found: dict[PlaceId, tuple[bool, int, int]] = {}
        for edits, name in self._near.within(key, EDITS):
            far = edits > edits_allowed(name) or _digits(name) != _digits(key)
            for place in self.called(name, scope):
                rated = (far, edits, self._order[place.id])
                found[place.id] = min(rated, found.get(place.id, rated))
        best = sorted(found.items(), key=lambda item: item[1])
        return [(edits, self._places[i], not far) for i, (far, edits, _) in best]

    def misspelt(self, key: str, edits: int, scope: frozenset[PlaceId] | None) -> tuple[int, tuple[str, ...]]:
        """Give the edits and the names nearest a squeezed key, at most `edits` away or alike to the ear.

        The names are keys for `called`; (edits + 1, ()) when there are none within the scope.
        """
        near = [(d, n) for d, n in self._near.within(key, edits) if _digits(n) == _digits(key)]
        near = [(d, n) for d, n in near if self.called(n, scope)]
        if near:
            return near[0][0], tuple(n for d, n in near if d == near[0][0])
        heard = tuple(n for n in self._near.heard(key) if self.called(n, scope))
        return (edits, heard) if heard else (edits + 1, ())


def _one_or_several(places: tuple[Place, ...]) -> Found | Several:
    return Found(places[0]) if len(places) == 1 else Several(places)


def _grouped(pairs: Iterable[tuple[K, Place]]) -> dict[K, tuple[Place, ...]]:
    """Places by a key, in the order in which they come."""
    found: dict[K, list[Place]] = {}
    for key, place in pairs:
        found.setdefault(key, []).append(place)
    return {key: tuple(places) for key, places in found.items()}


@cache
def gazetteer() -> Gazetteer:
    """The packaged gazetteer, loaded once a process."""
    return Gazetteer.load()
