"""Messages that the app sends through Twilio: what is refused at once, what fails later, and the way of the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, Final

import msgspec

from sandbox.gsm7 import segments
from sandbox.handset import Handsets
from sandbox.look import PLAIN, Look, Spot, spot
from sandbox.numbers import NotANumberError, digits
from sandbox.outbound import is_loopback
from sandbox.store import Row
from sandbox.twilio.content import Contents, Filled, fill, variables_of
from sandbox.twilio.errors import SAID, TwilioError
from sandbox.twilio.webhook import API, PATH, Webhook, message_sid
from sandbox.whatsapp import Names
from sandbox.world import World

MOST: Final = 1600
MOST_MEDIA: Final = 10
KEPT: Final = 5000
SENT_AFTER, DELIVERED_AFTER, READ_AFTER = 0.3, 0.5, 1.5
_SERVICE: Final = re.compile(r"MG[0-9a-f]{32}")
_GEO: Final = re.compile(r"geo:(-?[0-9]{1,3}(?:\.[0-9]+)?),(-?[0-9]{1,3}(?:\.[0-9]+)?)(?:\|(.{0,1000}))?")
_WEB: Final = re.compile(r"https?://[^\s/]+\S*")
Pairs = Sequence[tuple[str, str]]
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that was not refused: `trouble` is the error it will come to nothing with."""

    channel: str
    msisdn: str
    sender: str
    to: str
    text: str
    look: Look
    callback: str
    media: int
    trouble: int = 0


