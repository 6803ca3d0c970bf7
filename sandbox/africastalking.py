"""Africa's Talking as the app sees it: the SMS API, and the forms it posts for SMS and reports."""

import hmac
import secrets
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from sandbox.answers import json, read_form
from sandbox.courier import Courier, Parcel
from sandbox.faults import Fault
from sandbox.gsm7 import segments
from sandbox.handset import Handsets
from sandbox.numbers import NotANumberError, digits, market
from sandbox.outbound import NoAnswerError
from sandbox.world import World

ROUTE = "/webhooks/sms/africastalking/{secret}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNAUTHENTICATED = "The supplied authentication is invalid"
USD_PART = Decimal("0.0079")
PAUSES = (2.0, 8.0, 30.0, 120.0, 400.0)
STATUSES = {
    401: "RiskHold",
    402: "InvalidSenderId",
    403: "InvalidPhoneNumber",
    404: "UnsupportedNumberType",
    405: "InsufficientBalance",
    406: "UserInBlacklist",
    407: "CouldNotRoute",
    409: "DoNotDisturbRejection",
    500: "InternalServerError",
    501: "GatewayError",
    502: "RejectedByGateway",
}


@dataclass(frozen=True, slots=True)
class Order:
    """One accepted call of the SMS API."""

    sender: str
    text: str
    queued: bool
    premium: bool


class AfricasTalking:
    """The SMS API of the gateway and its callbacks to the app."""

    def __init__(self, world: World, handsets: Handsets, courier: Courier) -> None:
        """Deliver to these phones."""
        self._world, self._handsets, self._courier = world, handsets, courier

    def routes(self) -> list[web.RouteDef]:
        """The addresses under which the vendor is mounted."""
        send = self._world.mishaps.on("africastalking.messaging", self.send)
        return [web.post("/africastalking/version1/messaging", send)]

    async def send(self, request: web.Request) -> web.Response:
        """Answer `POST /version1/messaging` as the recorded vendor does."""
        form = await read_form(request)
        if form is None:
            return _text(
                415,
                "The request's Content-Type is not supported. Expected: application/x-www-form-urlencoded",
            )
        for name in ("username", "to", "message"):
            if not form.get(name):
                return _text(400, f"Request is missing required form field '{name}'")
        if not self._known(request.headers.get("apiKey", ""), form["username"]):
            return _unauthenticated()
        return self._accept(form)

    def _known(self, key: str, username: str) -> bool:
        own = self._world.settings
        good_key = hmac.compare_digest(key.encode(), own.at_key.encode())
        return good_key and username == own.at_username

    def _accept(self, form: dict[str, str]) -> web.Response:
        fault = self._world.faults.take("africastalking.messaging", "http201_failed", "recipient")
        sender = form.get("from", self._world.settings.sender)
        if sender != self._world.settings.sender or (fault and fault.kind == "http201_failed"):
            return _sent((fault.message if fault else "") or "InvalidSenderId", [])
        order = Order(sender, form["message"], form.get("enqueue") == "1", form.get("bulkSMSMode") == "0")
        numbers = [part.strip() for part in form["to"].split(",") if part.strip()]
        recipients = [self._recipient(order, number, fault) for number in numbers]
        return _sent(_summary(order, recipients), recipients)

    def _recipient(self, order: Order, number: str, fault: Fault | None) -> dict[str, object]:
        try:
            msisdn = digits(number)
        except NotANumberError:
            return _refused(number, 403)
        if not number.startswith("+"):
            return _refused(number, 403)
        if fault is not None:
            return _refused(number, fault.status_code or 405)
        if self._handsets.opted_out(msisdn):
            return _refused(number, 406)
        return self._take(order, msisdn)

    def _take(self, order: Order, msisdn: str) -> dict[str, object]:
        message = f"ATXid_{secrets.token_hex(16)}"
        self._world.jobs.start(self._deliver(order, msisdn, message))
        here = market(msisdn)
        cost = Decimal(here.sms_cost) * segments(order.text)
        return {
            "cost": "0" if order.premium else f"{here.currency} {cost}",
            "messageId": message,
            "number": f"+{msisdn}",
            "status": "Success",
            "statusCode": 102 if order.queued else 101,
        }

    async def _deliver(self, order: Order, msisdn: str, message: str) -> None:
        fault = self._world.faults.take("africastalking.dlr")
        kind = fault.kind if fault else ""
        if kind != "failed":
            self._handsets.deliver(msisdn, "sms", order.sender, order.text)
        if fault and kind == "late":
            await self._world.clock.sleep(fault.wait(60.0))
        report = _report(msisdn, message, fault if kind == "failed" else None)
        times = {"never": 0, "duplicate": fault.count if fault else 1}.get(kind, 1)
        for _ in range(times):
            await self._insist(ROUTE + "/delivery", report)

    async def incoming(self, msisdn: str, text: str) -> dict[str, str | int | None]:
        """A phone writes to the app; tells what was posted, and as `status` what the app answered."""
        self._handsets.sent(msisdn, text)
        at = self._world.clock.stamp()[:19]
        message = secrets.token_hex(16)
        form = {
            "id": message,
            "text": text,
            "from": f"+{msisdn}",
            "to": self._world.settings.sender,
            # Both forms of the date were seen with the vendor.
            "date": f"{at}Z" if int(message[-1], 16) % 2 else at.replace("T", " "),
            "linkId": "",
        }
        url = self._world.app_url(ROUTE)
        parcel = Parcel("africastalking.incoming", url, urlencode(form).encode(), FORM, PAUSES, "200")
        return {**form, "status": await self._courier.bring(parcel)}

    async def opt_out(self, msisdn: str) -> None:
        """The owner of a phone asks the gateway for no more messages from our sender."""
        self._handsets.opt_out(msisdn)
        form = {"senderId": self._world.settings.sender, "phoneNumber": f"+{msisdn}"}
        self._world.jobs.start(self._insist(ROUTE + "/optout", form))

    async def _insist(self, path: str, form: dict[str, str]) -> None:
        """Post until the app says 200, for about ten minutes, as the vendor does."""
        for pause in (*PAUSES, 0.0):
            try:
                if (await self._world.out.post_form(self._world.app_url(path), form)).status == HTTPStatus.OK:
                    return
            except NoAnswerError:
                pass
            await self._world.clock.sleep(pause)


