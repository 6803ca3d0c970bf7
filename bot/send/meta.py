"""Sends WhatsApp messages through Meta's Cloud API (POST /{number}/messages), which knows no idempotency key."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
import msgspec

from bot.render.bubble import Bubble, Choice, unpack_bubble
from bot.send.exchange import LARGEST_ANSWER, by_status, exchange
from core.kit.errors import ProviderError
from core.kit.settings import Settings
from core.kit.speaker import Address
from core.notices.words import Paper, Parcel, Sent

PROVIDER: Final = "meta"
PDF: Final = "application/pdf"
LONGEST_ID: Final = 256

CAPTION: Final = 1_024
"""Characters beside a document (Cloud API, media messages)."""

_AGAIN: Final[dict[int, float]] = {
    1: 0, 2: 0, 4: 60, 80007: 60, 130429: 2, 131000: 0, 131016: 30, 131048: 600, 131056: 6, 131057: 60, 133004: 30,
}  # fmt: skip
"""Refusals that pass (throttling, trouble on their side), and after how many seconds at least. 131056 is one pair of
numbers heard too fast: one message in six seconds is always allowed.
"""

GONE: Final = frozenset({131026, 131030, 131045})
CLOSED: Final = frozenset({131047, 132001, 132015, 132016})
"""The window is closed; or the template for outside of it does not exist, is paused or was taken back."""

Message = dict[str, Any]


class _Error(msgspec.Struct):
    code: int = 0


class _Named(msgspec.Struct):
    id: str


class _Answer(msgspec.Struct):
    id: str = ""
    messages: list[_Named] = []
    error: _Error | None = None


_DECODER: Final = msgspec.json.Decoder(_Answer)


class Meta:
    """The Cloud API for one number. The session is handed in and closed by whoever made it."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self._http = http
        self._url = f"{settings.meta_url.rstrip('/')}/{settings.meta_phone_number_id}"
        self._headers = {"Authorization": f"Bearer {settings.meta_access_token.get_secret_value()}"}

    async def send(self, parcel: Parcel) -> Sent:
        """Hand over one message, with what must go beside it (a picture, a point) before it. A paper carries the words
        as its caption; when it is not taken, they go alone.

        Raises ProviderError: retryable when it surely was not taken and may be later, ``unknown`` when it may have
        been taken, ``closed`` outside the window, ``gone`` for whoever cannot be reached by WhatsApp.
        """
        if parcel.paper and parcel.approved is None and len(parcel.text) <= CAPTION:
            with_paper = await self._documented(parcel, parcel.paper)
            if with_paper:
                return with_paper
        *beside, main = _messages(parcel)
        for message in beside:
            await self._beside({**_envelope(parcel.to), **message})
        return await self._main(parcel, main)

    async def _main(self, parcel: Parcel, message: Message) -> Sent:
        named = {"biz_opaque_callback_data": str(parcel.notice)}
        return Sent(PROVIDER, await self._post({**_envelope(parcel.to), **named, **message}))

    async def _documented(self, parcel: Parcel, paper: Paper) -> Sent | None:
        """Words and paper in one message; None when either was surely not taken for the paper's sake."""
        try:
            file = await self._uploaded(paper)
        except ProviderError:
            return None
        document = _message("document", id=file, filename=paper.name, caption=parcel.text)
        try:
            return await self._main(parcel, document)
        except ProviderError as error:
            if error.retryable or error.unknown or error.gone or error.closed:
                raise
            return None

    async def _uploaded(self, paper: Paper) -> str:
        """The id that messages may name a paper by (POST /{number}/media): so far nobody gets anything."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": PDF})
        form.add_field("file", paper.body, filename=paper.name, content_type=PDF)
        status, body = await exchange(self._http, "POST", f"{self._url}/media", data=form, headers=self._headers)
        found = _answered(status, body).id
        if not _is_id(found):
            raise ProviderError("unreadable_answer", retryable=False)
        return found

    async def _beside(self, message: Message) -> None:
        """A picture that cannot be shown must not hold up the words."""
        try:
            await self._post(message)
        except ProviderError as error:
            if error.retryable or error.gone or error.closed:
                raise

    async def _post(self, message: Message) -> str:
        url = f"{self._url}/messages"
        status, body = await exchange(self._http, "POST", url, json=message, headers=self._headers)
        messages = _answered(status, body).messages
        given = messages[0].id if messages else ""
        return given if _is_id(given) else ""


def _is_id(given: str) -> bool:
    return 0 < len(given) <= LONGEST_ID and given.isprintable()


def _answered(status: int, body: bytes) -> _Answer:
    """What a request that was taken is answered with. Raises ProviderError for any other."""
    try:
        answer = _DECODER.decode(body) if len(body) <= LARGEST_ANSWER else None
    except msgspec.MsgspecError:
        answer = None
    if status not in {200, 201}:
        raise _refused(answer.error.code) if answer and answer.error and answer.error.code else by_status(status)
    if answer is None:
        raise ProviderError("unreadable_answer", retryable=False, unknown=True)
    if answer.error is not None:
        raise _refused(answer.error.code)
    return answer


def _refused(code: int) -> ProviderError:
    """Meta's codes (Cloud API, error codes); whatever is not named here stays refused."""
    return ProviderError(
        str(code), retryable=code in _AGAIN, after_s=_AGAIN.get(code, 0), gone=code in GONE, closed=code in CLOSED
    )


