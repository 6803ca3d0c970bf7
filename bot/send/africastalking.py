"""Sends SMS through Africa's Talking (POST /version1/messaging)."""

import re
from decimal import Decimal
from typing import Any, Final

import aiohttp
import msgspec

from bot.send.exchange import LARGEST_ANSWER, TIMEOUT, by_status, exchange
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.notices.words import Parcel, Sent

PROVIDER: Final = "africastalking"

_TIMEOUT: Final = TIMEOUT
_ACCEPTED: Final = frozenset({100, 101, 102})
_AGAIN: Final = frozenset({500, 501})
"""InternalServerError and GatewayError; every other refusal of a recipient stays one."""

_COST: Final = re.compile(r"(?:(?P<currency>[A-Z]{3}) +)?(?P<amount>\d{1,6}(?:\.\d{1,8})?)")


class _Recipient(msgspec.Struct):
    statusCode: int | str  # noqa: N815 - the vendor's names
    status: str = ""
    messageId: str | None = None  # noqa: N815
    cost: Any = None


class _Data(msgspec.Struct):
    Recipients: list[_Recipient]
    Message: str = ""


class _Answer(msgspec.Struct):
    SMSMessageData: _Data


_DECODER: Final = msgspec.json.Decoder(_Answer, float_hook=Decimal)


class AfricasTalking:
    """The SMS API, which knows no idempotency key. The session is handed in and closed by whoever made it."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._url = f"{settings.africastalking_url.rstrip('/')}/messaging"
        self._headers = {
            "apiKey": settings.africastalking_api_key.get_secret_value(),
            "Accept": "application/json",
        }
        self._fixed = {
            "username": settings.africastalking_username,
            "from": settings.sms_sender,
            "bulkSMSMode": "1",
            "enqueue": "1",
        }

    async def send(self, parcel: Parcel) -> Sent:
        """Hand over one message.

        Raises ProviderError: retryable when it surely was not taken and may be later, ``unknown`` when it may have
        been taken (time-out or disconnection after the request was written, an answer nobody can read).
        """
        form = {**self._fixed, "to": parcel.to.name, "message": parcel.text}
        asked = exchange(self._http, "POST", self._url, within=_TIMEOUT, data=form, headers=self._headers)
        return _read(*await asked)


def _read(status: int, body: bytes) -> Sent:
    if status not in {200, 201}:
        raise by_status(status)
    try:
        data = _DECODER.decode(body).SMSMessageData if len(body) <= LARGEST_ANSWER else None
    except msgspec.MsgspecError:
        data = None
    if data is None:
        raise ProviderError("unreadable_answer", retryable=False, unknown=True)
    if not data.Recipients:
        raise ProviderError(_code(data.Message), retryable=False)
    return _recipient(data.Recipients[0])


def _recipient(found: _Recipient) -> Sent:
    code = int(found.statusCode) if str(found.statusCode).isdecimal() else 0
    if code not in _ACCEPTED:
        raise ProviderError(_code(found.status), retryable=code in _AGAIN)
    given = found.messageId or ""
    known = given.isprintable() and len(given) <= 128 and given != "None"
    cost, currency = _cost(found.cost)
    return Sent(PROVIDER, given if known else "", cost, currency)


def _cost(cost: object) -> tuple[Decimal | None, str | None]:
    """Both "KES 0.8000" and "0" are seen; what is neither costs an unknown sum."""
    match = _COST.fullmatch(str(cost).strip())
    return (Decimal(match["amount"]), match["currency"]) if match else (None, None)


def _code(words: str) -> str:
    """A vendor's word as a code that is safe to keep: "InvalidSenderId"."""
    return re.sub(r"[^A-Za-z]+", "_", words)[:40].strip("_") or "refused"
