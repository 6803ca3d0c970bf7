"""The only way out of the sandbox: HTTP to loopback, never followed anywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

OK, REDIRECT = 200, 300
BODY_CAP = 256 * 1024
DEFAULT_PATIENCE = 15.0
CONNECT_PATIENCE = 10.0
JSON = {"Content-Type": "application/json"}


class NoAnswerError(Exception):
    """The app gave no usable answer; the text says how it failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered."""

    status: int
    content_type: str
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the app accepted."""
        return OK <= self.status < REDIRECT


def is_loopback(url: str) -> bool:
    """Whether an address is plain http(s) on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and (host == "localhost" or _is_loopback_ip(host))


def _is_loopback_ip(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Outbound:
    """Posts forms and JSON to the app and refuses any address that is not loopback."""

    def __init__(self) -> None:
        """Open one client session; proxies from the environment and cookies are ignored."""
        self._http = ClientSession(trust_env=False, cookie_jar=DummyCookieJar())

    async def post_form(
        self,
        url: str,
        form: Mapping[str, str],
        patience: float = DEFAULT_PATIENCE,
        connect: float = CONNECT_PATIENCE,
    ) -> Answer:
        """POST a form; raises NoAnswerError when nothing usable came within `patience` real seconds."""
        timeout = ClientTimeout(total=patience, sock_connect=connect)
        return await self._send("POST", url, timeout, form)

    async def send_json(self, method: str, url: str, body: bytes) -> Answer:
        """PUT or POST a JSON body; raises NoAnswerError when nothing usable came."""
        return await self._send(method, url, ClientTimeout(total=DEFAULT_PATIENCE), body, JSON)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], patience: float) -> Answer:
        """POST these bytes under these headers; raises NoAnswerError when nothing usable came in time."""
        timeout = ClientTimeout(total=patience, sock_connect=CONNECT_PATIENCE)
        return await self._send("POST", url, timeout, body, headers)

    async def _send(
        self,
        method: str,
        url: str,
        timeout: ClientTimeout,  # noqa: ASYNC109 - handed to the client, which keeps it
        data: Mapping[str, str] | bytes,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if not is_loopback(url):
            raise NoAnswerError("the sandbox never leaves loopback")
        try:
            async with self._http.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as got:
                return Answer(got.status, got.content_type, await got.content.read(BODY_CAP))
        except TimeoutError as late:
            raise NoAnswerError("Application timed out") from late
        except (ClientError, OSError) as broken:
            raise NoAnswerError(f"Connection failed: {type(broken).__name__}") from broken

    async def close(self) -> None:
        """Close the client session."""
        await self._http.close()
