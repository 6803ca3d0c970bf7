"""Plays the script with one hand or with another hand for every step, as a person does who reads what is shown."""

import re
from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Final, Protocol

from tests.scenario.script import Step, plain

SECRET: Final = "code secret du service"
_NUMBERED: Final = re.compile(r"^(\d{1,2}) (.+)$", re.MULTILINE)


class Hand(Protocol):
    """One way to talk to the house."""

    @property
    def door(self) -> str:
        """The conversation; both WhatsApps are the same one."""
        ...

    async def meet(self) -> None:
        """Begin: dial, or say good day; and see what is answered."""
        ...

    async def say(self, words: str) -> None:
        """Type this."""
        ...

    async def pick(self, label: str) -> None:
        """Choose the first option that holds this."""
        ...

    async def read(self, *words: str) -> str:
        """What is shown, once it holds all these words; AssertionError when it never does."""
        ...

    async def leave(self) -> None:
        """Put it away in the middle of whatever it shows."""
        ...


class Surroundings(Protocol):
    """What happens beside the conversation, on the same phone whatever the channel."""

    async def code(self) -> str:
        """Six digits that link a conversation, shown on the phone after the PIN."""
        ...

    async def linked(self, count: int) -> None:
        """Wait for the SMS that tells of the so manieth link."""
        ...

    async def approve(self) -> None:
        """Approve the operator's prompt, and wait until the payment is booked."""
        ...

    async def receive(self, *words: str) -> None:
        """Wait for a message with these words, wherever she gets it."""
        ...


class Lost(AssertionError):
    """What should be shown is not."""

    def __init__(self, hand: Hand, wanted: object, shown: str) -> None:
        super().__init__(f"{hand.door}: no {wanted!r} on:\n{shown}")


def numbered(screen: str) -> list[tuple[str, str]]:
    """The options of a screen without buttons: what to type, and what for."""
    return _NUMBERED.findall(screen)


def option(hand: Hand, options: Iterable[tuple[str, str]], label: str, shown: str) -> str:
    """How to choose the first option that holds these words."""
    found = next((key for key, words in options if plain(label) in plain(words)), None)
    if found is None:
        raise Lost(hand, label, shown)
    return found


async def link(chats: Sequence[Hand], around: Surroundings) -> None:
    """Link every conversation to the person, each with a code of its own from the phone."""
    for count, chat in enumerate(chats, 1):
        code = await around.code()
        await chat.say("relier")
        await chat.read("J'ai un code")
        await chat.pick("J'ai un code")
        await chat.read("6 chiffres")
        await chat.say(code)
        await chat.read("Bonjour Ngo Bell Marie")
        await around.linked(count)


async def play(script: Sequence[Step], hands: Sequence[Hand], around: Surroundings, pin: str) -> None:
    """Play it; with several hands each step is done with the next one, after going on with what was begun."""
    turns = cycle(hands)
    hand = next(turns)
    await hand.meet()
    for number, step in enumerate(script):
        if number and len(hands) > 1:
            left, hand = hand, next(turns)
            await _go_on(script[number - 1], left, hand, pin)
        await _do(step, hand, around, pin)


async def _do(step: Step, hand: Hand, around: Surroundings, pin: str) -> None:
    match step.act:
        case "approve":
            await around.approve()
            return
        case "receive":
            await around.receive(*step.reads)
            return
        case "agree" if SECRET in await hand.read():
            await hand.say(pin)
        case "say":
            await hand.say(step.words)
        case _:
            await hand.pick(step.words)
    await hand.read(*step.reads)


async def _go_on(before: Step, left: Hand, hand: Hand, pin: str) -> None:
    """Come with another hand: what was begun is offered and shown again; a first screen is asked for anew."""
    await left.leave()
    await hand.meet()
    if before.doing:
        if hand.door != left.door:
            if SECRET in await hand.read():
                await hand.say(pin)
            await hand.read("Vous étiez en train de", before.doing)
            await hand.pick("Continuer")
        await hand.read(*before.reads)
    elif before.act == "say":
        await hand.say(before.words)
        await hand.read(*before.reads)
