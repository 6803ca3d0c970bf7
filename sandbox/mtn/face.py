"""MTN's Collection API: request to pay, its status, and the calls around it."""

from aiohttp import web

from sandbox.answers import json, read_json
from sandbox.handset import Handsets
from sandbox.mtn.access import Access, already_exists, not_found
from sandbox.mtn.callbacks import reason, shape
from sandbox.mtn.checks import NOTE_LIMIT, check_market, environment_of, heading_of, mtn_error, wish_of
from sandbox.mtn.payments import Payments
from sandbox.mtn.table import ALWAYS_CREATED, CURRENCIES, HOLDER_INACTIVE, HOLDER_REFUSED
from sandbox.people import name_of
from sandbox.store import Row
from sandbox.wallets import Wallets
from sandbox.world import World

BASE = "/mtn/collection/v1_0"


class Collection:
    """The routes of the Collection product."""

    def __init__(self, world: World, access: Access, payments: Payments, wallets: Wallets, handsets: Handsets) -> None:
        """Serve these payments to callers that `access` lets in."""
        self._world, self._access, self._payments = world, access, payments
        self._wallets, self._handsets = wallets, handsets

    def routes(self) -> list[web.RouteDef]:
        """The addresses under which the vendor is mounted."""
        on, get = self._world.mishaps.on, web.get
        pay, holder = f"{BASE}/requesttopay", BASE + "/accountholder/msisdn/{msisdn}"
        note = on("mtn.deliverynotification", self.notify)
        return [
            web.post(pay, on("mtn.requesttopay", self.request_to_pay)),
            get(pay + "/{reference}", on("mtn.status", self.status), allow_head=False),
            web.post(pay + "/{reference}/deliverynotification", note),
            get(holder + "/active", on("mtn.accountholder", self.active), allow_head=False),
            get(holder + "/basicuserinfo", on("mtn.basicuserinfo", self.who), allow_head=False),
            get(f"{BASE}/account/balance", on("mtn.balance", self.balance), allow_head=False),
        ]

    async def request_to_pay(self, request: web.Request) -> web.Response:
        """202 and nothing; 409 for a reused reference; logical errors as 500."""
        self._access.check(request)
        heading = heading_of(request.headers)
        wish = wish_of(request.content_type, await request.read())
        check_market(wish, heading.environment)
        if not await self._payments.take(heading, wish):
            raise already_exists()
        return web.Response(status=202)

    async def status(self, request: web.Request) -> web.Response:
        """The payment as it stands; 404 while the vendor's index lags behind."""
        self._enter(request)
        row = self._payments.seek(request.match_info["reference"].lower())
        if row is None or self._lags(row):
            raise not_found()
        return json(self._warts(row, shape(row)))

    def _lags(self, row: Row) -> bool:
        fault = self._world.faults.take("mtn.status", "lag")
        return fault is not None and row["polls"] <= fault.polls

    def _warts(self, row: Row, told: dict[str, object]) -> dict[str, object]:
        if row["status"] == "PENDING" and _says_created(row):
            told["status"] = "CREATED"
        fault = self._world.faults.take("mtn.status", "word", "reason_string", "reason_object")
        if fault is None:
            return told
        if fault.kind == "word" and (not fault.instead_of or fault.instead_of == told["status"]):
            told["status"] = fault.word or "SUCCESSFULL"
        if fault.kind != "word" and row["reason"]:
            told["reason"] = reason(row, as_object=fault.kind == "reason_object")
        return told

    async def active(self, request: web.Request) -> web.Response:
        """Whether the number has a live wallet."""
        self._enter(request)
        msisdn = request.match_info["msisdn"]
        _refuse_holder(msisdn)
        behaviour = self._wallets.get(msisdn).behaviour
        if behaviour == "not_found":
            raise not_found()
        result = behaviour != "inactive" and msisdn != HOLDER_INACTIVE
        as_text = self._world.faults.take("mtn.accountholder", "string_result")
        return json({"result": str(result).lower() if as_text else result})

    async def who(self, request: web.Request) -> web.Response:
        """The name behind a number, as the operator registered it."""
        self._enter(request)
        msisdn = request.match_info["msisdn"]
        if self._wallets.get(msisdn).behaviour == "not_found":
            raise not_found()
        family, _, given = name_of(self._world.settings.home, msisdn).rpartition(" ")
        return json(
            {
                "given_name": given,
                "family_name": family,
                "birthdate": "1990-01-01",
                "locale": "fr_CM",
                "gender": "",
                "status": "ACTIVE",
            }
        )

    async def balance(self, request: web.Request) -> web.Response:
        """What was collected, in the currency of the market."""
        currency = CURRENCIES[self._enter(request)]
        sql = "SELECT coalesce(sum(amount), 0) AS total FROM truth WHERE currency = ?"
        row = self._world.store.one(sql, currency)
        return json({"availableBalance": str(row["total"] if row else 0), "currency": currency})

    async def notify(self, request: web.Request) -> web.Response:
        """A message of ours to the payer, once the payment went through."""
        self._enter(request)
        body = await read_json(request, dict[str, str])
        row = self._payments.seek(request.match_info["reference"].lower())
        if row is None:
            raise not_found()
        if row["status"] != "SUCCESSFUL" or not 0 < len(body.get("notificationMessage", "")) <= NOTE_LIMIT:
            raise mtn_error(400, "NOT_ALLOWED", "Notification is not allowed.")
        self._handsets.deliver(row["msisdn"], "momo", "MobileMoney", body["notificationMessage"])
        return web.Response(status=200)

    def _enter(self, request: web.Request) -> str:
        self._access.check(request)
        return environment_of(request.headers)


def _says_created(row: Row) -> bool:
    # Seen with the vendor though not in its vocabulary: every second payment starts with it.
    return bool(row["msisdn"] == ALWAYS_CREATED or (row["number"] % 2 == 0 and row["polls"] == 1))


def _refuse_holder(msisdn: str) -> None:
    if msisdn in HOLDER_REFUSED:
        status, code = HOLDER_REFUSED[msisdn]
        raise mtn_error(status, code, f"Test number: {code}.")
