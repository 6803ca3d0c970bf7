"""The updates Telegram tells a bot, and where it was asked to bring them."""

import re
import secrets
import time
from collections import OrderedDict
from typing import Annotated

import msgspec

from sandbox.courier import Courier, Parcel
from sandbox.handset import Handsets
from sandbox.outbound import is_loopback
from sandbox.saying import Spoken, Told
from sandbox.telegram.call import Call, RefusedError, bad
from sandbox.telegram.shapes import Chats, Shape, attached, bot, message_of, private, user
from sandbox.world import World

PATH = "/webhooks/telegram"
QUERY_LIVES = 900.0
MOST_QUERIES = 1000
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Webhook(msgspec.Struct, frozen=True):
    """Where updates go; without an address they go nowhere."""

    url: str
    secret: str
    allowed: Annotated[list[str], msgspec.Meta(max_length=50)] = []
    most: int = 40


class Updates:
    """Tells the app what people do; the webhook of the demo is set until another one is."""

    def __init__(self, world: World, handsets: Handsets, courier: Courier, chats: Chats) -> None:
        """Work on the shared world."""
        self._world, self._handsets, self._courier, self._chats = world, handsets, courier, chats
        self._queries: OrderedDict[str, float] = OrderedDict()

    # The webhook

    def webhook(self) -> Webhook:
        """Where updates go now."""
        row = self._world.store.one("SELECT body FROM setups WHERE provider = 'telegram' AND kind = 'webhook'")
        if row is None:
            own = self._world.settings
            return Webhook(f"{own.public_url}{PATH}", own.telegram_secret)
        return msgspec.json.decode(row["body"], type=Webhook)

    def set_webhook(self, call: Call) -> bool:
        """`setWebhook`; an empty address ends it. Refuses addresses that are not the app's or on loopback."""
        url, secret, most = call.text("url"), call.text("secret_token"), call.number("max_connections") or 40
        if url and not is_loopback(self._world.reach(url)):
            raise bad("bad webhook: only the app and loopback can be reached from here")
        if not _SECRET.fullmatch(secret):
            raise bad("bad webhook: secret token contains unallowed characters")
        if not 1 <= most <= 100:
            raise bad("bad webhook: max_connections is out of bounds")
        allowed = call.nested("allowed_updates") or []
        if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
            raise bad("can't parse allowed_updates: expected an Array of Strings")
        self._keep(Webhook(url, secret, allowed[:50], most))
        return True

    def delete_webhook(self, _call: Call) -> bool:
        """`deleteWebhook`: updates go nowhere until there is another one."""
        self._keep(Webhook("", ""))
        return True

    def _keep(self, webhook: Webhook) -> None:
        self._world.store.run(
            "INSERT INTO setups VALUES ('telegram', 'webhook', '', ?)"
            " ON CONFLICT (provider, kind, name) DO UPDATE SET body = excluded.body",
            msgspec.json.encode(webhook).decode(),
        )

    def info(self, _call: Call) -> Shape:
        """`getWebhookInfo`."""
        now = self.webhook()
        told: Shape = {"url": now.url, "has_custom_certificate": False, "pending_update_count": 0}
        told["max_connections"] = now.most
        return {**told, "allowed_updates": now.allowed} if now.allowed else told

    # What people do

    async def hear(self, spoken: Spoken) -> Told:
        """A message or a tap."""
        return await self._tell(self._tap(spoken) if spoken.button else {"message": self._message(spoken)})

    async def member(self, msisdn: str, name: str, *, blocked: bool) -> Told:
        """The person blocked the bot, or takes it back."""
        chat = self._chats.of(msisdn)
        states = ("member", "kicked") if blocked else ("kicked", "member")
        own = bot(self._world.settings)
        old, new = ({"user": own, "status": state, **_until(state)} for state in states)
        at = int(self._world.clock.now().timestamp())
        change = {"chat": private(chat, name), "from": user(chat, name), "date": at}
        return await self._tell({"my_chat_member": {**change, "old_chat_member": old, "new_chat_member": new}})

    def _message(self, spoken: Spoken) -> Shape:
        chat = self._chats.of(spoken.msisdn)
        at = int(self._world.clock.now().timestamp())
        head = {"message_id": spoken.number, "from": user(chat, spoken.name), "chat": private(chat, spoken.name)}
        album = {"media_group_id": spoken.group} if spoken.group else {}
        return {**head, "date": at, **album, **_said(spoken, chat)}

    def _tap(self, spoken: Spoken) -> Shape:
        chat = self._chats.of(spoken.msisdn)
        query = str(secrets.randbits(62))
        self._queries[query] = time.monotonic()
        while len(self._queries) > MOST_QUERIES:
            self._queries.popitem(last=False)
        tapped: Shape = {"id": query, "from": user(chat, spoken.name), "chat_instance": str(-chat)}
        if spoken.original:
            tapped["message"] = message_of(spoken.original, chat, spoken.name, self._world.settings)
        return {"callback_query": {**tapped, "data": spoken.button.id if spoken.button else ""}}

    def answered(self, call: Call) -> bool:
        """`answerCallbackQuery`. Refuses a tap that nobody made or that waited too long."""
        started = self._queries.get(call.text("callback_query_id"))
        if started is None or time.monotonic() - started > self._world.clock.real(QUERY_LIVES):
            raise bad(TOO_OLD)
        if len(call.text("text")) > 200:
            raise RefusedError(400, "Bad Request: MESSAGE_TOO_LONG")
        return True

    # Bringing it

    async def _tell(self, content: Shape) -> Told:
        parcel, number = self._parcel(content), self._counted
        again = self._world.faults.take("telegram.updates", "resent")
        if again is not None:
            for _ in range(again.count - 1):
                self._world.jobs.start(self._resend(content, again.wait(0.0)))
        return Told(str(number), await self._deliver(parcel, next(iter(content))), parcel)

    async def _resend(self, content: Shape, seconds: float) -> None:
        await self._world.clock.sleep(seconds)
        await self._deliver(self._parcel(content), next(iter(content)))

    async def _deliver(self, parcel: Parcel, kind: str) -> int | None:
        webhook = self.webhook()
        if not webhook.url or (webhook.allowed and kind not in webhook.allowed):
            return None
        return await self._courier.bring(parcel)

    def _parcel(self, content: Shape) -> Parcel:
        webhook = self.webhook()
        self._world.store.run(
            "INSERT INTO setups VALUES ('telegram', 'counter', 'update', ?) ON CONFLICT (provider, kind, name)"
            " DO UPDATE SET body = CAST(body AS INTEGER) + 1",
            str(100_000_000 + secrets.randbelow(10**8)),
        )
        body = msgspec.json.encode({"update_id": self._counted, **content})
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhook.secret}
        return Parcel("telegram.updates", self._world.reach(webhook.url), body, headers)

    @property
    def _counted(self) -> int:
        row = self._world.store.one("SELECT body FROM setups WHERE provider = 'telegram' AND kind = 'counter'")
        return int(row["body"]) if row else 0


def _until(state: str) -> Shape:
    return {"until_date": 0} if state == "kicked" else {}


def _said(spoken: Spoken, chat: int) -> Shape:
    if spoken.file:
        return {**attached(spoken.file), **({"caption": spoken.text} if spoken.text else {})}
    if spoken.spot:
        return _spot(spoken)
    if spoken.card:
        own = {"user_id": chat} if spoken.card.own else {}
        return {"contact": {"phone_number": spoken.card.number, "first_name": spoken.card.name, **own}}
    command = re.match(r"/[A-Za-z0-9_]{1,32}", spoken.text)
    marked = [{"offset": 0, "length": command.end(), "type": "bot_command"}] if command else []
    return {"text": spoken.text, **({"entities": marked} if marked else {})}


def _spot(spoken: Spoken) -> Shape:
    spot = spoken.spot
    if spot is None:
        return {}
    point = {"latitude": spot.latitude, "longitude": spot.longitude}
    venue = {"venue": {"location": point, "title": spot.name, "address": spot.name}} if spot.name else {}
    return {"location": point, **venue}
