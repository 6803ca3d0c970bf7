"""Every message channel has its renderer, and a tap means what would be typed."""

import pytest

from bot.answer import read_menu
from bot.place import pack
from bot.render.bubble import pack_bubble, unpack_bubble
from bot.render.channels import RENDERERS
from bot.talk import Link
from tests.bot.screens import deep, menu


def test_the_channels() -> None:
    assert set(RENDERERS) == {"sms", "whatsapp", "telegram"}


@pytest.mark.parametrize("channel", sorted(RENDERERS))
def test_a_bubble_goes_through_the_outbox(channel: str) -> None:
    bubble, _ = RENDERERS[channel](menu(12, spot=(4.0, 9.0)), deep())
    assert unpack_bubble(pack_bubble(bubble)) == bubble


@pytest.mark.parametrize("channel", ["whatsapp", "telegram"])
def test_every_tap_is_an_answer_to_the_screen(channel: str) -> None:
    place = deep()
    turn = menu(12, links=[Link("a", "Autre")], more=99)
    bubble, place.further = RENDERERS[channel](turn, place)
    place.offered, place.links, place.more = [pack(number) for number in (*range(12), 99)], ["a"], True
    place.unnumbered = False
    answers = [choice.id.partition(":")[2] for choice in bubble.choices]
    assert all(choice.id.partition(":")[0] == "41" for choice in bubble.choices)
    read = {answer: read_menu(place, answer) for answer in answers if answer not in {"0", "00"}}
    assert None not in read.values()
    assert len({str(meant) for meant in read.values()}) == len(read)
    assert read["9"] == "next"
