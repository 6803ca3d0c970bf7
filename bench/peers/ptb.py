"""A peer: python-telegram-bot and its ConversationHandler, as its documentation writes them, behind aiohttp.

The application has no updater; conversations and answers are kept in its memory. What the bot sends is answered at
once by a request class of its own, or over HTTP when BENCH_BOT_API names a server. The text sent is the reply to the
update's request too, so that it can be checked.
"""

import itertools
import json
import os
from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg
import uvloop
from aiohttp import web
from telegram import Message, Update
from telegram.ext import Application, CommandHandler, ContextTypes, ConversationHandler, MessageHandler, filters
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bench.peers.telegram import FIND
from bench.peers.words import AGAIN, QUESTIONS, homes, wanted

TOKEN: Final = "384000:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105 - nobody's
POOL: Final = "pool"
SAID: Final[dict[int, str]] = {}
"""What was answered to an update, until its request is."""

_messages: Final = itertools.count(1)

Context = ContextTypes.DEFAULT_TYPE


class AtOnce(BaseRequest):
    """Answers every request of the bot as Telegram would, without a network."""

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    @property
    def read_timeout(self) -> float | None:
        """Nobody waits."""
        return None

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - always a POST
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Encode what is sent; the answer is decoded as always."""
        fields = request_data.json_parameters if request_data else {}
        return 200, json.dumps({"ok": True, "result": answer_of(url.rpartition("/")[2], fields)}).encode()


def answer_of(method: str, fields: dict[str, str]) -> object:
    """What Telegram answers to a method of the Bot API."""
    me = {"id": 384000, "is_bot": True, "first_name": "Toit", "username": "ToitBot"}
    if method in {"getMe", "setMyCommands"}:
        return me if method == "getMe" else True
    chat = {"id": int(fields["chat_id"]), "type": "private", "first_name": "Aminata"}
    return {
        "message_id": next(_messages),
        "date": 1_794_000_000,
        "chat": chat,
        "from": me,
        "text": fields.get("text", ""),
    }


async def start(update: Update, context: Context) -> int:
    """Begin at the menu."""
    if context.user_data is not None:
        context.user_data.clear()
    await _say(update, QUESTIONS[0].screen())
    return 0


def answering(number: int) -> Any:
    """The handler of one question."""
    question = QUESTIONS[number]

    async def answer(update: Update, context: Context) -> int:
        chosen = question.chosen((_message(update).text or "").strip())
        if chosen is None:
            await _say(update, AGAIN + question.screen())
            return number
        answers: dict[str, str] = context.user_data if context.user_data is not None else {}
        answers[question.name] = chosen
        if number + 1 == len(QUESTIONS):
            wish = wanted(answers)
            found = await context.bot_data[POOL].fetch(FIND, wish.city, wish.kind, wish.top)
            await _say(update, homes(answers["city"], [tuple(row) for row in found]))
            return ConversationHandler.END
        await _say(update, QUESTIONS[number + 1].screen(answers.get("city", "")))
        return number + 1

    return answer


async def _say(update: Update, text: str) -> None:
    SAID[update.update_id] = text
    await _message(update).reply_text(text)


def _message(update: Update) -> Message:
    if update.message is None:
        raise ValueError("no message")
    return update.message


def conversation() -> Any:
    """A state for each question."""
    begin: Any = CommandHandler("start", start)
    said = filters.TEXT & ~filters.COMMAND
    states: dict[object, list[Any]] = {
        number: [MessageHandler(said, answering(number))] for number in range(len(QUESTIONS))
    }
    return ConversationHandler([begin], states, [begin])


def built() -> Any:
    """The application."""
    server = os.environ.get("BENCH_BOT_API")
    builder = Application.builder().token(TOKEN).updater(None).job_queue(None).base_url(f"{server}/bot")
    application = builder.request(HTTPXRequest(64) if server else AtOnce()).build()
    application.add_handler(conversation())
    return application


async def make_app() -> web.Application:
    """The application behind a webhook."""
    application = built()

    async def hook(request: web.Request) -> web.Response:
        update = Update.de_json(await request.json(), application.bot)
        await application.process_update(update)
        return web.Response(text=SAID.pop(update.update_id))

    async def running(_app: web.Application) -> AsyncIterator[None]:
        pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=2, max_size=8)
        application.bot_data[POOL] = pool
        async with application:
            yield
        await pool.close()

    app = web.Application()
    app.cleanup_ctx.append(running)
    app.add_routes([web.post("/telegram", hook)])
    return app


def main() -> None:
    """Serve until told to stop."""
    port = int(os.environ["TOIT_PORT"])
    web.run_app(make_app(), host="127.0.0.1", port=port, access_log=None, print=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
