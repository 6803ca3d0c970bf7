"""Files that providers hold for the app and for phones, the newest of them only."""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from aiohttp import web

from sandbox.look import Look
from sandbox.samples import SAMPLES
from sandbox.store import Row
from sandbox.world import World

_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
KEPT = 300
"""Files that are held; older ones are gone, as they are with providers after some weeks."""


@dataclass(frozen=True, slots=True)
class File:
    """One file; `url` is where it was said to be when somebody named an address instead of sending bytes."""

    id: str
    mime: str
    name: str
    body: bytes
    url: str

    @property
    def sha256(self) -> str:
        """The digest of the bytes, in hex."""
        return sha256(self.body).hexdigest()

    @property
    def address(self) -> str:
        """Where the phones page finds it; a paper under its own name, which is what is shown of it."""
        return f"/media/{self.id}" if self.mime.startswith("image/") else self.under(self.name)

    def under(self, name: str) -> str:
        """The same file under another name."""
        return f"/media/{self.id}/{quote(name, safe='')}"

    @property
    def look(self) -> Look:
        """How a message with this file looks on the phone of who sent or got it."""
        address = self.url or self.address
        return Look(photo=address) if self.mime.startswith("image/") else Look(document=address)


class Files:
    """The files by their ids."""

    def __init__(self, world: World) -> None:
        """Work on the remembered files."""
        self._store = world.store

    def keep(self, mime: str, name: str, body: bytes, url: str = "") -> File:
        """Hold a file from now on."""
        plain = mime.partition(";")[0].strip().lower()
        known = plain if _MIME.fullmatch(plain) else "application/octet-stream"
        kept = File(str(secrets.randbelow(9 * 10**14) + 10**14), known, name, body, url)
        number = self._store.add(
            "INSERT INTO media (id, mime, name, url, body) VALUES (?, ?, ?, ?, ?)", kept.id, known, name, url, body
        )
        self._store.run("DELETE FROM media WHERE number <= ?", number - KEPT)
        return kept

    def sent(self, what: str) -> File:
        """The file a person sends: one of the samples by its kind, or a photo said to lie at an address."""
        sample = SAMPLES.get(what) or SAMPLES["photo"]
        return self.keep(sample.mime, sample.name, sample.body, "" if what in SAMPLES else what)

    def get(self, ident: str) -> File | None:
        """A file that is still held."""
        return _read(self._store.one("SELECT * FROM media WHERE id = ?", ident))

    def routes(self) -> list[web.RouteDef]:
        """Where the phones page finds them."""
        return [web.get("/media/{id:[0-9]{1,20}}{name:(/[^/]*)?}", self._show, allow_head=False)]

    async def _show(self, request: web.Request) -> web.Response:
        return served(self.get(request.match_info["id"]))


def served(file: File | None) -> web.Response:
    """The bytes of a file; raises HTTPNotFound when it is gone. A browser shows a PDF only outside of a sandbox."""
    if file is None:
        raise web.HTTPNotFound
    headers = {"X-Content-Type-Options": "nosniff"}
    if file.mime != "application/pdf":
        headers["Content-Security-Policy"] = "sandbox"
    return web.Response(body=file.body, content_type=file.mime, headers=headers)


def _read(row: Row | None) -> File | None:
    return File(row["id"], row["mime"], row["name"], row["body"], row["url"]) if row else None
