"""Screens and places for the renderers' tests, and labels that nobody would choose."""

from typing import Any

from hypothesis import strategies as st

from bot.engine import Turn
from bot.place import Frame, Place, Stop, pack
from bot.render.bubble import Bubble
from bot.talk import Confirm, Link, Menu, Option, Text
from core.kit.money import Money

NASTY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab é\n\t*_~`…", max_size=120),
    st.text(alphabet="👨‍👩‍👧🏽🇨🇲🇸🇳❤️ e\u0301", max_size=40),
    st.text(alphabet="شقة مفروشة \u202e\u200f", max_size=80),
    st.text(alphabet="Wm", min_size=30, max_size=200),
    st.sampled_from(["Retour", "Suite", "X (2)", "X", "x", "*gras*", "", " ", "\u200b"]),
)
"""Labels of every kind: emoji, marks, right to left, long words, nothing at all, and the same one twice."""

TITLES = st.one_of(NASTY, st.text(alphabet="Que faire ?\n", max_size=6_000))


def deep() -> Place:
    """Somebody who can go back, and home."""
    frames = [Frame("menu", "x", pack({})), Frame("a", "b", pack({}), [Stop("c", pack({}))])]
    return Place(frames=frames, turn=41)


def first() -> Place:
    """Somebody on the first screen of a flow: back is home."""
    return Place(frames=[Frame("menu", "x", pack({})), Frame("a", "b", pack({}))], turn=41)


def at_home() -> Place:
    """Somebody on the main menu."""
    return Place(frames=[Frame("menu", "x", pack({}))], turn=41)


def menu(count: int, label: str = "Choix", **more: Any) -> Turn:
    """A menu of so many options."""
    return Turn(Menu("Que faire ?", [Option(index, f"{label} {index}") for index in range(count)], **more))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    """Screens with choices, of every kind."""
    title, remark = draw(TITLES), draw(st.sampled_from([None, Text("answer.unknown")]))
    if draw(st.integers(0, 5)) == 0:
        return Turn(Confirm(title, draw(NASTY), draw(NASTY)), remark)
    notes = st.sampled_from([None, Money(85_000, "XAF"), "n" * 30])
    options = [Option(i, label, draw(notes)) for i, label in enumerate(draw(st.lists(NASTY, max_size=25)))]
    links = [Link(f"to{i}", label) for i, label in enumerate(draw(st.lists(NASTY, max_size=2)))]
    return Turn(Menu(title, options, links, more=draw(st.sampled_from([None, 99]))), remark)


def taps(bubble: Bubble) -> dict[str, str]:
    """What each thing to tap answers, and how it is called."""
    assert all(choice.id.startswith("41:") for choice in bubble.choices)
    return {choice.id.removeprefix("41:"): choice.label for choice in bubble.choices}
