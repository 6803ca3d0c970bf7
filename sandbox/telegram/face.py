"""The addresses of the Bot API and the table of its methods."""

import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from aiohttp import web

from sandbox.courier import Courier
from sandbox.handset import Handsets
from sandbox.media import Files, served
from sandbox.saying import Spoken, Told
from sandbox.telegram.call import Call, RefusedError, answer, bad, read_call, refusal
from sandbox.telegram.messages import Messages
from sandbox.telegram.shapes import Chats, Shape, bot
from sandbox.telegram.updates import Updates
from sandbox.world import World

DOWNLOAD_CAP: Final = 20 * 1024 * 1024
MOST_MENUS: Final = 100
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
ROUTES: Final = {
    **dict.fromkeys(("sendMessage", "sendPhoto", "sendDocument", "sendLocation"), "telegram.send"),
    **dict.fromkeys(("editMessageText", "editMessageCaption", "editMessageReplyMarkup"), "telegram.edit"),
    "answerCallbackQuery": "telegram.answer",
}
"""By which name the mishaps of a method are ordered; the others are `telegram.api`."""


class Telegram:
    """The Bot API for one bot."""

    def __init__(self, world: World, handsets: Handsets, files: Files, courier: Courier) -> None:
        """Connect the bot with phones and app."""
        self._world, self._files = world, files
        self._chats = Chats(world.store)
        self.updates = Updates(world, handsets, courier, self._chats)
        messages = Messages(world, handsets, files, self._chats)
        self._methods: Mapping[str, Callable[[Call], Any]] = {
            "getMe": self._me,
            "setWebhook": self.updates.set_webhook,
            "deleteWebhook": self.updates.delete_webhook,
            "getWebhookInfo": self.updates.info,
            "setMyCommands": self._set_commands,
            "getMyCommands": self._commands,
            "deleteMyCommands": self._delete_commands,
            "getFile": self._file,
            "sendMessage": messages.text,
            "sendPhoto": messages.photo,
            "sendDocument": messages.document,
            "sendLocation": messages.location,
            "sendChatAction": messages.action,
            "editMessageText": messages.edit_text,
            "editMessageCaption": messages.edit_caption,
            "editMessageReplyMarkup": messages.edit_markup,
            "deleteMessage": messages.delete,
            "answerCallbackQuery": self.updates.answered,
        }

    def routes(self) -> list[web.RouteDef]:
        """Methods and files, each under the token."""
        names = {*ROUTES.values(), "telegram.api"}
        exposed = {name: self._world.mishaps.on(name, self.call) for name in names}

        async def method(request: web.Request) -> web.StreamResponse:
            return await exposed[ROUTES.get(request.match_info["method"], "telegram.api")](request)

        path = "/telegram/bot{token:[^/]+}/{method:[A-Za-z]+}"
        file = "/telegram/file/bot{token:[^/]+}/{kind:[a-z]+}/{id:[0-9]+}{end:[.a-z0-9]*}"
        return [web.post(path, method), web.get(path, method, allow_head=False), web.get(file, self.download)]

    async def hear(self, spoken: Spoken) -> Told:
        """What a person does in the chat."""
        return await self.updates.hear(spoken)

    async def call(self, request: web.Request) -> web.Response:
        """Do what a request asks for, if the token is right."""
        try:
            return answer(self._method(request)(await read_call(request)))
        except RefusedError as why:
            return refusal(why)

    def _method(self, request: web.Request) -> Callable[[Call], Any]:
        if not self._known(request):
            raise RefusedError(401, "Unauthorized")
        done = self._methods.get(request.match_info["method"])
        if done is None:
            raise RefusedError(404, "Not Found: method not found")
        return done

    def _known(self, request: web.Request) -> bool:
        given = request.match_info["token"].encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._world.settings.telegram_token.encode())

    def _me(self, _call: Call) -> Shape:
        groups = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return {**bot(self._world.settings), **dict.fromkeys(groups, False)}

    # Files

    def _file(self, call: Call) -> Shape:
        file = self._files.get(call.text("file_id"))
        if file is None:
            raise bad("invalid file_id")
        if len(file.body) > DOWNLOAD_CAP:
            raise bad("file is too big")
        kind = {"image": "photos", "audio": "voice", "video": "videos"}.get(file.mime.partition("/")[0], "documents")
        path = f"{kind}/{file.id}.{file.name.rpartition('.')[2] or 'bin'}"
        return {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": len(file.body), "file_path": path}

    async def download(self, request: web.Request) -> web.Response:
        """The bytes of a file."""
        if not self._known(request):
            return refusal(RefusedError(401, "Unauthorized"))
        return served(self._files.get(request.match_info["id"]))

    # The menu of commands

    def _set_commands(self, call: Call) -> bool:
        commands = call.nested("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad("can't parse commands: expected an Array of BotCommand")
        listed = [_command(command) for command in commands]
        count = self._world.store.one("SELECT count(*) AS menus FROM setups WHERE kind = 'commands'")
        if count is not None and count["menus"] >= MOST_MENUS:
            raise bad("too many menus")
        self._world.store.run(
            "INSERT INTO setups VALUES ('telegram', 'commands', ?, ?)"
            " ON CONFLICT (provider, kind, name) DO UPDATE SET body = excluded.body",
            *(_menu(call), msgspec.json.encode(listed).decode()),
        )
        return True

    def _commands(self, call: Call) -> list[Shape]:
        row = self._world.store.one("SELECT body FROM setups WHERE kind = 'commands' AND name = ?", _menu(call))
        return msgspec.json.decode(row["body"], type=list[Shape]) if row else []

    def _delete_commands(self, call: Call) -> bool:
        self._world.store.run("DELETE FROM setups WHERE kind = 'commands' AND name = ?", _menu(call))
        return True


def _menu(call: Call) -> str:
    """Whose menu it is: a scope and a language."""
    scope = call.nested("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad("can't parse BotCommandScope")
    return f"{scope.get('type')} {scope.get('chat_id', '')} {call.text('language_code')}"[:100]


def _command(command: Any) -> Shape:
    name, said = (command.get("command"), command.get("description")) if isinstance(command, dict) else ("", "")
    if not isinstance(name, str) or not _COMMAND.fullmatch(name.removeprefix("/")):
        raise bad("BOT_COMMAND_INVALID")
    if not isinstance(said, str) or not 1 <= len(said) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": said}
