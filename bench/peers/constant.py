"""The floor: aiohttp that answers the same constant to every request."""

import os

import uvloop
from aiohttp import web

from bench.conversation import PATH


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(text="CON Trouve Moi Un Toit\n1 Chercher un logement")


def main() -> None:
    """Serve until told to stop."""
    app = web.Application()
    app.add_routes([web.post(PATH, _answer)])
    port = int(os.environ["TOIT_PORT"])
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
