"""The phones page: plain files, a strict content policy, nothing from anywhere else."""

from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "phones"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def routes() -> list[web.RouteDef]:
    """The page at `/` and its files under `/page/`."""
    return [web.get("/", _index), web.get("/page/{name:[a-z0-9-]+\\.[a-z]+}", _file)]


async def _index(_request: web.Request) -> web.Response:
    return _serve(FOLDER / "index.html")


async def _file(request: web.Request) -> web.Response:
    path = FOLDER / request.match_info["name"]
    if path.suffix not in TYPES or not path.is_file():
        raise web.HTTPNotFound
    return _serve(path)


def _serve(path: Path) -> web.Response:
    return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)
