"""Twilio's Content templates: a screen to tap is one of a few layouts with blanks, made once and found again."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from twilio.rest import Client

from bot.render.bubble import Bubble
from core.kit.errors import ProviderError

VALUE: Final = 250
"""Characters of one blank; Twilio takes 255."""

MOST_LISTED: Final = 2_000
LANGUAGE: Final = "fr"
"""Content has a language; a layout holds no words, so one does for all."""

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a screen needs: buttons or rows, how many of them, which ones have a note, and blanks for its text.

    A row without a note has no description at all: a blank may not be empty (list-picker, ``description`` may be left
    out).
    """

    style: str
    choices: int
    notes: tuple[bool, ...]
    parts: int

    @property
    def name(self) -> str:
        """What it is found by; a layout that is changed needs another number in front."""
        noted = "".join(str(int(note)) for note in self.notes)
        return f"toit_1_{self.style}_{self.choices}{f'_{noted}' if any(self.notes) else ''}_{self.parts}"

    @property
    def blanks(self) -> int:
        """How many blanks it has."""
        return self.parts + (self.style == "list") + 2 * self.choices + sum(self.notes)

    def types(self) -> dict[str, Any]:
        """Its definition: blanks are numbered in the order in which they are shown."""
        blanks = iter(f"{{{{{n}}}}}" for n in range(1, self.blanks + 1))
        body = "".join(next(blanks) for _ in range(self.parts))
        if self.style == "buttons":
            actions = [{"type": "QUICK_REPLY", "title": next(blanks), "id": next(blanks)} for _ in range(self.choices)]
            return {"twilio/quick-reply": {"body": body, "actions": actions}}
        button = next(blanks)
        fields = [("item", "id", "description") if note else ("item", "id") for note in self.notes]
        items = [{field: next(blanks) for field in row} for row in fields]
        return {"twilio/list-picker": {"body": body, "button": button, "items": items}}


def laid_out(bubble: Bubble) -> tuple[Layout, Values]:
    """The layout of a screen with choices, and what its blanks are filled with."""
    parts = _parts(bubble.text)
    notes = tuple(bubble.style == "list" and bool(choice.note) for choice in bubble.choices)
    told = [*parts, bubble.opener] if bubble.style == "list" else parts
    for choice in bubble.choices:
        told = [*told, choice.label, choice.id, *([choice.note] if bubble.style == "list" and choice.note else [])]
    layout = Layout(bubble.style, len(bubble.choices), notes, len(parts))
    return layout, {str(n): value for n, value in enumerate(told, 1)}


def _parts(text: str) -> list[str]:
    """The text in blanks that are put side by side: cut inside words, for a space at an edge may get lost."""
    parts = []
    while len(text) > VALUE:
        end = VALUE
        while end > VALUE // 2 and (text[end].isspace() or text[end - 1].isspace()):
            end -= 1
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


class Contents:
    """The templates of an account, looked up once; what this worker has never seen is looked for anew."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[tuple[str, str], str] = {}
        self._looking = asyncio.Lock()

    async def interactive(self, layout: Layout) -> str:
        """The sid of a layout, made on first use. Two workers may make it twice, which does no harm."""
        return await self._found(layout.name, LANGUAGE) or await self._make(layout)

    async def approved(self, name: str, language: str) -> str:
        """The sid of a template that was approved under a name. ProviderError (closed) when there is none."""
        sid = await self._found(name, language)
        if sid is None:
            raise ProviderError("no_template", retryable=False, closed=True)
        return sid

    async def _found(self, name: str, language: str) -> str | None:
        async with self._looking:
            if (name, language) not in self._known:
                listed = await self._client.content.v1.contents.list_async(limit=MOST_LISTED, page_size=100)
                self._known = {(one.friendly_name, one.language): one.sid for one in listed} | self._known
            return self._known.get((name, language))

    async def _make(self, layout: Layout) -> str:
        async with self._looking:
            if sid := self._known.get((layout.name, LANGUAGE)):
                return sid
            samples = {str(n): f"x{n}" for n in range(1, layout.blanks + 1)}
            body: Mapping[str, object] = {
                "friendly_name": layout.name,
                "language": LANGUAGE,
                "variables": samples,
                "types": layout.types(),
            }
            sid = await self._created(body)
            self._known[layout.name, LANGUAGE] = sid
            return sid

    async def _created(self, body: Mapping[str, object]) -> str:
        """By the package's request alone: its model of a Content sends every other type along as null."""
        url = f"{self._client.content.base_url}/v1/Content"
        answer = await self._client.request_async("POST", url, data=body, headers={"Content-Type": "application/json"})
        if answer.status_code >= 300:
            raise self._client.content.v1.exception("POST", url, answer, "no content")
        return str(json.loads(answer.text)["sid"])
