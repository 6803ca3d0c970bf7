"""What becomes of a payment is told in the conversation its person is in, with its paper where papers are taken."""

from datetime import timedelta
from typing import Final, Literal

import pytest
from sqlalchemy import text

from core.kit.db import Statement
from core.kit.errors import ProviderError
from core.kit.speaker import Address, PersonId
from core.notices.outbox import queue
from core.notices.preferences import prefer
from core.notices.route import Facts, Reachable, Route, choose
from core.notices.words import Notice, Paper, Parcel
from core.people.doors import link, speak
from core.people.profile import Profile, create
from core.people.visits import hear
from tests.core.notices.conftest import BOT, CHAT, NOW, OWNER, PAID, SMS, Outbox, facts, put

HERE_NOW = timedelta(minutes=15)
FRENCH: Final = Statement(text("UPDATE person SET language = 'fr' WHERE id = :person"))


@pytest.mark.parametrize(
    ("template", "wanted", "ago", "route"),
    [
        ("rent_paid", None, HERE_NOW, Route(CHAT, "meta")),
        ("rent_received", None, timedelta(), Route(CHAT, "meta")),
        ("payment_failed", None, HERE_NOW, Route(CHAT, "meta")),
        ("rent_paid", None, HERE_NOW + timedelta(seconds=1), Route(SMS)),
        ("rent_paid", "sms", timedelta(), Route(SMS)),
        ("rent_paid", "telegram", timedelta(), Route(BOT, "telegram")),
        ("receipt_quittance", None, timedelta(), Route(SMS)),
        ("receipt_recu", None, timedelta(), Route(SMS)),
        ("receipt_recu", "whatsapp", timedelta(), Route(CHAT, "meta")),
        ("home_found", None, timedelta(), Route(SMS)),
        ("dropped", None, timedelta(), Route(SMS)),
        ("linked", None, timedelta(), Route(SMS)),
    ],
)
def test_what_becomes_of_a_payment_is_told_in_the_conversation_they_are_in(
    template: str, wanted: str | None, ago: timedelta, route: Route
) -> None:
    assert choose(template, SMS, facts(wanted, ago=ago), NOW) == route


def test_of_two_conversations_they_are_in_the_one_where_they_wrote_last() -> None:
    both = [Reachable(CHAT, "meta", NOW - timedelta(minutes=9)), Reachable(BOT, "telegram", NOW - timedelta(minutes=8))]
    assert choose("rent_paid", SMS, Facts("CM", None, both), NOW) == Route(BOT, "telegram")
    assert choose("rent_paid", SMS, Facts("CM", None, [*both, Reachable(SMS, "at", NOW)]), NOW) == Route(SMS)


async def test_a_receipt_comes_into_the_conversation_its_person_is_in_and_nobody_elses(
    outbox: Outbox, person: PersonId
) -> None:
    """The number of the WhatsApp is shared; only the Telegram is linked to who is told."""
    async with outbox.db.transaction() as tx:
        other = await create(tx, Profile(OWNER, "Jean", "tenant", "fr", "CM"), "hash", NOW)
        assert other is not None
        await hear(tx, BOT, "telegram", NOW - timedelta(minutes=5), phone=None)
    await put(outbox, other, key="of nobody who is here")
    await put(outbox, person, key="of Marie")
    await outbox.run()
    outbox.clock.move(minutes=16)
    await put(outbox, person, key="she has gone")
    await outbox.run()
    assert sorted(str(parcel.to) for parcel in outbox.provider.parcels) == sorted(map(str, (SMS, CHAT, SMS)))


@pytest.mark.parametrize("wanted", [None, "whatsapp"])
@pytest.mark.parametrize("ago", [timedelta(), timedelta(days=2)])
async def test_a_notice_speaks_the_language_chosen_where_it_goes(
    outbox: Outbox, person: PersonId, wanted: Literal["whatsapp"] | None, ago: timedelta
) -> None:
    """By its words, by its approved template, and by SMS to a number that is somebody else's as well."""
    async with outbox.db.transaction() as tx:
        if wanted:
            await prefer(tx, person, "payments", wanted)
        await hear(tx, BOT, "telegram", NOW - timedelta(days=3), phone=None)
        await hear(tx, CHAT, "meta", NOW - ago, phone=OWNER)
        await speak(tx, CHAT, "en")
        await hear(tx, SMS, "at", NOW - ago, phone=OWNER, owned=True)
        await speak(tx, SMS, "en")
    await put(outbox, person)
    await outbox.run()
    (parcel,) = outbox.provider.parcels
    there = wanted is not None or ago == timedelta()
    assert (parcel.to, parcel.language) == ((CHAT, "en") if there else (SMS, "fr"))
    assert f" {parcel.language} " in parcel.text
    assert parcel.approved is None or parcel.approved[1][0].endswith(".en")


async def test_an_sms_speaks_the_language_its_own_person_chose_by_sms(outbox: Outbox, person: PersonId) -> None:
    async with outbox.db.transaction() as tx:
        await hear(tx, SMS, "at", NOW - timedelta(days=1), phone=OWNER, owned=True)
        await speak(tx, SMS, "en")
        await link(tx, SMS, person, NOW)
        await tx.fetch(FRENCH, person=person)
    await put(outbox, person)
    outbox.clock.move(minutes=16)
    await outbox.run()
    (parcel,) = outbox.provider.parcels
    assert (parcel.to, parcel.language) == (SMS, "en")


async def test_a_conversation_that_refuses_a_receipt_leaves_it_to_the_phone(outbox: Outbox, person: PersonId) -> None:
    outbox.provider.script = [ProviderError("forbidden", retryable=False, gone=True)]
    await put(outbox, person)
    await outbox.run()
    await outbox.run()
    assert [parcel.to for parcel in outbox.provider.parcels] == [SMS]


async def paper_of(outbox: Outbox, template: str = "rent_paid.1", to: Address = BOT, **blanks: object) -> Parcel:
    async with outbox.db.transaction() as tx:
        await queue(tx, Notice(f"paper {to} {blanks}", to, "fr", template, {**PAID, "ref": "r", **blanks}), NOW)
    await outbox.run()
    return outbox.provider.parcels[-1]


async def test_a_paper_goes_with_the_words_where_papers_are_taken(outbox: Outbox, person: PersonId) -> None:
    assert (await paper_of(outbox, sheet="quittance")).paper == Paper("quittance.pdf", b"fr")
    assert (await paper_of(outbox, sheet="recu", to=CHAT)).paper is None
    assert (await paper_of(outbox)).paper is None, "a notice of before papers"


async def test_a_paper_that_cannot_be_made_holds_up_nothing(
    outbox: Outbox, person: PersonId, capsys: pytest.CaptureFixture[str]
) -> None:
    parcel = await paper_of(outbox, sheet="broken", payer="Marie")
    assert (parcel.paper, parcel.text.startswith("rent_paid.1 fr")) == (None, True)
    assert await outbox.state() == "sent"
    logged = capsys.readouterr().out
    assert "notice_without_paper" in logged
    assert "Marie" not in logged
