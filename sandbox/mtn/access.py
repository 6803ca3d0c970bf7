"""Who may call MTN: subscription key, API users and their keys, tokens that last an hour."""

import hmac
import secrets
from base64 import b64decode
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from aiohttp import web

from sandbox.answers import RefusalError, json
from sandbox.mishaps import REJECTED
from sandbox.mtn.checks import bad_request, mtn_error, reference_of
from sandbox.store import Row
from sandbox.world import World

TOKEN_SECONDS = 3600
BAD_SUBSCRIPTION = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)


class NewUser(msgspec.Struct, frozen=True):
    """The body that makes an API user."""

    host: str = msgspec.field(name="providerCallbackHost")


class Access:
    """Provisioning and the token endpoint; every other call is checked against them."""

    def __init__(self, world: World) -> None:
        """Know the demo user from the start."""
        self._world, self._store = world, world.store
        own = world.settings
        self._store.run(
            "INSERT INTO api_users VALUES (?, '127.0.0.1', ?) ON CONFLICT DO NOTHING",
            own.mtn_user,
            own.mtn_key,
        )

    def routes(self) -> list[web.RouteDef]:
        """Provisioning and tokens."""
        on = self._world.mishaps.on
        return [
            web.post("/mtn/v1_0/apiuser", on("mtn.apiuser", self.make_user)),
            web.get("/mtn/v1_0/apiuser/{user}", on("mtn.apiuser", self.show_user), allow_head=False),
            web.post("/mtn/v1_0/apiuser/{user}/apikey", on("mtn.apiuser", self.make_key)),
            web.post("/mtn/collection/token/", on("mtn.token", self.token)),
        ]

    async def make_user(self, request: web.Request) -> web.Response:
        """201 and nothing, or 409 for a known reference."""
        self._check_subscription(request)
        reference = reference_of(request.headers)
        try:
            wanted = msgspec.json.decode(await request.read(), type=NewUser)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise bad_request(f"Bad body: {wrong}.") from wrong
        sql = "INSERT INTO api_users VALUES (?, ?, NULL) ON CONFLICT DO NOTHING"
        if not self._store.run(sql, reference, wanted.host):
            raise already_exists()
        return web.Response(status=201)

    async def show_user(self, request: web.Request) -> web.Response:
        """The callback host and the environment of a user."""
        self._check_subscription(request)
        user = self._user(request)
        return json({"providerCallbackHost": user["callback_host"], "targetEnvironment": "sandbox"})

    async def make_key(self, request: web.Request) -> web.Response:
        """A new key, shown once; tokens of the older key die."""
        self._check_subscription(request)
        user, key = self._user(request), secrets.token_hex(16)
        self._store.run("UPDATE api_users SET api_key = ? WHERE id = ?", key, user["id"])
        self._store.run("DELETE FROM tokens WHERE api_user = ?", user["id"])
        return json({"apiKey": key}, 201)

    def _user(self, request: web.Request) -> Row:
        row = self._store.one("SELECT * FROM api_users WHERE id = ?", request.match_info["user"].lower())
        if row is None:
            raise not_found()
        return row

    async def token(self, request: web.Request) -> web.Response:
        """A token for an hour; no body is 411 and a form is answered with a page, as measured."""
        body = await request.read()
        if not body:
            return web.Response(status=411, text="<h2>Length Required</h2>", content_type="text/html")
        if request.content_type == "application/x-www-form-urlencoded":
            return web.Response(text=REJECTED, content_type="text/html")
        self._check_subscription(request)
        user = self._log_in(request.headers.get("Authorization", ""))
        token = secrets.token_urlsafe(48)
        # The caller keeps its own time, so a token lives its full hour whatever the scale of the clock.
        expires = (self._world.clock.now() + timedelta(seconds=TOKEN_SECONDS)).isoformat()
        self._store.run("INSERT INTO tokens VALUES (?, ?, ?)", token, user, expires)
        return json({"access_token": token, "token_type": "access_token", "expires_in": TOKEN_SECONDS})

    def _log_in(self, header: str) -> str:
        try:
            user, _, key = b64decode(header.removeprefix("Basic "), validate=True).decode().partition(":")
            row = self._store.one("SELECT * FROM api_users WHERE id = ?", str(UUID(user)))
        except ValueError:
            row, key = None, ""
        if row is None or not row["api_key"] or not hmac.compare_digest(key.encode(), row["api_key"].encode()):
            raise RefusalError(json({"error": "login_failed", "error_description": "Bad credentials"}, 401))
        return str(row["id"])

    def check(self, request: web.Request) -> None:
        """Refuses (401) a call without a live token or the subscription key."""
        self._check_subscription(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        row = self._store.one("SELECT expires_at FROM tokens WHERE token = ?", token)
        if row is None or datetime.fromisoformat(row["expires_at"]) <= self._world.clock.now():
            raise mtn_error(401, "UNAUTHORIZED", "The token is unknown or has expired.")

    def _check_subscription(self, request: web.Request) -> None:
        key = request.headers.get("Ocp-Apim-Subscription-Key", "")
        if not hmac.compare_digest(key.encode(), self._world.settings.mtn_subscription.encode()):
            raise RefusalError(json({"statusCode": 401, "message": BAD_SUBSCRIPTION}, 401))


def already_exists() -> RefusalError:
    """409 for a reference that was used."""
    return mtn_error(409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id. Creation of resource failed.")


def not_found() -> RefusalError:
    """404 in the vendor's words."""
    return mtn_error(404, "RESOURCE_NOT_FOUND", "Requested resource was not found.")
