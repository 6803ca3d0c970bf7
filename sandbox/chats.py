"""What people do in their chats, as scripts and the phones page ask for it."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import msgspec
from aiohttp import web

from sandbox.africastalking import AfricasTalking
from sandbox.answers import json, msisdn_of, read_json, refuse
from sandbox.courier import Courier
from sandbox.handset import Handsets, Message
from sandbox.look import PLAIN, Button, Look
from sandbox.media import Files
from sandbox.numbers import NotANumberError, digits
from sandbox.people import name_of
from sandbox.saying import Card, Provider, Said, Spoken, Told
from sandbox.telegram.face import Telegram
from sandbox.world import World

MOST_REMEMBERED = 500
Carriers = Mapping[str, Mapping[str, Provider]]
CHANNEL = "{channel:sms|whatsapp|telegram}"


class Chats:
    """The chats of every phone, in front of those who carry them."""

    def __init__(
        self,
        world: World,
        handsets: Handsets,
        files: Files,
        courier: Courier,
        sms: AfricasTalking,
        telegram: Telegram,
        carriers: Carriers,
    ) -> None:
        """`carriers` are the providers of each channel by name, the usual one first."""
        self._world, self._handsets, self._files, self._courier = world, handsets, files, courier
        self._sms, self._telegram, self._carriers = sms, telegram, carriers
        self._last: OrderedDict[tuple[str, str], Told] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        """The addresses under a phone."""
        return [
            web.post(f"/phones/{{msisdn}}/{CHANNEL}", self.act),
            web.get(f"/phones/{{msisdn}}/thread/{CHANNEL}", self.thread, allow_head=False),
        ]

    async def thread(self, request: web.Request) -> web.Response:
        """One conversation, both sides, oldest first."""
        return json(self._handsets.thread(msisdn_of(request), request.match_info["channel"]))

    async def act(self, request: web.Request) -> web.Response:
        """Do something in a chat; tells the id under which it was brought and what the app answered."""
        msisdn, channel = msisdn_of(request), request.match_info["channel"]
        said = await read_json(request, Said)
        if said.blocked is not None or said.hidden is not None:
            changed = await self._set(msisdn, channel, said)
            if said.acts == 0:
                return _answer(changed)
        if said.acts != 1:
            raise refuse(400, "send exactly one of text, tap, media, location, contact, moves, again")
        if said.album and not (said.media and channel == "telegram"):
            raise refuse(400, "only files in Telegram come as an album")
        if channel == "sms" and self._via(channel, said, None) == "africastalking":
            return await self._write_sms(msisdn, said)
        if not self._handsets.has_network(msisdn):
            raise refuse(409, "no network on this phone")
        if said.again:
            return _answer(await self._repeat(msisdn, channel))
        return _answer(await self._say(msisdn, channel, said))

    async def _write_sms(self, msisdn: str, said: Said) -> web.Response:
        if said.text is None:
            raise refuse(400, "this gateway only carries text; Twilio carries more")
        return json(await self._sms.incoming(msisdn, said.text), 202)

    async def _set(self, msisdn: str, channel: str, said: Said) -> Told | None:
        if said.hidden is not None:
            self._handsets.set_flag(msisdn, "hidden", on=said.hidden)
        if said.blocked is None:
            return None
        if channel != "telegram":
            raise refuse(400, "only a bot of Telegram can be blocked")
        self._handsets.set_flag(msisdn, "blocked", on=said.blocked)
        return await self._telegram.updates.member(msisdn, self._name(msisdn), blocked=said.blocked)

    async def _repeat(self, msisdn: str, channel: str) -> Told:
        last = self._last.get((msisdn, channel))
        if last is None:
            raise refuse(409, "nothing was said yet that could come again")
        return Told(last.id, await self._courier.bring(last.parcel), last.parcel)

    # Saying something new

    async def _say(self, msisdn: str, channel: str, said: Said) -> Told:
        tapped = self._tapped(msisdn, channel, said) if said.tap is not None else None
        via = self._via(channel, said, tapped and tapped[0])
        carrier = self._carriers[channel][via]
        if tapped and tapped[0].look.style == "keyboard":
            said, tapped = msgspec.structs.replace(said, tap=None, text=tapped[1].label), None
        if said.moves is not None and via != "meta":
            raise refuse(400, "only Meta tells that a number has changed")
        spoken = self._spoken(msisdn, channel, said, tapped)
        if spoken.moves_to or (channel == "telegram" and tapped):
            return self._remember(spoken, await carrier.hear(spoken))
        return await (self._write_album(spoken, said, via) if said.album else self._write(spoken, via))

    async def _write_album(self, spoken: Spoken, said: Said, via: str) -> Told:
        """So many files, a message each; tells the last one."""
        part = replace(spoken, group=str(10**16 + secrets.randbelow(10**16)))
        for _ in range((said.album or 1) - 1):
            await self._write(replace(part, file=self._files.sent(said.media or "")), via)
        return await self._write(part, via)

    async def _write(self, spoken: Spoken, via: str) -> Told:
        """A message of their own, that they see in the chat."""
        shown = {"channel": spoken.channel, "via": via}
        number = self._handsets.sent(spoken.msisdn, _words(spoken), look=_look(spoken), **shown)
        told = self._remember(spoken, await self._carriers[spoken.channel][via].hear(replace(spoken, number=number)))
        self._handsets.name(number, told.id)
        self._handsets.mark(number, _mark(told.status))
        return told

    def _via(self, channel: str, said: Said, original: Message | None) -> str:
        names = self._carriers[channel]
        usual = "africastalking" if channel == "sms" else next(iter(names))
        wanted = said.via or (original.via if original else usual)
        if wanted not in names and wanted != usual:
            raise refuse(400, f"via: {' or '.join(sorted({usual, *names}))}")
        return wanted

    def _remember(self, spoken: Spoken, told: Told) -> Told:
        key = spoken.msisdn, spoken.channel
        self._last[key] = told
        self._last.move_to_end(key)
        while len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
        return told

    def _name(self, msisdn: str) -> str:
        return name_of(self._world.settings.home, msisdn)

    def _spoken(self, msisdn: str, channel: str, said: Said, tapped: tuple[Message, Button] | None) -> Spoken:
        original, button = tapped or (None, None)
        return Spoken(
            msisdn,
            self._name(msisdn),
            channel,
            text=button.label if button else said.text or "",
            button=button,
            original=original,
            file=self._files.sent(said.media) if said.media else None,
            spot=said.location,
            card=self._card(msisdn, said),
            moves_to=_number(said.moves) if said.moves is not None else "",
        )

    def _card(self, msisdn: str, said: Said) -> Card | None:
        if not said.contact:
            return None
        number = msisdn if said.contact is True else _number(said.contact)
        return Card(number, self._name(number), own=number == msisdn)

    def _tapped(self, msisdn: str, channel: str, said: Said) -> tuple[Message, Button]:
        """The newest message that shows it, or the one that was named; refuses (409) what nobody shows."""
        wanted, words = str(said.message) if said.message is not None else "", _folded(said.tap or "")
        for message in self._handsets.last(msisdn, channel):
            if wanted not in {"", str(message.number), message.ref} or said.via not in {None, message.via}:
                continue
            for button in message.look.buttons:
                if said.tap == button.id or words == _folded(button.label):
                    return message, button
        raise refuse(409, f"nothing on this phone shows {said.tap!r}")


def _number(given: str) -> str:
    try:
        return digits(given)
    except NotANumberError as wrong:
        raise refuse(400, str(wrong)) from wrong


def _folded(label: str) -> str:
    """A label as somebody types it off the screen: nobody sees which blanks do not break, nor minds capitals."""
    return " ".join(label.split()).casefold()


def _words(spoken: Spoken) -> str:
    """What the sender sees of it in their own chat."""
    return f"{spoken.card.name}\n+{spoken.card.number}" if spoken.card else spoken.text


def _look(spoken: Spoken) -> Look:
    if spoken.file:
        return spoken.file.look
    return Look(location=spoken.spot) if spoken.spot else PLAIN


def _mark(status: int | None) -> str:
    if status is None:
        return "sent"
    return "delivered" if 200 <= status < 300 else "failed"


def _answer(told: Told | None) -> web.Response:
    return json({"id": told.id, "status": told.status} if told else {"id": "", "status": None}, 202)