# --- messages ----------------------------------------------------------------------------------------------


def _envelope(to: Address) -> Message:
    """Whoever hides their number is named by their id, in a field of its own."""
    number = to.name.startswith("+")
    whom = {"to": to.name[1:]} if number else {"recipient": to.name}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **whom}


def _messages(parcel: Parcel) -> list[Message]:
    """What goes out, the words and what can be tapped last."""
    if parcel.approved is not None:
        return [_template(*parcel.approved, parcel.language)]
    if not parcel.screen:
        return [_message("text", body=parcel.text, preview_url=False)]
    return _screen(unpack_bubble(parcel.screen))


def _message(kind: str, **content: Any) -> Message:
    return {"type": kind, kind: content}


def _template(name: str, parameters: Sequence[str], language: str) -> Message:
    """A blank of a template is one line without long gaps."""
    filled = [{"type": "text", "text": " ".join(text.split()) or "-"} for text in parameters]
    components = [{"type": "body", "parameters": filled}] if filled else []
    return _message("template", name=name, language={"code": language}, components=components)


def _screen(bubble: Bubble) -> list[Message]:
    point = []
    if bubble.pin:
        pin = bubble.pin
        named = {"name": pin.name} if pin.name else {}
        point = [_message("location", latitude=pin.latitude, longitude=pin.longitude, **named)]
    picture = {"link": bubble.photo}
    if bubble.photo and bubble.style == "none":
        return [*point, _message("image", **picture, caption=bubble.text)]
    if bubble.photo and bubble.style == "list":
        return [_message("image", **picture), *point, _words(bubble)]
    header = {"header": {"type": "image", "image": picture}} if bubble.photo else {}
    return [*point, _words(bubble, header)]


def _words(bubble: Bubble, header: Mapping[str, Any] | None = None) -> Message:
    body = {"text": bubble.text}
    if bubble.style == "buttons":
        action: Message = {"buttons": [_button(choice) for choice in bubble.choices]}
        return _message("interactive", type="button", **(header or {}), body=body, action=action)
    if bubble.style == "list":
        action = {"button": bubble.opener, "sections": [{"rows": [_row(choice) for choice in bubble.choices]}]}
        return _message("interactive", type="list", body=body, action=action)
    if bubble.asks == "location":
        return _message("interactive", type="location_request_message", body=body, action={"name": "send_location"})
    return _message("text", body=bubble.text, preview_url=False)


def _button(choice: Choice) -> Message:
    return {"type": "reply", "reply": {"id": choice.id, "title": choice.label}}


def _row(choice: Choice) -> Message:
    note = {"description": choice.note} if choice.note else {}
    return {"id": choice.id, "title": choice.label, **note}