def _report(msisdn: str, message: str, failed: Fault | None) -> dict[str, str]:
    report = {
        "id": message,
        "status": "Success",
        "phoneNumber": f"+{msisdn}",
        "networkCode": market(msisdn).network,
        "retryCount": "0",
    }
    if failed is None:
        return report
    return {
        **report,
        "status": failed.status or "Failed",
        "failureReason": failed.reason or "DeliveryFailure",
    }


def _refused(number: str, code: int) -> dict[str, object]:
    return {
        "cost": "0",
        "messageId": "None",
        "number": number,
        "status": STATUSES.get(code, "InternalServerError"),
        "statusCode": code,
    }


def _summary(order: Order, recipients: list[dict[str, object]]) -> str:
    good = sum(1 for r in recipients if r["status"] == "Success")
    head = f"Sent to {good}/{len(recipients)}"
    if order.premium:
        return head
    parts = segments(order.text)
    cost = f"USD {USD_PART * parts * good}" if good else "0"
    return f"{head} Total Cost: {cost} Message parts: {parts}"


def _sent(message: str, recipients: list[dict[str, object]]) -> web.Response:
    return json({"SMSMessageData": {"Message": message, "Recipients": recipients}}, 201)


def _unauthenticated() -> web.Response:
    answer = _text(401, UNAUTHENTICATED)
    answer.headers["WWW-Authenticate"] = 'Basic realm="api",charset=UTF-8'
    return answer


def _text(status: int, text: str) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/plain", charset="UTF-8")
