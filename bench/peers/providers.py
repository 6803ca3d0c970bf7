"""The providers: take every message at once, as their documentation says that it is answered; nobody measures them."""

import itertools
import os
from typing import Any

import uvloop
from aiohttp import web

from bench.peers.ptb import answer_of

_ids = itertools.count(1)


async def africastalking(request: web.Request) -> web.Response:
    """SMS: taken."""
    form = await request.post()
    taken = {"statusCode": 101, "number": str(form["to"]), "status": "Success", "cost": "XAF 13.0000"}
    found = {
        "SMSMessageData": {"Message": "Sent to 1/1", "Recipients": [{**taken, "messageId": f"ATXid_{next(_ids)}"}]}
    }
    return web.json_response(found, status=201)


async def twilio(request: web.Request) -> web.Response:
    """A message, queued."""
    form = await request.post()
    made: dict[str, Any] = {"sid": f"SM{next(_ids):032x}", "status": "queued", "to": form["To"], "from": form["From"]}
    return web.json_response({**made, "num_media": "0", "num_segments": "0", "price": None}, status=201)


async def contents(_request: web.Request) -> web.Response:
    """No template was made yet."""
    meta = {"page": 0, "page_size": 100, "key": "contents", "next_page_url": None}
    return web.json_response({"contents": [], "meta": meta})


async def content(_request: web.Request) -> web.Response:
    """A template, made."""
    return web.json_response({"sid": f"HX{next(_ids):032x}"}, status=201)


async def meta(request: web.Request) -> web.Response:
    """A message, taken."""
    to = (await request.json())["to"]
    found = {"contacts": [{"input": to, "wa_id": to}], "messages": [{"id": f"wamid.out.{next(_ids)}"}]}
    return web.json_response({"messaging_product": "whatsapp", **found})


async def telegram(request: web.Request) -> web.Response:
    """Any method of the Bot API."""
    fields = await request.post()
    result = answer_of(request.match_info["method"], {name: str(value) for name, value in fields.items()})
    return web.json_response({"ok": True, "result": result})


def main() -> None:
    """Serve until told to stop."""
    app = web.Application()
    app.add_routes(
        [
            web.post("/africastalking/messaging", africastalking),
            web.post("/twilio/2010-04-01/Accounts/{account}/Messages.json", twilio),
            web.get("/twilio/v1/Content", contents),
            web.post("/twilio/v1/Content", content),
            web.post("/meta/{sender}/messages", meta),
            web.post("/telegram/bot{token}/{method}", telegram),
        ]
    )
    port = int(os.environ["TOIT_PORT"])
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
