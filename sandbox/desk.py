"""The JSON that testers and the phones page use: phones, wallets, faults, truth, people."""

import msgspec
from aiohttp import web

from sandbox.africastalking import AfricasTalking
from sandbox.answers import json, msisdn_of, read_json, refuse
from sandbox.faults import Fault
from sandbox.handset import Handsets
from sandbox.mtn.payments import Payments
from sandbox.people import people
from sandbox.ussd import Gateway
from sandbox.wallets import WalletChange, Wallets
from sandbox.world import World

PHONE = "/phones/{msisdn}"


class Dial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code typed on the phone."""

    code: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person types as an answer or as an SMS."""

    text: str


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the owner does with a Mobile Money prompt."""

    pin: str | None = None
    action: str | None = None


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the phone has a network."""

    on: bool


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body without fields."""


class Phones:
    """What a person can do with a phone."""

    def __init__(self, gateway: Gateway, sms: AfricasTalking, payments: Payments, handsets: Handsets) -> None:
        """Put the phones in front of the gateway and the operator."""
        self._gateway, self._sms, self._payments, self._handsets = gateway, sms, payments, handsets

    def routes(self) -> list[web.RouteDef]:
        """The addresses under `/phones`."""
        return [
            web.get(PHONE, self.look, allow_head=False),
            web.post(PHONE + "/dial", self.dial),
            web.post(PHONE + "/answer", self.answer),
            web.post(PHONE + "/hangup", self.hang_up),
            web.post(PHONE + "/network", self.network),
            web.post(PHONE + "/optout", self.opt_out),
            web.get(PHONE + "/messages", self.messages, allow_head=False),
            web.get(PHONE + "/thread", self.thread, allow_head=False),
            web.get(PHONE + "/prompts", self.prompts, allow_head=False),
            web.post(PHONE + "/prompts/{prompt:[0-9]{1,12}}", self.decide),
        ]

    async def look(self, request: web.Request) -> web.Response:
        """The screen of the phone as it is now, and its network."""
        phone = msisdn_of(request)
        shown = msgspec.to_builtins(self._gateway.showing(phone))
        return json({**shown, "network": self._handsets.has_network(phone)})

    async def dial(self, request: web.Request) -> web.Response:
        """Dial a USSD code."""
        phone, body = msisdn_of(request), await read_json(request, Dial)
        return json(await self._gateway.dial(phone, body.code.strip()))

    async def answer(self, request: web.Request) -> web.Response:
        """Answer the open session."""
        phone, body = msisdn_of(request), await read_json(request, Words)
        return json(await self._gateway.answer(phone, body.text))

    async def hang_up(self, request: web.Request) -> web.Response:
        """End the session from the phone."""
        phone, _ = msisdn_of(request), await read_json(request, Nothing)
        return json(self._gateway.hang_up(phone))

    async def network(self, request: web.Request) -> web.Response:
        """Cut or restore the network of the phone."""
        phone, body = msisdn_of(request), await read_json(request, Network)
        self._handsets.set_network(phone, on=body.on)
        if not body.on:
            self._gateway.cut(phone)
        return json({"on": body.on})

    async def opt_out(self, request: web.Request) -> web.Response:
        """Ask the gateway for no more SMS."""
        phone, _ = msisdn_of(request), await read_json(request, Nothing)
        await self._sms.opt_out(phone)
        return json({"opted_out": True}, 202)

    async def messages(self, request: web.Request) -> web.Response:
        """What the phone received, oldest first."""
        return json(self._handsets.received(msisdn_of(request)))

    async def thread(self, request: web.Request) -> web.Response:
        """What the phone received and sent, oldest first."""
        return json(self._handsets.thread(msisdn_of(request)))

    async def prompts(self, request: web.Request) -> web.Response:
        """Mobile Money prompts that wait for the PIN."""
        return json(self._payments.open_prompts(msisdn_of(request)))

    async def decide(self, request: web.Request) -> web.Response:
        """Approve with the PIN, or refuse."""
        phone, body = msisdn_of(request), await read_json(request, Decision)
        number = int(request.match_info["prompt"])
        if body.pin is not None and body.action in {None, "approve"}:
            return json(self._payments.approve(phone, number, body.pin))
        if body.action == "reject" and body.pin is None:
            return json(self._payments.reject(phone, number))
        raise refuse(400, 'send {"pin": "…"} or {"action": "reject"}')


class Desk:
    """What a tester can set and read."""

    def __init__(self, world: World, wallets: Wallets) -> None:
        """Work on the shared world."""
        self._world, self._wallets = world, wallets

    def routes(self) -> list[web.RouteDef]:
        """Wallets, faults, truth, people, health and events."""
        return [
            web.get("/wallets/mtn/{msisdn}", self.wallet, allow_head=False),
            web.put("/wallets/mtn/{msisdn}", self.set_wallet),
            web.get("/faults", self.faults, allow_head=False),
            web.delete("/faults", self.clear_faults),
            web.put("/faults/{name}", self.set_fault),
            web.delete("/faults/{name}", self.clear_faults),
            web.get("/truth/mtn", self.truth, allow_head=False),
            web.get("/people", self.people, allow_head=False),
            web.get("/healthz", self.health),
            web.get("/events", self._world.hub.stream, allow_head=False),
        ]

    async def wallet(self, request: web.Request) -> web.Response:
        """A wallet with its PIN."""
        return json(self._wallets.get(msisdn_of(request)))

    async def set_wallet(self, request: web.Request) -> web.Response:
        """Set balance, behaviour or PIN."""
        phone, change = msisdn_of(request), await read_json(request, WalletChange)
        return json(self._wallets.change(phone, change))

    async def faults(self, _request: web.Request) -> web.Response:
        """Every ordered mishap."""
        return json(self._world.faults.listed())

    async def set_fault(self, request: web.Request) -> web.Response:
        """Order a mishap."""
        fault = await read_json(request, Fault)
        return json(self._world.faults.put(request.match_info["name"], fault))

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Take back one mishap or all."""
        return json({"removed": self._world.faults.remove(request.match_info.get("name"))})

    async def truth(self, _request: web.Request) -> web.Response:
        """What was really debited, oldest first."""
        rows = self._world.store.all(
            "SELECT at, reference, external_id, msisdn, amount, currency, financial_transaction_id"
            " FROM truth ORDER BY number"
        )
        return json([dict(row) for row in rows])

    async def people(self, _request: web.Request) -> web.Response:
        """The people of the demo."""
        return json(people(self._world.settings.home))

    async def health(self, _request: web.Request) -> web.Response:
        """Whether the sandbox lives."""
        return json({"status": "ok"})
