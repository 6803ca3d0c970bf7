"""The vendor's package at the sandbox, and the shapes tests need."""

from typing import Any

import pytest
from aiohttp import encode_basic_auth
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client as Package

from tests.sandbox.side import TENANT, Call, Client, TinyApp, base_of

HOOK, STATUS = "/webhooks/twilio", "/webhooks/twilio/status"
ACCOUNT = f"AC{384:032}"
WHATSAPP, SMS = "whatsapp:+237650003840", "+237650003841"
TO = f"whatsapp:+{TENANT}"
TOKEN = "demo-twilio-token"
AUTH = {"Authorization": encode_basic_auth(ACCOUNT, TOKEN)}


def package(client: Client, token: str = TOKEN, http: Any = None) -> Any:
    """The vendor's package, unmodified, at the sandbox."""
    found = Package(ACCOUNT, token, http_client=http)
    found.api.base_url = found.content.base_url = f"{base_of(client)}/twilio"
    return found


def signed(tiny: TinyApp, call: Call, token: str = TOKEN, base: str = "") -> bool:
    """What the vendor's own validator says."""
    validator = RequestValidator(token)
    return bool(validator.validate((base or tiny.url) + call.path, call.form, call.headers["X-Twilio-Signature"]))


async def sent(twilio: Any, **changes: Any) -> Any:
    """A message by the async client."""
    return await twilio.messages.create_async(**{"from_": WHATSAPP, "to": TO, "body": "Bonjour", **changes})


async def refused(twilio: Any, **changes: Any) -> TwilioRestException:
    """The refusal of a message."""
    with pytest.raises(TwilioRestException) as why:
        await sent(twilio, **changes)
    return why.value


async def made(client: Client, types: dict[str, Any], status: int = 201) -> Any:
    """A content template, as the API is told without the package's many nulls."""
    body = {"friendly_name": "choix", "language": "fr", "types": {f"twilio/{k}": v for k, v in types.items()}}
    async with client.post("/twilio/v1/Content", json=body, headers=AUTH) as got:
        assert got.status == status, await got.text()
        return await got.json()
