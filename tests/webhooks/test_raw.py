"""Raw requests: forms, queries and JSON are read to the letter, bad ones are told what is wrong with them."""

import gzip
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from yarl import URL

from webhooks.raw import (
    FORM,
    Raw,
    Rejected,
    check_path_secret,
    form,
    form_pairs,
    json_object,
    need,
    query,
    read_raw,
)

SECRET = "s3cret-of-the-path"
LIMIT = 1_000


async def _echo(request: web.Request) -> web.Response:
    try:
        check_path_secret(request.match_info["secret"], SECRET)
        raw = await read_raw(request, LIMIT)
        found = form(raw)
        if "needs" in request.query:
            need(found, *request.query["needs"].split(","))
    except Rejected as error:
        return web.Response(status=error.status, text=f"{error.reason}\n")
    return web.json_response(found)


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
    (b"text=a%00b&c%00=%00\0", FORM, {"text": "ab", "c": ""}),
    (b"te%78t=%26%3D%2B", FORM, {"text": "&=+"}),
    (b"a=%0A%E2%80%AE", FORM, {"a": "\n\u202e"}),
    (b"text=%2A384%2a7%23%2B1%2b+%252A&b=%%2A%2%2A&c=%2", FORM, {"text": "*384*7#+1+ %2A", "b": "%*%2*", "c": "%2"}),
    (b"a=%2A&%2Ab=%26%3D&c=%C3%A9%23", FORM, {"a": "*", "*b": "&=", "c": "é#"}),
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
    (b"a=1&a=2", FORM, 400, "field given twice: a"),
    (b"%0Ax=%FF", FORM, 400, "field (unprintable)"),
    (b"&".join(b"f%d=" % i for i in range(101)), FORM, 400, "more than 100 fields"),
    (b"a=" + b"x" * LIMIT, FORM, 413, "at most 1000 bytes"),
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


def posted(body: bytes, content_type: str = FORM, query_: str = "") -> Raw:
    return Raw("POST", "/x", query_, {"content-type": content_type}, body)


def test_repeated_and_blank_fields_keep_their_order() -> None:
    assert form_pairs(posted(b"b=2&a=1&b=&b=2")) == [("b", "2"), ("a", "1"), ("b", ""), ("b", "2")]


async def test_the_request_is_kept_as_it_came(server: TestServer) -> None:
    seen: list[Raw] = []

    async def keep(request: web.Request) -> web.Response:
        seen.append(await read_raw(request, LIMIT))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", keep)
    async with TestServer(app) as running, ClientSession() as http:
        url = URL(str(running.make_url("/")) + "a%20b%2Fc?d=%41&&e=1+2", encoded=True)
        await http.put(url, data=b"\xff\x00", headers={"X-Some-Header": "Yes"})
    assert (seen[0].method, seen[0].path, seen[0].query) == ("PUT", "/a%20b%2Fc", "d=%41&&e=1+2")
    assert (seen[0].body, seen[0].header("x-some-header"), seen[0].header("x-none")) == (b"\xff\x00", "Yes", "")


QUERIES = [
    ("", {}),
    ("a=1&b=%C3%A9+%2B", {"a": "1", "b": "é +"}),
    ("a=%00&b%00=1%002", {"a": "", "b": "12"}),
    ("a=first&a=second", {"a": "first"}),
    ("a=&a=second", {"a": ""}),
    ("hub.mode=subscribe", {"hub.mode": "subscribe"}),
    ("&&a", {"a": ""}),
]


@pytest.mark.parametrize(("text", "fields"), QUERIES)
def test_queries(text: str, fields: dict[str, str]) -> None:
    assert query(posted(b"", query_=text)) == fields


@pytest.mark.parametrize("text", ["a=%FF", "%FF=1", "a=\udcff", "&".join(f"f{n}=" for n in range(101))])
def test_bad_queries(text: str) -> None:
    with pytest.raises(Rejected) as refused:
        query(posted(b"", query_=text))
    assert refused.value.status == 400


def test_a_query_in_another_charset() -> None:
    assert query(posted(b"", query_="a=%E9"), "cp1252") == {"a": "é"}


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
def test_json_objects(content_type: str) -> None:
    assert json_object(posted('{"a": "é", "b": [1]}'.encode(), content_type)) == {"a": "é", "b": [1]}


BAD_JSON = [
    b"", b"null", b"[]", b"5", b"{", b"{}x", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\0"}',
    b"\xef\xbb\xbf{}", b'{"a":' * 100_000, '{"a": 1}'.encode("utf-16"),
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_JSON, ids=range(len(BAD_JSON)))
def test_what_is_no_json_object(body: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        json_object(posted(body, "application/json"))
    assert (refused.value.status, refused.value.reason[:5]) == (400, "body:")


ODD_JSON = [
    (rb'{"a": "x\u0000y", "\u0000b": "\u0000"}', {"a": "xy", "b": ""}),
    (rb'{"a": "x\ud800y", "b": "\uDE00\ud83c", "c": 1}', {"a": "x\ufffdy", "b": "\ufffd\ufffd", "c": 1}),
    (rb'{"a": "\ud83c\udfe0\ud83c", "b": "\u00e9"}', {"a": "🏠\ufffd", "b": "é"}),
    (rb'{"a": "\u0000\\ud800\\u0000\\\u0000"}', {"a": r"\ud800\u0000" + "\\"}),
    (b'{"a": "\xff\xc3\xa9 \xed\xa0\x80"}', {"a": "\ufffdé \ufffd\ufffd\ufffd"}),
]


@pytest.mark.parametrize(("body", "found"), ODD_JSON, ids=range(len(ODD_JSON)))
def test_one_odd_sign_costs_nobody_their_message(body: bytes, found: dict[str, Any]) -> None:
    assert json_object(posted(body, "application/json")) == found


def test_a_form_is_no_json() -> None:
    with pytest.raises(Rejected) as refused:
        json_object(posted(b"{}"))
    assert refused.value.status == 415


@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "é", "\udcff", "\0"])
def test_only_the_secret_is_the_secret(given: str) -> None:
    check_path_secret(SECRET, SECRET)
    with pytest.raises(Rejected) as refused:
        check_path_secret(given, SECRET)
    assert (refused.value.status, refused.value.reason) == (403, "wrong secret")
