"""What MTN refuses before it takes a request to pay, and the words it refuses with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from sandbox.answers import RefusalError, json
from sandbox.mtn.table import CURRENCIES, REFUSED_AT_ONCE
from sandbox.outbound import is_loopback

_AMOUNT = re.compile(r"[1-9][0-9]{0,11}")
_PARTY = re.compile(r"[1-9][0-9]{7,14}")
_APOSTROPHES = re.compile(r"['’ʼ]")
NOTE_LIMIT, UUID_VERSION = 160, 4


class Payer(msgspec.Struct, frozen=True):
    """Who is asked to pay."""

    party_id_type: str = msgspec.field(name="partyIdType")
    party_id: str = msgspec.field(name="partyId")


class Wish(msgspec.Struct, frozen=True):
    """The body of a request to pay."""

    amount: str
    currency: str
    payer: Payer
    external_id: str = msgspec.field(name="externalId")
    payer_message: str = msgspec.field(name="payerMessage", default="")
    payee_note: str = msgspec.field(name="payeeNote", default="")


@dataclass(frozen=True, slots=True)
class Heading:
    """What the headers of a request to pay say."""

    reference: str
    environment: str
    callback_url: str | None


def mtn_error(status: int, code: str, message: str) -> RefusalError:
    """A refusal in the vendor's JSON; logical errors come as HTTP 500."""
    return RefusalError(json({"code": code, "message": message}, status))


def reference_of(headers: Mapping[str, str]) -> str:
    """The caller's own reference; it must be a version 4 UUID."""
    text = headers.get("X-Reference-Id", "")
    try:
        good = UUID(text).version == UUID_VERSION and str(UUID(text)) == text.lower()
    except ValueError:
        good = False
    if not good:
        raise bad_request("X-Reference-Id must be a UUID version 4.")
    return text.lower()


def environment_of(headers: Mapping[str, str]) -> str:
    """The market the call is for."""
    name = headers.get("X-Target-Environment", "")
    if not name:
        raise bad_request("Missing header X-Target-Environment.")
    if name not in CURRENCIES:
        message = "Access to target environment is forbidden."
        raise mtn_error(500, "NOT_ALLOWED_TARGET_ENVIRONMENT", message)
    return name


def heading_of(headers: Mapping[str, str]) -> Heading:
    """Reference, market and callback address; refuses an address that is not on loopback."""
    reference, environment = reference_of(headers), environment_of(headers)
    url = headers.get("X-Callback-Url")
    if url is not None and not is_loopback(url):
        raise mtn_error(500, "INVALID_CALLBACK_URL_HOST", "Callback URL with different host than set for API user.")
    return Heading(reference, environment, url)


def wish_of(content_type: str, body: bytes) -> Wish:
    """The body, checked field by field as the vendor does (400)."""
    if content_type != "application/json":
        raise bad_request("The body must be application/json.")
    try:
        wish = msgspec.json.decode(body, type=Wish)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise bad_request(f"Bad body: {wrong}.") from wrong
    if problem := _problem(wish):
        raise bad_request(problem)
    return wish


def _problem(wish: Wish) -> str:
    if not _AMOUNT.fullmatch(wish.amount):
        return "amount must be a whole number written as text."
    if wish.payer.party_id_type != "MSISDN" or not _PARTY.fullmatch(wish.payer.party_id):
        return "payer must be an MSISDN of digits without a plus sign."
    if not wish.external_id:
        return "externalId is missing."
    notes = (wish.payer_message, wish.payee_note)
    if any(len(note) > NOTE_LIMIT for note in notes):
        return f"payerMessage and payeeNote have at most {NOTE_LIMIT} characters."
    if any(_APOSTROPHES.search(note) for note in notes):
        return "payerMessage and payeeNote must not contain special characters."
    return ""


def check_market(wish: Wish, environment: str) -> None:
    """Refuses another currency than the market's, and the vendor's numbers that are refused at once."""
    if wish.currency != CURRENCIES[environment]:
        raise mtn_error(500, "INVALID_CURRENCY", "Currency not supported.")
    if wish.payer.party_id in REFUSED_AT_ONCE:
        status, code = REFUSED_AT_ONCE[wish.payer.party_id]
        raise mtn_error(status, code, f"Test number: {code}.")


def bad_request(message: str) -> RefusalError:
    """A 400 in the vendor's JSON."""
    return mtn_error(400, "BAD_REQUEST", message)
