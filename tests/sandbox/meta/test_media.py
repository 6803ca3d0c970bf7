"""Files that the app uploads to the Cloud API: their kinds, their sizes, and the name under which they are shown."""

from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import FormData
from yarl import URL

from sandbox.meta.content import check_media
from sandbox.meta.graph import GraphError
from tests.sandbox.meta.side import NUMBER, TOKEN, post
from tests.sandbox.side import Client, TinyApp, received


async def upload(client: Client, mime: str, body: bytes, status: int = 200) -> Any:
    """Upload a file under the name "upload"."""
    form = FormData({"messaging_product": "whatsapp", "type": mime})
    form.add_field("file", body, filename="upload", content_type="application/octet-stream")
    async with client.post(f"/meta/{NUMBER}/media", data=form, headers=TOKEN) as got:
        told = await got.json()
        assert got.status == status, told
        return told


@pytest.mark.parametrize(("named", "shown"), [("Reçu 12.pdf", "/Reçu 12.pdf"), ("", "/upload")])
async def test_a_paper_is_shown_as_its_message_calls_it(
    client: Client, opened: TinyApp, named: str, shown: str
) -> None:
    ident = (await upload(client, "application/pdf", b"%PDF-1.4"))["id"]
    await post(client, type="document", document={"id": ident, "filename": named, "caption": "Payé"})
    (paper,) = await received(client)
    assert paper["text"] == "Payé"
    assert unquote(paper["document"]).endswith(shown)
    async with client.get(URL(paper["document"], encoded=True)) as got:
        assert await got.read() == b"%PDF-1.4"


async def test_a_paper_elsewhere_keeps_its_address(client: Client, opened: TinyApp) -> None:
    await post(client, type="document", document={"link": "https://toit.example/a.pdf", "filename": "b.pdf"})
    assert (await received(client))[0]["document"] == "https://toit.example/a.pdf"


@pytest.mark.parametrize(
    ("mime", "size", "status"),
    [("audio/ogg; codecs=opus", 1, 200), ("image/PNG", 1, 200), ("image/gif", 1, 400), ("application/pdf", 0, 400)],
)
async def test_kinds_of_files(client: Client, mime: str, size: int, status: int) -> None:
    told = await upload(client, mime, b"x" * size, status)
    assert told["id"] if status == 200 else told["error"]["code"] == 100


@pytest.mark.parametrize(("mime", "most"), [("image/png", 5), ("audio/ogg", 16), ("application/pdf", 100)])
def test_sizes_of_files(mime: str, most: int) -> None:
    """In megabytes; no request to the sandbox is ever as large."""
    check_media(mime, most * 1024 * 1024)
    with pytest.raises(GraphError):
        check_media(mime, most * 1024 * 1024 + 1)
