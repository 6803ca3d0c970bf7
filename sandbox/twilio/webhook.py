"""What Twilio posts to the app: signed forms with what people say and what became of messages."""

import hmac
import secrets
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha1
from typing import Final
from urllib.parse import urlencode

import msgspec

from sandbox.courier import Courier, Parcel
from sandbox.gsm7 import segments
from sandbox.handset import Handsets
from sandbox.saying import Spoken, Told
from sandbox.whatsapp import Names
from sandbox.world import World

PATH: Final = "/webhooks/twilio"
API: Final = "2010-04-01"
STOPPED: Final = frozenset("stop stopall unsubscribe cancel end quit".split())
STARTED: Final = frozenset("start yes unstop".split())
"""English only, as the vendor's default: ARRET is for the app to understand."""

Form = dict[str, str]


def message_sid(*, media: bool = False) -> str:
    """A fresh id of a message."""
    return f"{'MM' if media else 'SM'}{secrets.token_hex(16)}"


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the address and every parameter in the order of their names, in base64."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()


class Webhook:
    """Brings forms to the app; only a connection that fails is tried once more, as with the vendor."""

    def __init__(self, world: World, handsets: Handsets, courier: Courier, names: Names) -> None:
        """Sign with the auth token of this world."""
        self._world, self._handsets, self._courier, self._names = world, handsets, courier, names

    # What people say

    async def hear(self, spoken: Spoken) -> Told:
        """An SMS, or a message on WhatsApp."""
        sid = message_sid(media=spoken.file is not None)
        form = self._whatsapp(spoken) if spoken.channel == "whatsapp" else self._sms(spoken)
        form |= {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "NumMedia": "0", **self._said(spoken, sid)}
        parcel = self._parcel("twilio.incoming", f"{self._world.settings.public_url}{PATH}", form)
        return Told(sid, await self._courier.bring(parcel), parcel)

    def _common(self, spoken: Spoken) -> Form:
        return {
            "AccountSid": self._world.settings.twilio_account,
            "ApiVersion": API,
            "SmsStatus": "received",
            "NumSegments": str(segments(spoken.text) if spoken.channel == "sms" else 1),
            "Body": spoken.text,
        }

    def _sms(self, spoken: Spoken) -> Form:
        word = spoken.text.strip().lower()
        if word in STOPPED | STARTED:
            self._handsets.set_flag(spoken.msisdn, "stopped", on=word in STOPPED)
        places = dict.fromkeys([f"{end}{part}" for end in ("From", "To") for part in ("City", "State", "Zip")], "")
        ends = {"From": f"+{spoken.msisdn}", "To": self._world.settings.twilio_sms}
        return {**self._common(spoken), **places, **ends, "FromCountry": "CM", "ToCountry": "CM"}

    def _whatsapp(self, spoken: Spoken) -> Form:
        scoped = self._names.scoped(spoken.msisdn)
        hidden = self._names.hidden(spoken.msisdn)
        known = {} if hidden else {"WaId": spoken.msisdn}
        about = {"ProfileName": spoken.name, "Forwarded": "false", **known}
        return {
            **self._common(spoken),
            **about,
            "FrequentlyForwarded": "false",
            "From": f"whatsapp:{scoped if hidden else '+' + spoken.msisdn}",
            "To": f"whatsapp:{self._world.settings.twilio_whatsapp}",
            "ExternalUserId": f"whatsapp:{scoped}",
            "MessageType": "text",
            "ReferralNumMedia": "0",
            "ChannelMetadata": msgspec.json.encode({"type": "whatsapp", "data": {"context": about}}).decode(),
        }

    def _said(self, spoken: Spoken, sid: str) -> Form:
        """The parameters by what the person did."""
        if spoken.button and spoken.original:
            return _tapped(spoken, self._world.settings.twilio_whatsapp)
        if spoken.spot:
            point = {"Latitude": str(spoken.spot.latitude), "Longitude": str(spoken.spot.longitude)}
            named = {"Label": spoken.spot.name, "Address": spoken.spot.name} if spoken.spot.name else {}
            return {"MessageType": "location", "Body": "", **point, **named}
        if spoken.file:
            url = spoken.file.url or self._media_url(sid, spoken.file.id)
            kind = {"image": "image", "audio": "audio", "video": "video"}.get(spoken.file.mime.partition("/")[0])
            told = {"MediaUrl0": url, "MediaContentType0": spoken.file.mime, "NumMedia": "1"}
            return {**told, **({"MessageType": kind or "document"} if spoken.channel == "whatsapp" else {})}
        return {}

    def _media_url(self, sid: str, file: str) -> str:
        own = self._world.settings
        base = f"http://127.0.0.1:{own.port}/twilio/{API}/Accounts/{own.twilio_account}"
        return f"{base}/Messages/{sid}/Media/ME{int(file):032x}"

    # What becomes of messages

    async def status(self, url: str, form: Form) -> None:
        """Tell one step of a message's way to whoever asked for it."""
        await self._courier.bring(self._parcel("twilio.status", url, form))

    def _parcel(self, route: str, url: str, form: Form) -> Parcel:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "X-Twilio-Signature": signature(self._world.settings.twilio_token, url, form),
        }
        return Parcel(route, self._world.reach(url), urlencode(form).encode(), headers, (0.5,), "any")


def _tapped(spoken: Spoken, ours: str) -> Form:
    original, button = spoken.original, spoken.button
    if original is None or button is None:
        return {}
    replied = {"OriginalRepliedMessageSid": original.ref, "OriginalRepliedMessageSender": f"whatsapp:{ours}"}
    if original.look.style == "list":
        note = {"ListDescription": button.note} if button.note else {}
        return {**replied, **note, "MessageType": "interactive", "ListId": button.id, "ListTitle": button.label}
    kind = "button" if original.look.template else "interactive"
    return {**replied, "MessageType": kind, "ButtonPayload": button.id, "ButtonText": button.label}
