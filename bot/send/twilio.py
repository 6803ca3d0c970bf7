"""Sends SMS and WhatsApp messages through Twilio, by its own package; nothing there is idempotent."""

import json
from collections.abc import Coroutine, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.render.bubble import Bubble, Pin, unpack_bubble
from bot.send.exchange import LARGEST_ANSWER, STATUS_AGAIN, by_status, exchange
from bot.send.twilio_content import Contents, laid_out
from core.kit.errors import ProviderError
from core.kit.log import get_log
from core.kit.settings import Settings
from core.notices.words import Parcel, Sent

PROVIDER: Final = "twilio"
STATUS_PATH: Final = "/webhooks/twilio/status"

BODY: Final = 1_600
"""Characters of a message of words (21617); a longer text goes out in parts."""

_AGAIN: Final[dict[int, float]] = {20429: 2, 20503: 30, 30001: 30, 63018: 5, 63038: 3600}
"""Too many requests, busy, queue overflow, WhatsApp's rate, the day's limit of an account."""

GONE: Final = frozenset({21211, 21610, 21614, 63003, 63024, 63033})
"""No such number or channel, somebody who said STOP to Twilio, no mobile phone, somebody who blocked us."""

CLOSED: Final = frozenset({63016})
_FAILED: Final = frozenset({"failed", "undelivered"})

Parameters = dict[str, Any]
T = TypeVar("T")


class _Http(AsyncHttpClient):  # type: ignore[misc]
    """The package's requests over the session of the worker.

    Its own async client bounds no answer, logs every address, and cannot send JSON (which Content API needs).
    """

    def __init__(self, http: aiohttp.ClientSession) -> None:
        super().__init__(get_log("worker"), is_async=True)
        self._http = http

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - ours is shorter
        allow_redirects: bool = False,  # noqa: ARG002
    ) -> Response:
        asked: dict[str, Any] = {"params": params, "headers": headers}
        if headers and headers.get("Content-Type") == "application/json":
            asked["json"] = data
        elif data is not None:
            asked["data"] = _pairs(data)
        if auth:
            asked["headers"] = {**(headers or {}), "Authorization": aiohttp.encode_basic_auth(*auth)}
        status, answer = await exchange(self._http, method.upper(), url, **asked)
        if len(answer) > LARGEST_ANSWER:
            raise ProviderError("unreadable_answer", retryable=False, unknown=True)
        return Response(status, answer.decode("utf-8", "replace"))


def _pairs(data: Mapping[str, object]) -> list[tuple[str, str]]:
    """A form: what is a list is sent as often as it is long."""
    return [(name, str(one)) for name, value in data.items() for one in (value if isinstance(value, list) else [value])]


