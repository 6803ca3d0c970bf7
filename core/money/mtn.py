"""MTN MoMo Collection: request to pay, its status and the wallet's holder, over HTTP."""

import re
from base64 import b64encode
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

import aiohttp
import msgspec

from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.kit.settings import Settings
from core.kit.text import fold
from core.money.rails import MTN_CAMEROON, Capabilities, Holder, Order, Status, StatusWord
from core.money.tokens import Tokens
from core.money.words import Failure

T = TypeVar("T")

BODY_CAP: Final = 256 * 1024
NOTE_LIMIT: Final = 160
LONGEST: Final = 15
"""Digits of the largest amount that is worth reading."""

TIMEOUT: Final = aiohttp.ClientTimeout(total=12, connect=4)
OK, ACCEPTED, BAD_REQUEST, UNAUTHORIZED, NOT_FOUND, CONFLICT, TOO_MANY = 200, 202, 400, 401, 404, 409, 429

WORDS: Final[dict[str, StatusWord]] = {"SUCCESSFUL": "succeeded", "SUCCESSFULL": "succeeded", "FAILED": "failed"}
"""Every other word (PENDING, CREATED and what may still be invented) means that it is not over."""

FAILURES: Final[dict[str, Failure]] = {
    "NOT_ENOUGH_FUNDS": "insufficient_funds",
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED": "insufficient_funds",
    "PAYER_NOT_FOUND": "payer_not_found",
    "PAYEE_NOT_FOUND": "payee_blocked",
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": "payee_blocked",
    "PAYEE_LIMIT_REACHED": "payee_blocked",
    "PAYER_LIMIT_REACHED": "payer_limit",
    "SENDER_ACCOUNT_NOT_ACTIVE": "payer_blocked",
    "NOT_ALLOWED": "payer_blocked",
    "APPROVAL_REJECTED": "payer_declined",
    "PAYER_REJECTION": "payer_declined",
    "TRANSACTION_CANCELED": "payer_declined",
    "PAYMENT_NOT_APPROVED": "payer_declined",
    "EXPIRED": "payer_timeout",
    "COULD_NOT_PERFORM_TRANSACTION": "payer_timeout",
    "SERVICE_UNAVAILABLE": "provider_unavailable",
    "RESOURCE_ALREADY_EXIST": "duplicate",
}
"""MTN's published reason codes and those seen elsewhere; all others are ``provider_error``."""

REFUSED_AT_ONCE: Final = frozenset(
    {
        "INVALID_CURRENCY", "INVALID_CALLBACK_URL_HOST", "NOT_ALLOWED_TARGET_ENVIRONMENT", "NOT_ALLOWED",
        "PAYER_NOT_FOUND", "PAYEE_NOT_FOUND", "PAYEE_NOT_ALLOWED_TO_RECEIVE", "PAYER_LIMIT_REACHED",
        "NOT_ENOUGH_FUNDS", "VALIDATION_ERROR",
    }
)  # fmt: skip
"""Codes (sent with HTTP 500) that say the order was not taken; any other 500 leaves that open."""

_UNPLAIN: Final = re.compile(r"[^A-Za-z0-9 ]+")


class _Reason(msgspec.Struct):
    code: str = ""


class _Told(msgspec.Struct):
    status: str
    amount: Decimal | None = None
    currency: str = ""
    external_id: str = msgspec.field(name="externalId", default="")
    transaction: str | int = msgspec.field(name="financialTransactionId", default="")
    reason: _Reason | str | None = None


class _Error(msgspec.Struct):
    code: str = ""


class _Token(msgspec.Struct):
    access_token: str
    expires_in: int = 3600


class _Active(msgspec.Struct):
    result: bool | str


class _Person(msgspec.Struct):
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """How we are known to MTN; ``callback_url`` must be on the host registered there."""

    url: str
    environment: str
    subscription_key: str
    user: str
    key: str
    callback_url: str

    @staticmethod
    def of(settings: Settings) -> "Access":
        """As set from outside."""
        return Access(
            settings.mtn_url.rstrip("/"),
            settings.mtn_environment,
            settings.mtn_subscription_key.get_secret_value(),
            settings.mtn_api_user,
            settings.mtn_api_key.get_secret_value(),
            f"{settings.public_url.rstrip('/')}/webhooks/payments/mtn/{settings.secret}",
        )

    @property
    def fingerprint(self) -> str:
        """Tells credentials apart without showing them: a rotated key never meets the old key's token."""
        return sha256(f"{self.subscription_key}\n{self.user}\n{self.key}".encode()).hexdigest()


def plain(note: str) -> str:
    """What MTN takes as a message: ASCII letters, digits and spaces (an apostrophe is a 400), at most 160."""
    ascii_only = "".join(mark if mark.isascii() else fold(mark) for mark in note)
    return " ".join(_UNPLAIN.sub(" ", ascii_only).split())[:NOTE_LIMIT].rstrip()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes

    @property
    def code(self) -> str:
        """The error code inside, "" when there is none (an HTML page)."""
        found = _read(self.body, _Error)
        return found.code if found else ""


