"""Tells integrators what the house would search for: phrases as JSON lines in, filters as JSON lines out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from core.places.gazetteer import Gazetteer, gazetteer
from core.places.sentence import as_filters, read_sentence
from core.places.words import COUNTRIES, Country
from webhooks.lines import numbered


class Line(msgspec.Struct):
    """One phrase as it is handed in; `country` (CM, SN or CI) is the speaker's, null when unknown."""

    text: str
    id: Any = None
    country: str | None = None


class _Named(msgspec.Struct):
    """What is left of a line that is no phrase."""

    id: Any = None


_encoder = msgspec.json.Encoder()
_lines = msgspec.json.Decoder(Line)
_named = msgspec.json.Decoder(_Named)


@dataclass(slots=True)
class Searches:
    """Reads phrases one after the other; `bad` counts the lines that were none."""

    bad: int = 0

    def answers(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """One line for each, in order; empty ones are passed over, and a bad one is named and stops nothing."""
        places = gazetteer()
        for number, line in numbered(lines):
            yield _encoder.encode(self._answer(number, line, places)) + b"\n"

    def _answer(self, number: int, line: bytes, places: Gazetteer) -> dict[str, Any]:
        try:
            phrase = _lines.decode(line)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            self.bad += 1
            return {"id": _id(line), "line": number, "error": f"line {number}: {error}"}
        wanted = read_sentence(phrase.text, gazetteer=places, country=_country(phrase.country))
        return {"id": phrase.id, "filters": as_filters(wanted, places)}


def _country(said: str | None) -> Country | None:
    """The speaker's country; None, and so no country decides, for one where Toit is not."""
    code = (said or "").strip().upper()
    return next((country for country in COUNTRIES if country == code), None)


def _id(line: bytes) -> Any:
    try:
        return _named.decode(line).id
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
