"""The people of the demo, as the app's seeding wrote them down."""

import logging
from pathlib import Path

import msgspec

log = logging.getLogger("sandbox")
Person = dict[str, object]


def people(home: Path) -> list[Person]:
    """Everybody in `people.json`; nobody while the file is missing or half written."""
    try:
        return msgspec.json.decode((home / "people.json").read_bytes(), type=list[Person])
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as wrong:
        log.warning("people.json cannot be read: %s", wrong)
        return []


def name_of(home: Path, msisdn: str) -> str:
    """The name of whoever has this number, family name first as in a register."""
    for person in people(home):
        if str(person.get("number", "")).lstrip("+") == msisdn:
            return str(person.get("name", ""))
    return "Titulaire Inconnu"
