"""What is said to people: a catalogue key and its blanks, in no language yet."""

from collections.abc import Mapping

import msgspec


class Text(msgspec.Struct, frozen=True):
    """A line of the catalogue.

    Blanks stay typed (Money, date, Month, Phone, another Text) until a renderer words them.
    """

    key: str
    blanks: Mapping[str, object] = {}


def t(key: str, **blanks: object) -> Text:
    """Name a line of the catalogue; ``count`` chooses between singular and plural."""
    return Text(key, blanks)
