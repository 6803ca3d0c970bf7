"""Mending: what somebody takes back in mid-sentence leaves the row of signs ("à Akwa, non pardon, à Deido")."""

from collections.abc import Sequence
from dataclasses import replace

from core.places.signs import Row, Sign, SignRole

_FAMILIES: tuple[frozenset[SignRole], ...] = (
    frozenset({"place"}),
    frozenset({"amount"}),
    frozenset({"type", "weak", "rooms"}),
    frozenset({"bedrooms"}),
    frozenset({"furnished"}),
    frozenset({"deal"}),
)
_HOME = _FAMILIES[2] | _FAMILIES[3]
"""A kind of home and its rooms: one may take the place of the other."""
_BESIDE: frozenset[SignRole] = frozenset({"noise", "inside", "monthly", "price", "but", "mend"})
_NOES = frozenset(["non", "no", "euh", "heu"])
_TOGETHER = frozenset(["", " ", "-"])


def mended(row: Row) -> Row:
    """Leave out what a spoken correction takes back: the last thing of the kind that is said right after it.

    A place taken back stays, with the value "back": it may still tell the city.

    "Pardon", "plutôt" and the like take back only what stands right before them; "non pardon", "I mean" what was
    said last, however long ago. Without another to take its place nothing is taken back.
    """
    signs = [_said_no(row, number) for number in range(len(row.signs))]
    for cue in [sign for sign in signs if sign.role == "mend"]:
        signs = _without(row, signs, signs.index(cue))
    return replace(row, signs=tuple(signs))


def _said_no(row: Row, number: int) -> Sign:
    """Take "non" for a correction between two numbers, or between commas: "3 chambres non 2", "à Akwa, non, à Bali"."""
    sign, after = row.signs[number], row.signs[number + 1 : number + 2]
    if row.text(sign) not in _NOES or not number or not after:
        return sign
    apart = "," in row.before(sign) and "," in row.before(after[0])
    counts = row.signs[number - 1].role == after[0].role and after[0].role in {"amount", "bedrooms"}
    return replace(sign, role="mend", value="weak") if apart or counts else sign


def _without(row: Row, signs: Sequence[Sign], cue: int) -> list[Sign]:
    after = next((sign for sign in signs[cue + 1 :] if sign.role not in _BESIDE), None)
    back = _taken_back(signs, cue, after.role) if after else None
    if back is None or (signs[cue].value == "weak" and not _is_beside(signs, back, cue)):
        return list(signs)
    first = back
    while first and signs[first - 1].role == signs[back].role and row.before(signs[first]) in _TOGETHER:
        first -= 1
    hints = [replace(sign, value="back") for sign in signs[first : back + 1] if sign.role == "place"]
    return [*signs[:first], *hints, *signs[back + 1 :]]


def _taken_back(signs: Sequence[Sign], cue: int, role: SignRole) -> int | None:
    """Give the index of what is taken back: of the same kind, else a home's rooms for its kind and the reverse."""
    same = next((family for family in _FAMILIES if role in family), frozenset[SignRole]())
    for family in (same, _HOME if role in _HOME else same):
        for index in range(cue - 1, -1, -1):
            if signs[index].role in family and signs[index].value != "back":
                return index
    return None


def _is_beside(signs: Sequence[Sign], back: int, cue: int) -> bool:
    """Whether only small words part the cue from what it would take back."""
    return all(sign.role in {"noise", "money"} for sign in signs[back + 1 : cue])
