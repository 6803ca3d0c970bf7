"""The same conversation on every message channel, each message as its provider brings it, signed where that is done."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from bench.conversation import CITIES, Hop, Request, asked, by_menus, caller, post, update
from core.kit.settings import DEMO_SECRETS
from core.kit.text import fold

PUBLIC: Final = "http://toit.example"
"""The house's address as Twilio knows it, whatever port it listens on."""

FORM: Final = "application/x-www-form-urlencoded"
TWILIO: Final = "/webhooks/twilio"
META: Final = "/webhooks/whatsapp"
TELEGRAM: Final = "/webhooks/telegram"
SMS: Final = f"/webhooks/sms/africastalking/{DEMO_SECRETS['webhook_secret']}"

HOPS: Final = len(by_menus(0))


def said(number: int, opening: str = "menu") -> Sequence[Hop]:
    """Menu, deal, city, quarter, kind, highest rent, and the homes found.

    A chat opens with a word, and searching comes first in its menu.
    """
    first, second, *others = by_menus(number)
    return (Hop(opening, first.shows), Hop("1", second.shows), *others)


def shows(number: int) -> Sequence[str]:
    """What must stand in each answer to that, folded: in every channel's own dress the words are the same."""
    city = fold(CITIES[asked(number)[0]])
    return ("chercher|regarder", "location", "douala", city, "chambre", "maximum", rf"{city}.*\ba[0-9]{{4,}}")


def right(number: int, answers: Sequence[str]) -> bool:
    """Whether these are the answers of a whole conversation."""
    pairs = zip(shows(number), answers, strict=True)
    return all(re.search(shown, fold(answer), re.DOTALL) for shown, answer in pairs)


def sms(number: int) -> list[Request]:
    """By Africa's Talking: a form, known by the secret in its address."""
    return [_sms(number, count, hop) for count, hop in enumerate(said(number))]


def _sms(number: int, count: int, hop: Hop) -> Request:
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    form = {"id": f"s{number}-{count}", "text": hop.said, "from": caller(number), "to": "8123", "date": at}
    return Request(post(SMS, FORM, urlencode({**form, "linkId": "", "networkCode": "62401"}).encode()), (b"ok",))


def twilio(number: int) -> list[Request]:
    """WhatsApp by Twilio: a form, signed over its address and fields (HMAC-SHA1)."""
    return [_twilio(number, count, hop) for count, hop in enumerate(said(number))]


def _twilio(number: int, count: int, hop: Hop) -> Request:
    sid = f"SM{number:026x}{count:06x}"
    form = {
        "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Aminata", "MessageType": "text", "SmsSid": sid,
        "WaId": caller(number)[1:], "SmsStatus": "received", "Body": hop.said, "To": "whatsapp:+237650003840",
        "NumSegments": "1", "ReferralNumMedia": "0", "MessageSid": sid, "AccountSid": "AC1",
        "From": f"whatsapp:{caller(number)}", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    text = PUBLIC + TWILIO + "".join(name + form[name] for name in sorted(form))
    digest = hmac.digest(DEMO_SECRETS["twilio_token"].encode(), text.encode(), hashlib.sha1)
    headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
    return Request(post(TWILIO, FORM, urlencode(form).encode(), headers), (b"<Response/>",))


def meta(number: int) -> list[Request]:
    """WhatsApp by Meta: JSON, signed over its bytes (HMAC-SHA256)."""
    return [_meta(number, count, hop) for count, hop in enumerate(said(number))]


def _meta(number: int, count: int, hop: Hop) -> Request:
    name = caller(number)[1:]
    message = {
        "from": name, "id": f"wamid.{number}.{count}", "timestamp": str(int(time.time())), "type": "text",
        "text": {"body": hop.said},
    }  # fmt: skip
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "237650003840", "phone_number_id": "100200300"},
        "contacts": [{"profile": {"name": "Aminata"}, "wa_id": name}],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    digest = hmac.digest(DEMO_SECRETS["meta_app_secret"].encode(), body, hashlib.sha256).hex()
    return Request(post(META, "application/json", body, {"X-Hub-Signature-256": f"sha256={digest}"}), (b"ok",))


def telegram(number: int) -> list[Request]:
    """Telegram: JSON, known by a header."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": DEMO_SECRETS["telegram_secret"]}
    hops = [Hop(hop.said, ()) for hop in said(number, "")]
    return update(1 + number, hops, TELEGRAM, headers)


CHATS: Final[dict[str, Callable[[int], list[Request]]]] = {
    "sms": sms,
    "twilio": twilio,
    "meta": meta,
    "chat": telegram,
}
"""By the name a load is started with; "chat" is Telegram's at the house."""
