"""What a home's card shows beside words: where its photo lies."""

from typing import Final, NewType
from urllib.parse import urlsplit

from core.kit.settings import Settings

Photo = NewType("Photo", str)
"""The address of a picture that may be sent to anybody: made by ``photo_at`` alone."""

LONGEST: Final = 500
"""Characters of an address."""

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})


def photo_at(address: str, settings: Settings) -> Photo:
    """An https address of a picture, at most LONGEST characters, without a user or blanks; outside production also an
    http address on this machine, where the demo draws its own. ValueError for anything else.
    """
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        raise ValueError("the address of a photo is printable ASCII without blanks, and not too long")
    parts = urlsplit(address)
    host, _ = parts.hostname, parts.port  # both raise ValueError for what is none
    demo = settings.env != "production" and parts.scheme == "http" and host in LOOPBACK
    if not host or "@" in parts.netloc or not (parts.scheme == "https" or demo):
        raise ValueError("the address of a photo begins with https:// and names a host")
    return Photo(address)
