"""Context: which of the places, prices and homes said belong to today's life of the speaker and not to the wish."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Final

from core.places.signs import Row, Sign, SignRole

_REACHES: Final = frozenset(
    (
        "a au aux en in at for dans sur vers the la le l d de du quartier kartier ville zone commune secteur cote "
        "chez ma mon mes sa son ses notre nos my our her his parents parent famille family soeur frere tante oncle "
        "tonton mere pere maman papa mari femme ami amie copain copine quelqu un une sister brother aunt uncle "
        "friend mother father bien deja encore toujours actuellement presentement maintenant now currently "
        "presently still base basee bases based loge logee installe installee heberge hebergee staying living "
        "situated located stay live rester reste right moment dekk lives avec with et enfants children kids "
        "etudiant etudiante student eleve enseignant enseignante teacher nurse infirmier infirmiere stagiaire "
        "fonctionnaire commercant commercante militaire policier medecin celibataire marie mariee travailleur "
        "chauffeur ce pour instant fi ci sama dey di naa oh hein"
    ).split()
)
"""Words that may stand between "je suis" or the like and the place where somebody is; at any other it is about more."""
_GOES_ON: Final = frozenset("a au quartier ville dans ci".split())
"""Words between two names that say one place: "à Akwa à Douala"."""
_TITLES: Final = frozenset(
    "mr mme mlle monsieur madame mademoiselle mister mrs miss maitre docteur dr pasteur prof".split()
)
_NAMED: Final = ("m appelle", "my name is", "mon nom est", "mon nom c est", "name na", "am called")
_NEAR: Final = frozenset(
    (
        "cote pres proche derriere devant face proximite loin next behind near close opposite beside above dessus "
        "dessous vers from"
    ).split()
)
_SMALL: Final = frozenset("de du d la le les l un une des mon ma mes notre nos son sa the my our a au to".split())
_OWN: Final = frozenset("mon ma notre nos mes my our son sa".split())
_LANDMARKS: Final = frozenset(
    (
        "pharmacie marche ecole lycee college hopital clinique eglise mosquee station boulangerie supermarche "
        "hotel stade mairie commissariat gendarmerie prefecture tribunal universite fac campus market school "
        "hospital church paroisse chapelle cathedrale banque agence dispensaire cimetiere university chefferie "
        "maternelle"
    ).split()
)
_NAME_WORDS = 3
_CHEZ = "chez"
_DEAR: Final = frozenset(["trop", "cher", "chere", "expensive", "beaucoup", "lourd", "much"])
_ENDS: Final = frozenset("je j jveux jcherche cherche veux voudrais want need wan i donc so".split())
_STOPS = ",.;!?:("
_BOUNDS: frozenset[SignRole] = frozenset({"most", "most_before", "least", "least_before"})
_SUBJECTS: Final = frozenset("je j g moi mon ma mes on nous notre i my we our me".split())
_SEEKS: Final = frozenset(
    (
        "cherche cherchons cherch recherche recherchons jcherche jcherch jveux jveu jvoudrais veux veut veu ve vx "
        "voulons voudrais voudrait voudrions aimerais aimerait aime souhaite souhaiterais prefere preference faut "
        "besoin trouver trouve trouvez louer acheter prendre prends peux demande interesse interessee desire "
        "desirons envie budget find look looking search searching want wan wanna need prefer like love rent buy "
        "get take soxla begg wut would fit abeg affecte affectee mute mutee nomme rentre rentrons retourne vais "
        "pars venir descends emmenage move moving relocating transferred going coming aller demenager deplacer "
        "installer rapprocher envoie vers pour jusqu"
    ).split()
)
"""Words that make a clause one of wishes, whatever else it says."""
_NOW: Final = frozenset("moment instant actuellement maintenant presentement encore toujours deja depuis".split())
_ELSEWHERE: Final = (_SEEKS | _NOW) - {"budget", "pour", "abeg"}
"""With one of these, where somebody is is not where they want to be."""
_CHANGES: Final[frozenset[SignRole]] = frozenset({"but", "paid", "not"})
_MOVES: Final = frozenset(
    "move moving relocate relocating transferred transfer shift shifting come coming comot going go".split()
)
"""With one of these, "from" tells what is left behind, and not how far something is."""
_CLAUSE_ENDS = ",.;!?"
_NEARBY: Final = frozenset(
    (
        "pas loin|pas tres loin|pas trop loin|non loin|not far|not too far|close|around|nearby|environs|alentours|coin|"
        "parages|a cote|ici|here"
    ).split("|")
)
"""Said without a place or an amount after it, each keeps the quarter where somebody is."""
_OF: Final = frozenset("de d of the".split())
_TOLD: frozenset[SignRole] = frozenset(
    {"place", "amount", "type", "weak", "rooms", "bedrooms", "lounge", "furnished", "monthly", "deal"}
)
_HOMES: frozenset[SignRole] = frozenset({"type", "weak", "rooms", "bedrooms", "lounge"})


def in_context(row: Row) -> Row:
    """Mark the places that are not simply wanted, by their `value`, and leave out what else is no wish.

    "here": where somebody is or works; "left": what is left behind; "aside": what is spoken of without a wish;
    "person": a name of somebody; "mark": of a landmark. The price and the home of today ("je paye 90 mille à
    Bonapriso, c'est trop") and kinds of home that only say where ("à côté de mon bureau") are left out.
    """
    silent = (_says_where(row, number) or _is_dear(row, number) for number in range(len(row.signs)))
    signs = [_nothing(sign) if none else sign for none, sign in zip(silent, row.signs, strict=True)]
    signs = _unpaid(row, signs)
    standings = {**dict(_aside(row, signs)), **dict(_stays(row, signs))}
    if _is_where_wanted(row, signs, standings) or any(_is_nearby(row, signs, number) for number in range(len(signs))):
        standings = {number: "mark" if standing == "here" else standing for number, standing in standings.items()}
    for number, sign in enumerate(signs):
        if sign.role == "place":
            signs[number] = replace(sign, value=sign.value or standings.get(number) or _called(row, number))
    return replace(row, signs=tuple(signs))


def _nothing(sign: Sign) -> Sign:
    return replace(sign, role="noise", number=None)


def _stays(row: Row, signs: Sequence[Sign]) -> Iterator[tuple[int, str]]:
    """Give the indexes of places where somebody is or that are left behind, with which of the two it is."""
    standing, told = "", False
    moves = any(token.text in _MOVES for token in row.tokens)
    for number, sign in enumerate(signs):
        if row.text(sign) == "from" and moves:
            standing, told = "left", False
        elif sign.role == "origin":
            standing, told = ("" if _is_about_home(row, signs, number) else sign.value or "here"), False
        elif not standing:
            continue
        elif sign.role == "place":
            if told and any(mark in row.before(sign) for mark in _STOPS):
                standing = ""
            else:
                yield number, standing
                told = True
        elif not _may_stand_between(row, sign, told=told, left=standing == "left"):
            standing = ""


def _aside(row: Row, signs: Sequence[Sign]) -> Iterator[tuple[int, str]]:
    """Give the places of clauses about the speaker that ask for nothing: "mon bail finit à Essos, je cherche à"."""
    clauses = list(_clauses(row, signs))
    for number, clause in enumerate(clauses):
        words = {word for index in clause for word in row.text(signs[index]).split()}
        roles = {signs[index].role for index in clause}
        about = words & _SUBJECTS and not words & _SEEKS and not roles & (_HOMES | {"amount", "price", "not", "mend"})
        listed = any(signs[other[0]].role in {"place", "or"} for other in clauses[number + 1 : number + 2])
        if about and not listed and number + 1 < len(clauses):
            yield from ((index, "aside") for index in clause if signs[index].role == "place")


def _clauses(row: Row, signs: Sequence[Sign]) -> Iterator[list[int]]:
    """Part a row into clauses: at a mark, at "mais", and where the speaker begins anew ("et je veux")."""
    clause: list[int] = []
    for index, sign in enumerate(signs):
        words = {token.text for token in row.tokens[sign.start : sign.start + 3]}
        anew = row.tokens[sign.start].text in _SUBJECTS and words & _SEEKS
        marked = any(mark in row.before(sign) for mark in _CLAUSE_ENDS)
        if clause and (anew or marked or sign.role == "but"):
            yield clause
            clause = []
        clause.append(index)
    yield clause


def _is_nearby(row: Row, signs: Sequence[Sign], number: int) -> bool:
    after = [sign.role for sign in signs[number + 1 : number + 3] if row.text(sign) not in _OF]
    return row.text(signs[number]) in _NEARBY and after[:1] not in (["place"], ["amount"])


def _is_where_wanted(row: Row, signs: Sequence[Sign], standings: Container[int]) -> bool:
    """Whether "on est à" says where a home is wanted: no other place is said, and nobody says that they seek one."""
    here = any(sign.role == "origin" and row.text(sign) == "on est" for sign in signs)
    roles = {sign.role for sign in signs}
    words = {token.text for token in row.tokens}
    elsewhere = any(sign.role == "place" and number not in standings for number, sign in enumerate(signs))
    return here and not elsewhere and bool(roles & _HOMES) and not roles & _CHANGES and not words & _ELSEWHERE


def _may_stand_between(row: Row, sign: Sign, *, told: bool, left: bool) -> bool:
    words = row.text(sign).split()
    if told:
        return not left and _GOES_ON.issuperset(words)
    return sign.role == "counted" or _REACHES.issuperset(words)


def _is_about_home(row: Row, signs: Sequence[Sign], number: int) -> bool:
    """Whether "est à" tells where the home wanted is: "un studio qui est à Akwa", but not "mon bureau est à Akwa"."""
    if not row.text(signs[number]).startswith(("est", "se", "sont", "dey", "is", "are")):
        return False
    before = [sign for sign in signs[max(0, number - 2) : number] if sign.role in _HOMES]
    return bool(before) and row.tokens[max(0, before[0].start - 1)].text not in _OWN


def _called(row: Row, number: int) -> str:
    """Say whether a place is only the name of somebody or of a landmark."""
    sign = row.signs[number]
    words = [token.text for token in row.tokens[max(0, sign.start - _NAME_WORDS - 1) : sign.start]]
    mark = row.before(sign)
    title = (words[-1:] == ["m"] and mark == ".") or _is_titled(row, number)
    if title or (words and words[-1] in _TITLES and mark in {" ", "."}) or _introduced(words):
        return "person"
    landmark = not _LANDMARKS.isdisjoint(words[-_NAME_WORDS:]) and not any(
        mark in row.before(other) for other in _between(row, sign) for mark in _STOPS
    )
    if (landmark or _CHEZ in words[-2:]) and not _is_one_of(row, number):
        return "mark"
    return ""


def _is_titled(row: Row, number: int) -> bool:
    """Whether a place is the second name of somebody with a title: "Madame Ngo Bassa"."""
    before = row.signs[max(0, number - 2) : number]
    beside = len(before) > 1 and before[1].role == "unknown" and row.before(row.signs[number]) == " "
    return beside and row.text(before[0]) in _TITLES


def _introduced(words: Sequence[str]) -> bool:
    """Whether somebody says their name here, with another name before or not."""
    said = " ".join(words)
    return said.endswith(_NAMED) or " ".join(words[:-1]).endswith(_NAMED)


def _between(row: Row, sign: Sign) -> Iterator[Sign]:
    """Give the signs from a landmark's word to the name after it."""
    for other in reversed([other for other in row.signs if other.start <= sign.start]):
        if _LANDMARKS.intersection(row.text(other).split()):
            return
        yield other


def _is_one_of(row: Row, number: int) -> bool:
    """Whether "ou" or "et" ties a place to another, so that it is wanted like that one."""
    around = (*row.signs[max(0, number - _NAME_WORDS - 1) : number], *row.signs[number + 1 : number + 2])
    return any(sign.role == "or" for sign in around)


def _says_where(row: Row, number: int) -> bool:
    """Whether a kind of home is only a landmark ("derrière l'immeuble") or the speaker's own ("mon bureau est à")."""
    sign = row.signs[number]
    if sign.role not in {"type", "weak", "residence"}:
        return False
    after = row.signs[number + 1 : number + 2]
    at = sign.start - 1
    mine = at >= 0 and row.tokens[at].text in _OWN
    if mine and ((after and after[0].role == "origin") or (at and row.tokens[at - 1].text == "ai")):
        return True
    while at >= 0 and row.tokens[at].text in _SMALL and row.tokens[at + 1].before in {" ", "'"}:
        at -= 1
    return at >= 0 and row.tokens[at].text in _NEAR and row.tokens[at + 1].before in {" ", "'"}


def _is_dear(row: Row, number: int) -> bool:
    """Whether an amount is only called dear: "200 mille c'est trop"."""
    sign = row.signs[number]
    after = [token.text for token in row.tokens[sign.end : sign.end + _NAME_WORDS + 1]]
    said = sign.role == "amount" and after[:1] in (["c"], ["ce"], ["is"], ["est"], ["na"])
    return said and "pas" not in after and not _DEAR.isdisjoint(after[1:])


def _unpaid(row: Row, signs: list[Sign]) -> list[Sign]:
    """Take out the rent that is paid today, with its home; its place is where somebody is."""
    for number, sign in enumerate(signs):
        lived_in = sign.role == "origin" and bool(signs[number + 1 :]) and signs[number + 1].role in _HOMES
        if sign.role == "paid" or lived_in:
            stop = _clause_end(row, signs, number)
            if _is_of_today(row, signs, number, stop):
                others = {sign.role for sign in (*signs[:number], *signs[stop:])}
                told = _TOLD if others & _HOMES else _TOLD - _HOMES
                signs[number:stop] = [_of_today(sign, told) for sign in signs[number:stop]]
    return signs


def _clause_end(row: Row, signs: Sequence[Sign], number: int) -> int:
    for index in range(number + 1, len(signs)):
        marked = any(mark in row.before(signs[index]) for mark in _STOPS)
        if marked or signs[index].role in {"but", "or"} or not _ENDS.isdisjoint(row.text(signs[index]).split()):
            return index
    return len(signs)


def _is_of_today(row: Row, signs: Sequence[Sign], number: int, stop: int) -> bool:
    """Whether a rent is one that is paid: it sets no bound, and it is called dear or something else is wanted."""
    told = {sign.role for sign in signs[number + 1 : stop]}
    if told & _BOUNDS or not told & {"place", "amount"}:
        return False
    words = {token.text for sign in signs[number:] for token in row.tokens[sign.start : sign.end]}
    others = {sign.role for sign in (*signs[:number], *signs[stop:])}
    return bool(words & _DEAR) or "actuel" in row.text(signs[number]) or bool(told & others & {"place", "amount"})


def _of_today(sign: Sign, told: Container[SignRole]) -> Sign:
    if sign.role == "place":
        return replace(sign, value="here")
    return _nothing(sign) if sign.role in told else sign
