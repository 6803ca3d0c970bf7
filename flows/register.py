"""Registration: a role, consent, a name, a city and a PIN typed twice make a profile."""

from bot.talk import (
    Confirm,
    Field,
    Flow,
    Go,
    Menu,
    Notice,
    Option,
    Secret,
    Settled,
    State,
    do,
    done,
    ending,
    go,
    hearing,
    replace,
    step,
    t,
)
from core.kit.speaker import Language
from core.people.words import HoldPin, Register, Role
from core.places.words import Place, PlaceId
from core.reading import Reading
from flows import where
from flows.typed import person_name, place_name


class Registration(State, frozen=True):
    """``onward`` goes on with what asked for a profile instead of saying goodbye; ``typed`` is a city's name."""

    role: Role | None = None
    name: str = ""
    typed: str = ""
    city: PlaceId | None = None
    language: Language = "fr"
    onward: bool = False


async def ask_role(s: Registration, _: Reading) -> Menu[Role] | Settled[Role]:
    if s.role:
        return Settled(s.role)
    roles: tuple[Role, ...] = ("tenant", "landlord", "agent", "cooperative")
    return Menu(t("register.role"), [Option(role, t(f"menu.role.{role}")) for role in roles])


def take_role(s: Registration, role: Role) -> Go[Registration]:
    return go("consent", replace(s, role=role))


async def ask_consent(_: Registration, read: Reading) -> Confirm:
    asked = t("register.consent", sms=read.service.sms) if read.speaker.secrets else t("register.consent.here")
    return Confirm(asked, t("register.agree"), t("register.disagree"))


def take_consent(s: Registration, agreed: bool) -> Go[Registration]:
    return go("name", s) if agreed else go("declined", Registration())


async def tell_declined(_: Registration, read: Reading) -> Notice:
    here = not read.speaker.secrets
    return Notice(t("register.declined.here") if here else t("register.declined", code=read.service.code))


async def ask_name(_: Registration, __: Reading) -> Field[str]:
    return Field(t("register.name"), person_name)


def take_name(s: Registration, name: str) -> Go[Registration]:
    return go("city", replace(s, name=name))


async def ask_city(_: Registration, read: Reading) -> Menu[Place | None]:
    return hearing(where.cities(t("register.city"), read), typed=where.named(read))


async def ask_city_typed(_: Registration, __: Reading) -> Field[str]:
    return Field(t("where.type_city"), place_name)


def take_city_typed(s: Registration, typed: str) -> Go[Registration]:
    return go("which_city", replace(s, typed=typed))


async def ask_which_city(s: Registration, read: Reading) -> Menu[Place | None] | Settled[Place | None]:
    return where.which(s.typed, read, country=read.speaker.country)


def take_city(s: Registration, place: Place | None) -> Go[Registration]:
    if place is None:
        return go("city_typed", s)
    return go("language", replace(s, city=place.city or place.id))


async def ask_language(_: Registration, read: Reading) -> Settled[Language]:
    return Settled(read.speaker.language)


def take_language(s: Registration, language: Language) -> Go[Registration]:
    return go("secret", replace(s, language=language))


async def ask_secret(_: Registration, read: Reading) -> Settled[bool]:
    """No PIN where none may be typed: the profile is then linked to the conversation."""
    return Settled(read.speaker.secrets)


def take_secret(s: Registration, here: bool) -> Go[Registration]:
    return go("pin", s) if here else made(s, None)


async def ask_pin(_: Registration, __: Reading) -> Secret:
    return Secret(t("register.pin"))


def take_pin(s: Registration, pin: str) -> Go[Registration]:
    return do(HoldPin(pin), then=go("again", s), refused=go("pin", s))


async def ask_again(_: Registration, __: Reading) -> Secret:
    return Secret(t("register.again"))


def take_again(s: Registration, pin: str) -> Go[Registration]:
    return made(s, pin)


def made(s: Registration, pin: str | None) -> Go[Registration]:
    """The profile, and on with what asked for it."""
    profile = Register(s.name, s.role or "tenant", s.city, s.language, pin)
    then: Go[Registration] = done() if s.onward else go("welcome", s)
    return do(profile, then=then, refused={"pin": go("pin", s), "*": go("sorry", s)})


async def tell_welcome(_: Registration, read: Reading) -> Notice:
    me = await read.people.me()
    name = me.name if me else ""
    here = not read.speaker.secrets
    return Notice(
        t("register.welcome.here", name=name) if here else t("register.welcome", name=name, code=read.service.code)
    )


async def tell_sorry(_: Registration, read: Reading) -> Notice:
    return Notice(t("register.sorry", sms=read.service.sms))


REGISTER = Flow(
    "register",
    Registration,
    step("role", ask_role, take_role, to=["consent"]),
    step("consent", ask_consent, take_consent, to=["name", "declined"]),
    ending("declined", tell_declined),
    step("name", ask_name, take_name, to=["city"]),
    step("city", ask_city, take_city, to=["city_typed", "language"]),
    step("city_typed", ask_city_typed, take_city_typed, to=["which_city"]),
    step("which_city", ask_which_city, take_city, to=["city_typed", "language"]),
    step("language", ask_language, take_language, to=["secret"]),
    step("secret", ask_secret, take_secret, to=["pin", "welcome", "sorry"]),
    step("pin", ask_pin, take_pin, to=["again"]),
    step("again", ask_again, take_again, to=["welcome", "pin", "sorry"], resume="back"),
    ending("welcome", tell_welcome),
    ending("sorry", tell_sorry),
    worth=True,
)