class Twilio:
    """Messages of one account. The session is handed in and closed by whoever made it."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        token = settings.twilio_token.get_secret_value()
        client = Client(settings.twilio_account, token, http_client=_Http(http))
        client.api.base_url = settings.twilio_url.rstrip("/")
        client.content.base_url = client.api.base_url.replace("//api.", "//content.")
        self._messages = client.messages
        self._contents = Contents(client)
        self._from = {"sms": settings.twilio_sms, "whatsapp": f"whatsapp:{settings.twilio_whatsapp}"}
        self._report_to = settings.public_url + STATUS_PATH

    async def send(self, parcel: Parcel) -> Sent:
        """Hand over one message, with what must go beside it (a picture, a point) before it.

        Raises ProviderError: retryable when it surely was not taken and may be later, ``unknown`` when it may have
        been taken, ``closed`` outside the window of WhatsApp, ``gone`` for whoever cannot be reached there.
        """
        try:
            *beside, main = await _asked(self._parts(parcel))
        except ProviderError as error:
            if error.unknown:  # nothing but templates was asked for as yet
                raise ProviderError(error.code, retryable=True) from None
            raise
        for message in beside:
            await self._beside(parcel, message)
        return await _asked(self._create(parcel, {**main, "status_callback": self._report_to}))

    async def _beside(self, parcel: Parcel, message: Parameters) -> None:
        """A picture that cannot be shown must not hold up the words."""
        try:
            await _asked(self._create(parcel, message))
        except ProviderError as error:
            if error.retryable or error.gone or error.closed:
                raise

    async def _create(self, parcel: Parcel, message: Parameters) -> Sent:
        channel, name = parcel.to.channel, parcel.to.name
        to = f"whatsapp:{name}" if channel == "whatsapp" else name
        made = await self._messages.create_async(to=to, from_=self._from[channel], **message)
        if made.status in _FAILED:
            raise _refused(made.error_code or 0, 400)
        sid = str(made.sid or "")
        cost = _cost(made.price)
        return Sent(PROVIDER, sid if sid.isprintable() and len(sid) <= 128 else "", cost, _currency(cost, made))

    async def _parts(self, parcel: Parcel) -> list[Parameters]:
        """What goes out, the words and what can be tapped last."""
        if parcel.approved is not None:
            name, told = parcel.approved
            values = {str(n): " ".join(one.split()) or "-" for n, one in enumerate(told, 1)}
            return [_content(await self._contents.approved(name, parcel.language), values)]
        if not parcel.screen:
            return [{"body": part} for part in _cut(parcel.text)]
        bubble = unpack_bubble(parcel.screen)
        return [*_beside(bubble), *await self._shown(bubble)]

    async def _shown(self, bubble: Bubble) -> list[Parameters]:
        if bubble.style == "none":
            *before, last = ({"body": part} for part in _cut(bubble.text))
            return [*before, {**last, "media_url": [bubble.photo]} if bubble.photo else last]
        layout, values = laid_out(bubble)
        return [_content(await self._contents.interactive(layout), values)]


async def _asked(asking: Coroutine[Any, Any, T]) -> T:
    """What the package answers, its errors turned into ours: they hold addresses, numbers and the vendor's prose."""
    try:
        return await asking
    except (TwilioRestException, TwilioServiceException) as error:
        raise _refused(error.code, error.status) from None
    except (TwilioException, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ProviderError("unreadable_answer", retryable=False, unknown=True) from None


def _content(sid: str, values: Mapping[str, str]) -> Parameters:
    variables = {"content_variables": json.dumps(values, ensure_ascii=False)} if values else {}
    return {"content_sid": sid, **variables}


def _beside(bubble: Bubble) -> list[Parameters]:
    """What a message with choices cannot hold goes before it."""
    picture = [{"media_url": [bubble.photo]}] if bubble.photo and bubble.style != "none" else []
    return [*picture, _point(bubble.pin)] if bubble.pin else list(picture)


def _point(pin: Pin) -> Parameters:
    """A point needs a body, which is shown as its name."""
    name = " ".join(pin.name.replace("|", " ").split()) or f"{pin.latitude:.5f}, {pin.longitude:.5f}"
    return {"body": name, "persistent_action": [f"geo:{pin.latitude:.6f},{pin.longitude:.6f}|{name}"]}


def _cut(text: str) -> list[str]:
    """A text in parts that are taken, cut between lines or words where there are any."""
    parts = []
    while len(text) > BODY:
        end = max(text.rfind(mark, BODY // 2, BODY) for mark in "\n ")
        end = end if end > 0 else BODY
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*parts, text]


def _cost(price: object) -> Decimal | None:
    """Twilio says what it charges as a negative number, most often later."""
    try:
        return abs(Decimal(str(price))) if price is not None else None
    except InvalidOperation:
        return None


def _currency(cost: Decimal | None, made: Any) -> str | None:
    unit = str(made.price_unit or "").upper()
    return unit if cost is not None and len(unit) == 3 and unit.isalpha() else None


def _refused(code: object, status: int) -> ProviderError:
    """Twilio's codes (docs/api/errors); one that is its HTTP status again says no more than that."""
    number = int(str(code)) if str(code).isdecimal() else 0
    if number in {0, status}:
        return by_status(status)
    again = number in _AGAIN or status in STATUS_AGAIN
    closed = number in CLOSED
    return ProviderError(
        str(number), retryable=again, after_s=_AGAIN.get(number, 0), gone=number in GONE, closed=closed
    )
