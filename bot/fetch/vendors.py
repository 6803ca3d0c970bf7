"""How each provider hands out a file: Twilio by its address, Meta and Telegram by an id that leads to one."""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

import aiohttp
from yarl import URL

from bot.fetch.download import Hosts, ask, download, origin
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.notices.attachments import LARGEST, Unwanted, Vendor

TWILIO: Final = "https://api.twilio.com"
TWILIO_FILES: Final = ("https://mms.twiliocdn.com", "https://media.twiliocdn.com")
"""Where Twilio's own interface sends on to; no credentials are shown there."""

META_FILES: Final = "https://lookaside.fbsbx.com"

_META_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_TELEGRAM_PATH: Final = re.compile(r"(?!.*\.\.)[\w-]+(?:/[\w.-]+){0,5}", re.ASCII)


def vendors(http: aiohttp.ClientSession, settings: Settings) -> Mapping[str, Vendor]:
    """Every provider that holds files, by the name of the source it is."""
    return {
        "twilio": TwilioFiles(http, settings),
        "meta": MetaFiles(http, settings),
        "telegram": TelegramFiles(http, settings),
    }


class TwilioFiles:
    """Files of Twilio: the message names the address, which asks for the account."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        key = f"{settings.twilio_account}:{settings.twilio_token.get_secret_value()}".encode()
        account = {"Authorization": f"Basic {b64encode(key).decode()}"}
        self._hosts: Hosts = {
            **{origin(url): {} for url in TWILIO_FILES},
            origin(TWILIO): account,
            origin(settings.twilio_url): account,
        }

    async def fetch(self, media_id: str, url: str) -> bytes:  # noqa: ARG002 - the address says all
        """The file at its address. Raises ProviderError and Unwanted."""
        return await download(self._http, url, self._hosts)


class MetaFiles:
    """Files of Meta: the id leads to an address that lives for five minutes."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._url = URL(settings.meta_url)
        self._token = {"Authorization": f"Bearer {settings.meta_access_token.get_secret_value()}"}
        self._hosts: Hosts = {origin(META_FILES): self._token, origin(settings.meta_url): self._token}

    async def fetch(self, media_id: str, url: str) -> bytes:  # noqa: ARG002 - what a message says of it may be old
        """The file of an id. Raises ProviderError and Unwanted."""
        if not _META_ID.fullmatch(media_id):
            raise Unwanted("id")
        found = await ask(self._http, self._url / media_id, self._token)
        if _size(found.get("file_size")) > LARGEST:
            raise Unwanted("too_large")
        return await download(self._http, str(found.get("url", "")), self._hosts)


class TelegramFiles:
    """Files of Telegram (Bot API, getFile): the id leads to a path that lives for an hour."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._url = URL(settings.telegram_url)
        self._bot = f"bot{settings.telegram_token.get_secret_value()}"
        self._hosts: Hosts = {origin(settings.telegram_url): {}}

    async def fetch(self, media_id: str, url: str) -> bytes:  # noqa: ARG002 - Telegram gives no addresses
        """The file of an id. Raises ProviderError and Unwanted."""
        asked = (self._url / self._bot / "getFile").with_query(file_id=media_id)
        found = (await ask(self._http, asked, {})).get("result")
        if not isinstance(found, dict):
            raise ProviderError("unreadable_answer", retryable=True)
        if _size(found.get("file_size")) > LARGEST:
            raise Unwanted("too_large")
        path = str(found.get("file_path", ""))
        if not _TELEGRAM_PATH.fullmatch(path):
            raise Unwanted("path")
        return await download(self._http, str(self._url / "file" / self._bot / path), self._hosts)


def _size(told: object) -> int:
    """The size that a provider tells, 0 when it tells none; it is measured all the same."""
    return int(told) if isinstance(told, int | str) and str(told).isdecimal() else 0
