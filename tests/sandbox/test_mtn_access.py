"""MTN's doors: subscription key, API users, tokens."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from aiohttp import encode_basic_auth

from sandbox.settings import Settings
from sandbox.store import Store
from tests.sandbox.side import Client, Mtn

TOKEN = "/mtn/collection/token/"
KEY = {"Ocp-Apim-Subscription-Key": "demo-mtn-subscription"}
GRANT = {"grant_type": "client_credentials"}


def basic(settings: Settings, key: str = "") -> dict[str, str]:
    """The headers of a token request."""
    return {**KEY, "Authorization": encode_basic_auth(settings.mtn_user, key or settings.mtn_key)}


async def test_token(client: Client, settings: Settings) -> None:
    async with client.post(TOKEN, json=GRANT, headers=basic(settings)) as got:
        told = await got.json()
    assert got.status == 200
    assert (told["expires_in"], bool(told["access_token"])) == (3600, True)


async def test_token_without_body(client: Client, settings: Settings) -> None:
    async with client.post(TOKEN, headers=basic(settings)) as got:
        assert got.status == 411


async def test_token_with_a_form(client: Client, settings: Settings) -> None:
    async with client.post(TOKEN, data=GRANT, headers=basic(settings)) as got:
        assert (got.status, got.content_type) == (200, "text/html")
        assert "Request Rejected" in await got.text()


async def test_token_with_a_bad_key(client: Client, settings: Settings) -> None:
    for headers in (basic(settings, "wrong"), KEY, {**KEY, "Authorization": "Basic %%%"}):
        async with client.post(TOKEN, json=GRANT, headers=headers) as got:
            assert got.status == 401
    bad = {**basic(settings), "Ocp-Apim-Subscription-Key": "wrong"}
    async with client.post(TOKEN, json=GRANT, headers=bad) as got:
        assert got.status == 401
        assert "invalid subscription key" in (await got.json())["message"]


async def test_provisioning(client: Client, mtn: Mtn) -> None:
    user, body = str(uuid4()), {"providerCallbackHost": "127.0.0.1"}
    headers = {**KEY, "X-Reference-Id": user}
    async with client.post("/mtn/v1_0/apiuser", json=body, headers=headers) as got:
        assert (got.status, await got.read()) == (201, b"")
    async with client.post("/mtn/v1_0/apiuser", json=body, headers=headers) as got:
        assert got.status == 409
    async with client.get(f"/mtn/v1_0/apiuser/{user}", headers=KEY) as got:
        assert await got.json() == {**body, "targetEnvironment": "sandbox"}
    async with client.post(f"/mtn/v1_0/apiuser/{user}/apikey", headers=KEY) as got:
        assert got.status == 201
        key = (await got.json())["apiKey"]
    auth = {**KEY, "Authorization": encode_basic_auth(user, key)}
    async with client.post(TOKEN, json=GRANT, headers=auth) as got:
        token = (await got.json())["access_token"]
    mtn.headers["Authorization"] = f"Bearer {token}"
    await mtn.get("account/balance")
    await client.post(f"/mtn/v1_0/apiuser/{user}/apikey", headers=KEY)
    await mtn.get("account/balance", 401)


async def test_unknown_user(client: Client) -> None:
    async with client.get(f"/mtn/v1_0/apiuser/{uuid4()}", headers=KEY) as got:
        assert got.status == 404


async def test_every_call_needs_both_credentials(mtn: Mtn) -> None:
    await mtn.pay(401, headers={"Authorization": "Bearer nonsense"})
    await mtn.pay(401, headers={"Ocp-Apim-Subscription-Key": "nonsense"})
    await mtn.pay(202)


async def test_token_dies_after_an_hour(mtn: Mtn, settings: Settings) -> None:
    store = Store(settings.home)
    row = store.one("SELECT expires_at FROM tokens")
    assert row is not None
    left = datetime.fromisoformat(row["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    store.run("UPDATE tokens SET expires_at = ?", datetime.now(UTC).isoformat())
    store.close()
    await mtn.pay(401)
