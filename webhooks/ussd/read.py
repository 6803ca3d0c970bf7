"""Reads a USSD gateway's request: into an event for whoever asks, into one turn's input for the house."""

import re
from typing import Any, Final

import phonenumbers

from bot.inbound import Event, Inbound
from bot.session import Heard, news
from core.kit.errors import Unclear
from core.kit.phone import Phone, gateway_phone
from core.kit.settings import Settings
from webhooks.raw import Raw, Rejected, check_path_secret
from webhooks.ussd.words import Asked, Dialect, dialled, fields_of, is_dialled

TEXT_LIMIT: Final = 2_000
"""Characters of a session's cumulated text."""

SESSION_LIMIT: Final = 128

NOTHING_DIALLED: Final = "#"
"""What follows the service code when nothing does: an input beside it is an answer, and no dial string."""

_ADDRESS: Final = re.compile(r"/webhooks/ussd/[^/]+/([^/]+)")
_LIKE_A_DIAL_STRING: Final = re.compile(r"\*?[0-9]{2,6}(\*[0-9A-Za-z]+)+#?|\*[0-9]{2,6}#|[0-9]{3}")
"""``384``, ``384*2``, ``*384*2#``: what a gateway that marks nothing sends first."""

_E164: Final = re.compile(r"[1-9][0-9]{7,14}")
"""ITU-T E.164 §6: at most 15 digits; shorter ones than these are no subscriber's."""


def read(dialect: Dialect, raw: Raw, settings: Settings, prior_text: str | None = None) -> Event:
    """One request of a gateway as an event. Raises Rejected.

    ``prior_text`` is the input of the session before this one, all of it where the gateway repeats it, "" when there
    was none; None when nothing is known of the session. Where the gateway does not mark beginnings, an unknown
    session begins with whatever looks like a dial string. A path that is not one of ours is not asked for the secret.
    """
    if address := _ADDRESS.match(raw.path):
        check_path_secret(address[1], settings.secret)
    asked = parse(dialect, raw)
    phone = phone_of(asked.phone)
    if asked.over or asked.ignored:
        return ended(dialect, asked, phone)
    if phone is None:
        raise Rejected(400, "the caller: no phone number")
    begins = _begins(dialect, asked, prior_text)
    text, reason = ("", "") if begins else _answer(dialect, asked, prior_text)
    return Event(
        kind="session_start" if begins else "session_reply",
        channel="ussd",
        source=dialect.name,
        sender=phone.e164,
        phone=phone,
        external_id=asked.external_id,
        session=asked.session or phone.e164,
        code=(asked.text if is_dialled(asked.text) else asked.code) if begins else "",
        text=_words(dialect, asked) if begins else text,
        reason=reason,
        raw=asked.more,
    )


def ended(dialect: Dialect, asked: Asked, phone: Phone | None) -> Event:
    """The end of a session, or what is to be ignored, as an event; what was typed in it is never looked at.

    ``reason`` is "abandoned", "timeout", "done" or "failed"; ``raw`` has the gateway's own words.
    """
    return Event(
        kind="ignored" if asked.ignored else "session_end",
        channel="ussd",
        source=dialect.name,
        sender=phone.e164 if phone else asked.phone[:SESSION_LIMIT],
        phone=phone,
        session=asked.session or (phone.e164 if phone else ""),
        code=asked.code,
        reason=asked.ignored or asked.over,
        raw=asked.more,
    )


def parse(dialect: Dialect, raw: Raw) -> Asked:
    """What a request says, in bounds. Raises Rejected."""
    asked = dialect.parse(fields_of(dialect, raw), raw)
    if len(asked.session) > SESSION_LIMIT or not asked.session.isprintable():
        raise Rejected(400, f"session id: 1 to {SESSION_LIMIT} printable characters")
    if not asked.session and dialect.session_by == "id" and not asked.over:
        raise Rejected(400, f"session id: 1 to {SESSION_LIMIT} printable characters")
    if len(asked.text) > TEXT_LIMIT:
        raise Rejected(400, f"text: at most {TEXT_LIMIT} characters")
    return asked


def inbound(dialect: Dialect, asked: Asked, phone: Phone, service_code: str) -> Inbound:
    """The same for the house, which knows what was said before.

    A beginning says nothing yet: told twice it is the same request, told late it changes nothing.
    """
    code = asked.code
    suffix = dialled_suffix(code if code.startswith("*") else dialled(code), service_code)
    text, cumulated = asked.text, dialect.cumulated
    if asked.begins:
        suffix = suffix or _suffix(asked.text, service_code) or _words(dialect, asked) or NOTHING_DIALLED
        text, cumulated = "", True
    elif asked.begins is False:
        suffix = NOTHING_DIALLED
    elif dialect.first_is_dialled and not cumulated:
        cumulated = bool(suffix) or code == service_code
        suffix = suffix or NOTHING_DIALLED
    return Inbound(
        gateway=dialect.name,
        session=f"{dialect.name}:{asked.session or phone.e164}",
        phone=phone,
        text=text,
        suffix=suffix,
        cumulated=cumulated,
        anew=asked.begins is True and not asked.session,
        limits=dialect.limits,
    )


def phone_of(text: str) -> Phone | None:
    """The caller, whom the network itself vouches for: operators open prefixes before any list knows them."""
    try:
        return gateway_phone(text)
    except Unclear:
        digits = text.strip().removeprefix("+").removeprefix("00")
        return Phone(f"+{digits}") if _E164.fullmatch(digits) and _of_a_country(digits) else None


def _of_a_country(digits: str) -> bool:
    try:
        phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return False
    return True


def _begins(dialect: Dialect, asked: Asked, prior: str | None) -> bool:
    if asked.begins is not None:
        return asked.begins
    if dialect.cumulated:
        return prior is None if dialect.first_is_dialled else not asked.text
    return prior is None and dialect.first_is_dialled and _LIKE_A_DIAL_STRING.fullmatch(asked.text) is not None


def _answer(dialect: Dialect, asked: Asked, prior: str | None) -> tuple[str, str]:
    """What is new in a reply, and "repeat" or "lost" when nothing is."""
    if not dialect.cumulated or prior is None:
        return asked.text, ""
    found = news(Heard.of(prior, b""), asked.text, b"")
    return found.said, "" if found.kind == "answer" else found.kind


def _words(dialect: Dialect, asked: Asked) -> str:
    """What somebody said while a session began, beside what was dialled."""
    return "" if dialect.first_is_dialled or is_dialled(asked.text) else asked.text


def _suffix(text: str, service_code: str) -> str:
    return dialled_suffix(text, service_code) if is_dialled(text) else ""


def dialled_suffix(whole: str, service_code: str) -> str:
    """What follows our service code in a dialled string: "A4821" of ``*384*A4821#`` at ``*384#``, "" for nothing."""
    base = service_code.rstrip("#")
    rest = whole.strip().rstrip("#").removeprefix(base)
    return rest[1:] if rest.startswith("*") and whole.startswith(base) else ""


def log_of(event: Event) -> dict[str, Any]:
    """An ended session as a log line may show it."""
    return {"gateway": event.source, "session": event.session[:SESSION_LIMIT], "reason": event.reason, **event.raw}
