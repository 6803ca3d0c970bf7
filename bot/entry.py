"""Ways into flows, and where that leads which nobody asked for."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """A way into a flow: at its first step, or at a named one with some answers given."""

    flow: str
    step: str = ""
    state: object = None


class Lead(msgspec.Struct, frozen=True):
    """Where words lead that answer nothing. Anywhere: at the main menu. ``clear``: also from where nothing is being
    done. ``sure``: also from the middle of something.
    """

    entry: Entry
    clear: bool = False
    sure: bool = False


class Unasked(msgspec.Struct, frozen=True):
    """What becomes of words, and of something shared (by its type), that answer nothing.

    ``loose`` are flows, or single steps ("flow.step"), whose middle nobody minds leaving: what is clear counts there as
    if nothing were being done.
    """

    words: Callable[[str], Lead] | None = None
    shared: Mapping[type, Callable[[Any], Entry]] = {}
    loose: Collection[str] = ()
