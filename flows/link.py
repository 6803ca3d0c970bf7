"""Linking this conversation: by a code shown on the phone, by one sent to a number, or by one's own contact."""

from collections.abc import Callable
from typing import Any

from bot.talk import (
    Aside,
    Field,
    Flow,
    Go,
    Menu,
    Notice,
    Option,
    Settled,
    State,
    call,
    do,
    done,
    ending,
    go,
    phone,
    replace,
    step,
    t,
)
from core.kit.errors import Unclear
from core.kit.phone import Phone, parse_phone
from core.kit.speaker import Speaker
from core.people.words import EnterCode, SendCode, VerifyContact
from core.reading import Reading
from flows.check_receipt import Check
from flows.register import Registration
from flows.told import Sheet
from flows.typed import six_digits


class Linking(State, frozen=True):
    """The number that a code was sent to, if any; ``asked`` when something personal was wanted first."""

    number: Phone | None = None
    asked: bool = False


class Code(State, frozen=True, tag=True):
    """Six digits, typed before anybody asked for them."""

    digits: str


class Given(State, frozen=True, tag=True):
    """A number: the speaker's own as the channel vouches for it, or any that was typed."""

    number: Phone
    own: bool = False


How = str | Code | Given
"""A way to link that was chosen; or a code or a contact, given before anybody asked for it."""


async def ask_how(s: Linking, read: Reading) -> Menu[How] | Settled[How]:
    """On a phone there is nothing to link: codes for conversations are made there."""
    if read.speaker.secrets:
        return Settled("devices")
    ways = [Option[How](way, t(f"link.{way}")) for way in ("code", "number", "register")]
    title = t("link.first" if s.asked else "link.how", code=read.service.code)
    shared = contact(read.speaker.country)
    return Menu(title, ways, typed=lambda said: Code(six_digits(said)), shared=shared)


def take_how(s: Linking, way: How) -> Go[Linking]:
    if isinstance(way, Code):
        return take_code(replace(s, number=None), way.digits)
    if isinstance(way, Given):
        return take_number(s, way)
    if way == "register":
        return call("register", s, back_to="known", child=Registration(onward=True))
    if way == "devices":
        return call("devices", s, back_to="known")
    return go(way, replace(s, number=None))


async def ask_number(_: Linking, read: Reading) -> Field[str | Given] | Menu[str | Given]:
    """The number of this conversation, where it has one, or another that is typed; no SMS where that would not do."""
    country, known = read.speaker.country, read.speaker.phone
    typed, shared = typed_number(country), contact(country)
    if known is None:
        return Field(t("link.which"), typed, asks="contact", shared=shared)
    if read.speaker.profiles > 1:
        have = Option[str | Given]("code", t("link.code"))
        return Menu(t("link.several", code=read.service.code), [have], typed=typed, shared=shared)
    own = Option[str | Given](Given(known), t("link.to", phone=known))
    return Menu(t("link.whither"), [own], typed=typed, shared=shared)


def typed_number(country: str) -> Callable[[str], Given]:
    """Reads a number. Raises Unclear."""
    return lambda said: Given(phone(country)(said))


def contact(country: str) -> Callable[[Any], Given]:
    """Reads a shared contact: the sharer's own, or one number where nobody vouches for anything: then it is as good as
    typed. Raises Unclear("link.not_own").
    """

    def read(shared: Any) -> Given:
        numbers = getattr(shared, "phones", ())
        if not numbers or shared.own is False or (shared.own is None and len(numbers) > 1):
            raise Unclear("link.not_own")
        return Given(parse_phone(numbers[0], country), own=bool(shared.own))

    return read


def take_number(s: Linking, given: str | Given) -> Go[Linking]:
    if isinstance(given, str):
        return go(given, replace(s, number=None))
    if given.own:
        return do(VerifyContact(given.number), then=lambda speaker: known(s, speaker), refused=go("number", s))
    sent = replace(s, number=given.number)
    return do(SendCode(given.number), then=go("code", sent), refused=go("often", s))


async def ask_code(s: Linking, read: Reading) -> Field[str]:
    asked = t("link.sent", phone=s.number) if s.number else t("link.type", code=read.service.code)
    return Field(asked, six_digits_or(read))


def six_digits_or(read: Reading) -> Callable[[str], str | Aside]:
    """Reads six digits; or another code of ours that everybody may ask about: of a receipt, or of a home.

    Raises Unclear.
    """

    def code(said: str) -> str | Aside:
        try:
            return six_digits(said)
        except Unclear:
            codes = read.homes.told(said).codes
            if codes.keys() & {"receiptcode", "homecode"}:
                return Aside(codes)
            raise

    return code


def take_other(s: Linking, codes: dict[str, str]) -> Go[Linking]:
    if "homecode" in codes:
        return call("home", s, back_to="code", child=Sheet(codes["homecode"]))
    return call("check_receipt", s, back_to="code", child=Check(codes["receiptcode"], given=True))


def take_code(s: Linking, code: str) -> Go[Linking]:
    refused = {"link.locked": go("locked", s), "*": go("code", s)}
    return do(EnterCode(code), then=lambda speaker: known(s, speaker), refused=refused)


def known(s: Linking, speaker: Speaker) -> Go[Linking]:
    """On with what asked; a number with no profile makes one, a number with several is told where to choose."""
    if speaker.proved:
        return go("known", s)
    if speaker.profiles:
        return go("several", s)
    return call("register", s, back_to="known", child=Registration(onward=True))


async def ask_known(_: Linking, __: Reading) -> Settled[bool]:
    return Settled(value=True)


def take_known(_: Linking, __: bool) -> Go[Linking]:
    return done()


async def tell_several(_: Linking, read: Reading) -> Notice:
    return Notice(t("link.several", code=read.service.code))


async def tell_often(_: Linking, read: Reading) -> Notice:
    return Notice(t("link.too_often", code=read.service.code))


async def tell_locked(_: Linking, __: Reading) -> Notice:
    return Notice(t("link.stopped"))


LINK = Flow(
    "link",
    Linking,
    step("how", ask_how, take_how, to=["code", "number", "known", "several", "locked"], resume="silent"),
    step("number", ask_number, take_number, to=["known", "several", "code", "often"], resume="silent"),
    step("code", ask_code, take_code, to=["known", "several", "locked"], resume="silent", aside=take_other),
    step("known", ask_known, take_known, resume="never"),
    ending("several", tell_several),
    ending("often", tell_often),
    ending("locked", tell_locked),
)