class Messages:
    """Takes messages, puts them on phones, and tells what became of them."""

    def __init__(self, world: World, handsets: Handsets, contents: Contents, webhook: Webhook, names: Names) -> None:
        """Work on the shared world."""
        self._world, self._handsets, self._contents = world, handsets, contents
        self._webhook, self._names = webhook, names

    def accept(self, pairs: Pairs) -> Shape:
        """`POST …/Messages.json`. Raises TwilioError for what is refused at once."""
        draft = self._draft(pairs)
        sid = message_sid(media=draft.media > 0)
        now = format_datetime(self._world.clock.now())
        kept = self._shape(draft, sid, now)
        number = self._world.store.add(
            "INSERT INTO carried (ref, provider, body, status) VALUES (?, 'twilio', ?, 'queued')",
            *(sid, msgspec.json.encode(kept).decode()),
        )
        self._world.store.run("DELETE FROM carried WHERE number <= ?", number - KEPT)
        self._world.jobs.start(self._carry(draft, sid))
        return {**kept, "status": "queued"}

    def _draft(self, pairs: Pairs) -> Draft:
        given = dict(pairs)
        if not given.get("To"):
            raise TwilioError(21604)
        channel, to = _split(given["To"])
        sender = self._sender(given, channel)
        msisdn = self._recipient(channel, to, given["To"])
        media = [url for name, url in pairs if name == "MediaUrl"]
        filled = self._content(given, media, channel)
        if channel == "sms" and self._handsets.flag(msisdn or "", "stopped"):
            raise TwilioError(21610)
        callback = given.get("StatusCallback") or f"{self._world.settings.public_url}{PATH}/status"
        if not is_loopback(self._world.reach(callback)):
            raise TwilioError(21609)
        trouble = self._trouble(channel, msisdn, filled)
        return Draft(
            channel, msisdn or "", sender, given["To"], filled.text, filled.look, callback, len(media), trouble
        )

    def _sender(self, given: Shape, channel: str) -> str:
        """Which of our numbers it comes from; a messaging service takes the one of the channel."""
        own = self._world.settings
        ours = f"whatsapp:{own.twilio_whatsapp}" if channel == "whatsapp" else own.twilio_sms
        if not given.get("From"):
            if _SERVICE.fullmatch(given.get("MessagingServiceSid", "")):
                return ours
            raise TwilioError(21603)
        if _split(given["From"])[0] != channel:
            raise TwilioError(21910)
        if given["From"] != ours:
            raise TwilioError(63007 if channel == "whatsapp" else 21606)
        return ours

    def _recipient(self, channel: str, to: str, whole: str) -> str | None:
        try:
            if channel == "whatsapp":
                return self._names.msisdn(to)
            return digits(to if to.startswith("+") else "")
        except NotANumberError as wrong:
            raise TwilioError(21211, f"The 'To' number {whole[:60]} is not a valid phone number.") from wrong

    def _content(self, given: Shape, media: list[str], channel: str) -> Filled:
        if given.get("ContentSid"):
            template = self._contents.get(given["ContentSid"])
            if template is None:
                raise TwilioError(21655)
            return fill(template, variables_of(given.get("ContentVariables", "")), whatsapp=channel == "whatsapp")
        text = given.get("Body", "")
        if len(text) > MOST:
            raise TwilioError(21617)
        if not text.strip() and not media:
            raise TwilioError(21602)
        if len(media) > MOST_MEDIA:
            raise TwilioError(21623)
        if not all(_WEB.fullmatch(url) for url in media):
            raise TwilioError(21620)
        look = Look(photo=media[0]) if media else PLAIN
        look = msgspec.structs.replace(look, location=_point(given.get("PersistentAction", "")))
        return Filled(text, look, opens=False)

    def _trouble(self, channel: str, msisdn: str | None, filled: Filled) -> int:
        fault = self._world.faults.take("twilio.messages", "accepted_failed", "window")
        if fault and fault.kind == "accepted_failed":
            return int(fault.code) if fault.code.isdigit() else 30008
        if msisdn is None:
            return 63024
        if channel == "sms":
            return 0
        closed = fault is not None or not self._names.is_open(msisdn)
        return filled.problem or (63016 if closed and not filled.opens else 0)

    # The way to the phone

    async def _carry(self, draft: Draft, sid: str) -> None:
        if draft.trouble:
            await self._step(draft, sid, "failed", SENT_AFTER)
            return
        sender = draft.sender.removeprefix("whatsapp:")
        number = self._handsets.deliver(
            draft.msisdn, draft.channel, sender, draft.text, via="twilio", ref=sid, look=draft.look
        )
        await self._step(draft, sid, "queued", 0.0)
        await self._step(draft, sid, "sent", SENT_AFTER)
        await self._handsets.reached(draft.msisdn)
        last = [("read", READ_AFTER)] if draft.channel == "whatsapp" else []
        for word, seconds in [("delivered", DELIVERED_AFTER), *last]:
            await self._step(draft, sid, word, seconds)
            self._handsets.mark(number, word)

    async def _step(self, draft: Draft, sid: str, word: str, seconds: float) -> None:
        await self._world.clock.sleep(seconds)
        error = draft.trouble or None
        self._world.store.run("UPDATE carried SET status = ?, error = ? WHERE ref = ?", word, error, sid)
        form = {
            "AccountSid": self._world.settings.twilio_account,
            "ApiVersion": API,
            "From": draft.sender,
            "To": draft.to,
            "MessageSid": sid,
            "SmsSid": sid,
            "MessageStatus": word,
            "SmsStatus": word,
        }
        if draft.channel == "whatsapp":
            form |= {"ChannelPrefix": "whatsapp", "ChannelInstallSid": "XE00000000000000000000000000000384"}
        if error:
            form |= {"ErrorCode": str(error), "ErrorMessage": SAID.get(error, "Unknown error")}
        await self._webhook.status(draft.callback, form)

    # Looking back

    def get(self, sid: str) -> Shape | None:
        """One message as it is now."""
        return _read(self._world.store.one("SELECT * FROM carried WHERE ref = ? AND provider = 'twilio'", sid))

    def all(self, to: str, most: int) -> list[Shape]:
        """Messages, newest first; to one address or to all."""
        rows = self._world.store.all("SELECT * FROM carried WHERE provider = 'twilio' ORDER BY number DESC LIMIT 1000")
        found = [shown for row in rows if (shown := _read(row)) and to in {"", shown["to"]}]
        return found[:most]

    def _shape(self, draft: Draft, sid: str, now: str) -> Shape:
        account = self._world.settings.twilio_account
        uri = f"/{API}/Accounts/{account}/Messages/{sid}"
        return {
            "sid": sid,
            "account_sid": account,
            "messaging_service_sid": None,
            "from": draft.sender,
            "to": draft.to,
            "body": draft.text,
            "num_segments": str(segments(draft.text) if draft.channel == "sms" else 1),
            "num_media": str(draft.media),
            "direction": "outbound-api",
            "date_created": now,
            "date_updated": now,
            "date_sent": None,
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "error_message": None,
            "api_version": API,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }


def _split(address: str) -> tuple[str, str]:
    channel, colon, rest = address.partition(":")
    return (channel, rest) if colon else ("sms", address)


def _point(action: str) -> Spot | None:
    """A point to show, `geo:LATITUDE,LONGITUDE|NAME`."""
    if not action:
        return None
    named = _GEO.fullmatch(action)
    found = spot(named[1], named[2], named[3] or "") if named else None
    if found is None:
        raise TwilioError(20001, "Invalid parameter: PersistentAction")
    return found


def _read(row: Row | None) -> Shape | None:
    if row is None:
        return None
    kept: Shape = msgspec.json.decode(row["body"])
    error = row["error"]
    said = SAID.get(error, "Unknown error") if error else None
    return {**kept, "status": row["status"], "error_code": error, "error_message": said}