class Mtn:
    """The Collection product of one market."""

    can: Capabilities = MTN_CAMEROON

    def __init__(self, session: aiohttp.ClientSession, settings: Settings, tokens: Tokens) -> None:
        self._session = session
        self._access = Access.of(settings)
        self._tokens = tokens

    async def submit(self, order: Order) -> None:
        """Ask for the payment; a 409 for our own reference means that MTN has it already."""
        body = {
            "amount": str(order.amount.francs),
            "currency": order.amount.currency,
            "externalId": order.ref,
            "payer": {"partyIdType": "MSISDN", "partyId": order.payer.digits},
            "payerMessage": plain(order.note),
            "payeeNote": plain(order.ref),
        }
        more = {"X-Reference-Id": str(order.reference), "X-Callback-Url": self._access.callback_url}
        answer = await self._call("POST", "/collection/v1_0/requesttopay", more, body)
        if answer.status not in (ACCEPTED, CONFLICT):
            raise _not_taken(answer)

    async def status(self, reference: UUID) -> Status | None:
        """What became of an order; None when MTN does not know it, or not yet."""
        answer = await self._call("GET", f"/collection/v1_0/requesttopay/{reference}")
        if answer.status == NOT_FOUND and answer.code:
            return None
        told = _expect(answer, _Told)
        word = WORDS.get(told.status.upper(), "pending")
        return Status(
            word=word,
            francs=_francs(told.amount),
            currency=told.currency,
            ref=told.external_id,
            provider_tx=str(told.transaction),
            failure=FAILURES.get(_reason(told), "provider_error") if word == "failed" else None,
        )

    async def holder(self, phone: Phone) -> Holder | None:
        """Who holds the wallet of a number; None when there is none."""
        path = f"/collection/v1_0/accountholder/msisdn/{phone.digits}"
        answer = await self._call("GET", f"{path}/active")
        if answer.status == NOT_FOUND and answer.code:
            return None
        active = str(_expect(answer, _Active).result).lower() == "true"
        person = _expect(await self._call("GET", f"{path}/basicuserinfo"), _Person)
        return Holder(active, f"{person.given_name} {person.family_name}".strip())

    async def _call(self, method: str, path: str, more: dict[str, str] | None = None, body: object = None) -> _Answer:
        """Call with a token; one that is refused is thrown away and the call made once more."""
        answer = await self._with_token(method, path, more or {}, body)
        if answer.status == UNAUTHORIZED:
            await self._tokens.drop(self._access.fingerprint)
            answer = await self._with_token(method, path, more or {}, body)
        if answer.status == UNAUTHORIZED:
            raise ProviderError("provider_unavailable", retryable=True, detail="credentials refused")
        return answer

    async def _with_token(self, method: str, path: str, more: dict[str, str], body: object) -> _Answer:
        headers = {
            "Authorization": f"Bearer {await self._token()}",
            "X-Target-Environment": self._access.environment,
            **more,
        }
        return await self._send(method, path, headers, body)

    async def _token(self) -> str:
        kept = await self._tokens.get(self._access.fingerprint)
        if kept is not None:
            return kept
        basic = b64encode(f"{self._access.user}:{self._access.key}".encode()).decode()
        grant = {"grant_type": "client_credentials"}
        try:
            answer = await self._send("POST", "/collection/token/", {"Authorization": f"Basic {basic}"}, grant)
            fresh = _expect(answer, _Token)
        except ProviderError as error:
            raise ProviderError(error.code, retryable=True, detail="no token") from error
        await self._tokens.put(self._access.fingerprint, fresh.access_token, max(1, fresh.expires_in - 60))
        return fresh.access_token

    async def _send(self, method: str, path: str, headers: dict[str, str], body: object) -> _Answer:
        """One request: no redirect is followed, no more than the cap is read."""
        known = {"Ocp-Apim-Subscription-Key": self._access.subscription_key, **headers}
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            known["Content-Type"] = "application/json"
        try:
            async with self._session.request(
                method, self._access.url + path, headers=known, data=content, allow_redirects=False, timeout=TIMEOUT
            ) as response:
                return _Answer(response.status, await _capped(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ProviderError("provider_unavailable", retryable=True, detail="no connection") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ProviderError(
                "provider_unavailable", retryable=True, unknown=True, detail=type(error).__name__
            ) from error


async def _capped(response: aiohttp.ClientResponse) -> bytes:
    parts = bytearray()
    async for chunk in response.content.iter_chunked(16 * 1024):
        parts += chunk
        if len(parts) > BODY_CAP:
            raise ProviderError("provider_error", retryable=True, unknown=True, detail="answer too long")
    return bytes(parts)


def _not_taken(answer: _Answer) -> ProviderError:
    """What a refusal of an order means: only a few of them promise that nothing was taken."""
    code, detail = answer.code, f"HTTP {answer.status} {answer.code}"
    if answer.status == TOO_MANY:
        return ProviderError("provider_unavailable", retryable=True, detail=detail)
    if code in REFUSED_AT_ONCE:
        return ProviderError(FAILURES.get(code, "provider_error"), retryable=False, detail=detail)
    if answer.status == BAD_REQUEST and code:
        return ProviderError("not_submitted", retryable=False, detail=detail)
    return ProviderError("provider_unavailable", retryable=True, unknown=True, detail=detail)


def _expect(answer: _Answer, shape: type[T]) -> T:
    found = _read(answer.body, shape) if answer.status == OK else None
    if found is None:
        raise ProviderError(
            "provider_unavailable", retryable=True, unknown=True, detail=f"HTTP {answer.status} {answer.code}"
        )
    return found


def _read(body: bytes, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _reason(told: _Told) -> str:
    reason: Any = told.reason
    return reason.code if isinstance(reason, _Reason) else reason or ""


def _francs(amount: Decimal | None) -> int | None:
    """Whole francs, or None for what is no amount of francs ("5000.50", "NaN", a number without end)."""
    if amount is None or not amount.is_finite() or amount.adjusted() > LONGEST:
        return None
    return int(amount) if amount == amount.to_integral_value() else None
