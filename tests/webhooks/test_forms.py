"""Forms as gateways post them: good ones are read to the letter, bad ones are told what is wrong with them."""

import gzip
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from webhooks.forms import FORM, check_secret, need, read_form

SECRET = "s3cret-of-the-path"
LIMIT = 1_000


async def _echo(request: web.Request) -> web.Response:
    check_secret(request, SECRET)
    form = await read_form(request, LIMIT)
    if "needs" in request.query:
        need(form, *request.query["needs"].split(","))
    return web.json_response(form)


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    app = web.Application()
    app.router.add_post("/{secret}", _echo)
    running = TestServer(app)
    await running.start_server()
    yield running
    await running.close()


async def _post(
    server: TestServer, body: bytes, content_type: str | None = FORM, path: str = f"/{SECRET}", **more: str
) -> tuple[int, str]:
    headers: Mapping[str, str] = {} if content_type is None else {"Content-Type": content_type}
    skip = ["Content-Type"] if content_type is None else []
    async with (
        ClientSession(skip_auto_headers=skip) as http,
        http.post(server.make_url(path), data=body, headers={**headers, **more}) as answer,
    ):
        return answer.status, await answer.text()


GOOD = [
    (b"", FORM, {}),
    (b"&&a=1&", FORM, {"a": "1"}),
    (b"a=1=2&b=&c", FORM, {"a": "1=2", "b": "", "c": ""}),
    (b"from=%2B237677000001&text=2+pi%C3%A8ces", FORM, {"from": "+237677000001", "text": "2 pièces"}),
    ("text=déjà".encode(), FORM, {"text": "déjà"}),
    (b"text=d%E9j%E0", f"{FORM}; charset=ISO-8859-1", {"text": "déjà"}),
    (b"text=%80", f"{FORM}; charset=windows-1252", {"text": "€"}),
    (b"text=%C3%A9", f'{FORM}; charset="UTF-8"', {"text": "é"}),
    (b"text=%C3%A9", FORM.upper(), {"text": "é"}),
    (b"text=100%&b=%zz", FORM, {"text": "100%", "b": "%zz"}),
    (b"text=%F0%9F%8F%A0", FORM, {"text": "🏠"}),
    (b"te%78t=%26%3D%2B", FORM, {"text": "&=+"}),
    (b"a=%0A%E2%80%AE", FORM, {"a": "\n\u202e"}),
]


@pytest.mark.parametrize(("body", "content_type", "fields"), GOOD)
async def test_good_forms(server: TestServer, body: bytes, content_type: str, fields: dict[str, str]) -> None:
    status, text = await _post(server, body, content_type)
    assert status == 200
    assert web.json_response(fields).text == text


BAD = [
    (b'{"a": 1}', "application/json", 415, "content type"),
    (b"a=1", None, 415, "content type"),
    (b"a=1", "text/plain", 415, "content type"),
    (b"--x--", "multipart/form-data; boundary=x", 415, "content type"),
    (b"a=1", f"{FORM}; charset=bogus", 415, "charset"),
    (b"a=1", f"{FORM}; charset=utf-7", 415, "charset"),
    (b"a=1", f"{FORM}; charset=idna", 415, "charset"),
    (b"a=1", f"{FORM}; charset=rot13", 415, "charset"),
    (b"text=%E8", FORM, 400, "field text: not utf-8"),
    (b"text=%ED%A0%80", FORM, 400, "field text: not utf-8"),
    (b"text=%C0%AF", FORM, 400, "field text: not utf-8"),
    (b"%FF=1", FORM, 400, "a field's name: not utf-8"),
    (b"text=%C3%A9", f"{FORM}; charset=us-ascii", 400, "not ascii"),
    (b"text=a%00b", FORM, 400, "field text: holds a NUL"),
    (b"a=1&a=2", FORM, 400, "field given twice: a"),
    (b"%0Ax=%FF", FORM, 400, "field (unprintable)"),
    (b"&".join(b"f%d=" % i for i in range(101)), FORM, 400, "more than 100 fields"),
    (b"a=" + b"x" * LIMIT, FORM, 413, "size"),
]


@pytest.mark.parametrize(("body", "content_type", "status", "said"), BAD)
async def test_bad_forms(server: TestServer, body: bytes, content_type: str | None, status: int, said: str) -> None:
    answer, text = await _post(server, body, content_type)
    assert (answer, said in text) == (status, True), text
    assert text.strip().count("\n") == 0


async def test_a_body_of_exactly_the_limit_is_read(server: TestServer) -> None:
    assert (await _post(server, b"a=" + b"x" * (LIMIT - 2)))[0] == 200


async def test_the_limit_holds_for_what_unpacks(server: TestServer) -> None:
    packed = gzip.compress(b"a=" + b"x" * 500_000)
    assert len(packed) < LIMIT
    status, _ = await _post(server, packed, **{"Content-Encoding": "gzip"})
    assert status in {400, 413}


async def test_what_claims_to_be_packed_and_is_not_is_refused(server: TestServer) -> None:
    status, _ = await _post(server, b"a=1", **{"Content-Encoding": "gzip"})
    assert status == 400


async def test_a_body_without_a_length_stops_at_the_limit(server: TestServer) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield b"x" * 1_000

    url, headers = server.make_url(f"/{SECRET}"), {"Content-Type": FORM}
    async with ClientSession() as http, http.post(url, data=endless(), headers=headers) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("path", ["/wrong", f"/{SECRET}x", f"/{SECRET[:-1]}", "/%C3%A9", "/%FF", "/%00"])
async def test_a_wrong_secret_is_refused_before_the_body(server: TestServer, path: str) -> None:
    status, text = await _post(server, b"\xff" * 5_000, "application/json", path)
    assert (status, text) == (403, "wrong secret\n")


async def test_missing_and_empty_fields_are_named(server: TestServer) -> None:
    status, text = await _post(server, b"a=1&b=", path=f"/{SECRET}?needs=a,b,c")
    assert (status, text) == (400, "missing field: b, c\n")
