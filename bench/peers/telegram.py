"""A peer: aiogram 3 with its Redis storage, states and handlers as its documentation writes them.

Updates come over HTTP like a webhook's; what the bot sends is encoded and its answer decoded as always, but goes over
no network: the text is the reply to the update's request, so that it can be checked.
"""

import json
import os
from collections.abc import AsyncGenerator
from typing import Any, Final, cast

import asyncpg
import uvloop
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.base import BaseSession
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message
from aiohttp import web

from bench.peers.words import AGAIN, QUESTIONS, homes, wanted

FIND: Final = """
    SELECT code, kind, price FROM listing
    WHERE state = 'published' AND city = $1 AND deal = 'rent' AND kind = $2 AND price <= $3
    ORDER BY price, id LIMIT 6
"""


class Search(StatesGroup):
    """Where a conversation stands."""

    menu = State()
    deal = State()
    city = State()
    quarter = State()
    kind = State()
    top = State()


STATES: Final = (Search.menu, Search.deal, Search.city, Search.quarter, Search.kind, Search.top)


class NoNetwork(BaseSession):
    """Answers every request of the bot as Telegram would, at once."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109
    ) -> TelegramType:
        """Encode the request, decode the answer."""
        given = method.model_dump(warnings=False)
        fields = {name: self.prepare_value(value, bot=bot, files={}) for name, value in given.items()}
        json.dumps({name: value for name, value in fields.items() if value is not None})
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        message = {"message_id": 1, "date": 1_794_000_000, "chat": chat, "text": fields["text"]}
        answer = self.check_response(bot, method, 200, json.dumps({"ok": True, "result": message}))
        return cast("TelegramType", answer.result)

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Nothing is downloaded."""
        yield b""


async def start(message: Message, state: FSMContext) -> str:
    """Begin at the menu."""
    await state.set_state(Search.menu)
    await state.set_data({})
    return await _say(message, QUESTIONS[0].screen())


async def answer(message: Message, state: FSMContext, raw_state: str, pool: Any) -> str:
    """Keep the answer and ask the next question, or show the homes."""
    number = [known.state for known in STATES].index(raw_state)
    question = QUESTIONS[number]
    chosen = question.chosen(message.text or "")
    if chosen is None:
        return await _say(message, AGAIN + question.screen())
    answers = await state.update_data({question.name: chosen})
    if number + 1 == len(QUESTIONS):
        wish = wanted(answers)
        found = await pool.fetch(FIND, wish.city, wish.kind, wish.top)
        return await _say(message, homes(answers["city"], [tuple(row) for row in found]))
    await state.set_state(STATES[number + 1])
    return await _say(message, QUESTIONS[number + 1].screen(answers.get("city", "")))


async def _say(message: Message, text: str) -> str:
    await message.answer(text)
    return text


async def make_app() -> web.Application:
    """The dispatcher behind a webhook."""
    storage = RedisStorage.from_url(os.environ["BENCH_REDIS"])
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=2, max_size=8)
    dispatcher = Dispatcher(storage=storage, pool=pool)
    dispatcher.message.register(start, CommandStart())
    dispatcher.message.register(answer, StateFilter(Search), F.text)
    bot = Bot("42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", session=NoNetwork())

    async def hook(request: web.Request) -> web.Response:
        return web.Response(text=await dispatcher.feed_raw_update(bot, await request.json()))

    app = web.Application()
    app.add_routes([web.post("/telegram", hook)])
    return app


def main() -> None:
    """Serve until told to stop."""
    port = int(os.environ["TOIT_PORT"])
    web.run_app(make_app(), host="127.0.0.1", port=port, access_log=None, print=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
