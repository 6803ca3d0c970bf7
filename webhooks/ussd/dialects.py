"""The table of USSD gateways: what differs between them is data, with a tiny parser and a tiny renderer each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.inbound import Reply
from bot.render.ussd import Limits

Form = Mapping[str, str]


class Malformed(Exception):
    """A request that is not of the gateway's form; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A gateway's request in neutral words; ``code`` is the string that was dialled, as far as it tells."""

    session: str
    phone: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    body: str
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One gateway. Sources for each line are in ``docs/gateways.md``.

    ``cumulated``: the text repeats everything typed in the session. ``first_is_dialled``: the first input is the
    dialled string itself. ``ends``: a session's end is told on ``…/end``. ``limits``: what its handsets can show.
    """

    name: str
    methods: tuple[Literal["GET", "POST"], ...]
    body: Literal["form", "query"]
    parse: Callable[[Form], Parsed]
    answer: Callable[[Reply, Form], Answer]
    cumulated: bool
    first_is_dialled: bool
    ends: bool
    charset: str
    limits: Limits


def need(form: Form, *names: str) -> tuple[str, ...]:
    """The named fields. Raises Malformed with the names that are missing."""
    if missing := [name for name in names if name not in form]:
        raise Malformed(f"missing field: {', '.join(missing)}")
    return tuple(form[name] for name in names)


def _parse_africastalking(form: Form) -> Parsed:
    return Parsed(*need(form, "sessionId", "phoneNumber", "serviceCode", "text"))


def _answer_africastalking(reply: Reply, _form: Form) -> Answer:
    return Answer(("CON " if reply.keep_open else "END ") + reply.text)


DIALECTS: Final = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            name="africastalking",
            methods=("POST",),
            body="form",
            parse=_parse_africastalking,
            answer=_answer_africastalking,
            cumulated=True,
            first_is_dialled=False,
            ends=True,
            charset="utf-8",
            limits=Limits(septets=160, accents=False),
        ),
    )
}


def dialled_suffix(dialled: str, service_code: str) -> str:
    """What follows our service code in a dialled string: "A4821" of ``*384*A4821#`` at ``*384#``, "" for nothing."""
    base = service_code.rstrip("#")
    rest = dialled.strip().rstrip("#").removeprefix(base)
    return rest[1:] if rest.startswith("*") and dialled.startswith(base) else ""
