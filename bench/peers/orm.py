"""A peer: aiohttp and SQLAlchemy's ORM as everybody would write it, one session and one commit for each turn."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import uvloop
from aiohttp import web
from sqlalchemy import JSON, BigInteger, DateTime, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.conversation import PATH
from bench.peers.words import AGAIN, QUESTIONS, Wanted, homes, wanted


class Base(DeclarativeBase):
    """What the entities share."""


class Conversation(Base):
    """Where a phone stands, and what its session was last answered."""

    __tablename__ = "bench_conversation"

    phone: Mapped[str] = mapped_column(Text, primary_key=True)
    session: Mapped[str] = mapped_column(Text)
    step: Mapped[int]
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    typed: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Listing(Base):
    """A home on offer, all of its columns that a page shows."""

    __tablename__ = "listing"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    deal: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    city: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)


SESSIONS: Final = web.AppKey("sessions", async_sessionmaker[AsyncSession])


async def turn(request: web.Request) -> web.Response:
    """One thing said: load, move, store, commit."""
    form = await request.post()
    phone, session_id, typed = (str(form[name]) for name in ("phoneNumber", "sessionId", "text"))
    async with request.app[SESSIONS]() as session, session.begin():
        place = await session.get(Conversation, phone, with_for_update=True)
        if place is None:
            place = Conversation(phone=phone, session="", step=0, answers={}, typed="", reply="", at=datetime.now(UTC))
            session.add(place)
        if place.session != session_id:
            place.session, place.step, place.answers = session_id, 0, {}
            place.reply = QUESTIONS[0].screen()
        elif place.typed != typed:
            place.reply = await _answer(session, place, typed.rpartition("*")[2])
        place.typed, place.at = typed, datetime.now(UTC)
        reply = place.reply
    return web.Response(text=f"CON {reply}")


async def _answer(session: AsyncSession, place: Conversation, said: str) -> str:
    question = QUESTIONS[place.step]
    chosen = question.chosen(said)
    if chosen is None:
        return AGAIN + question.screen(place.answers.get("city", ""))
    place.answers = {**place.answers, question.name: chosen}
    if place.step + 1 == len(QUESTIONS):
        found = await _find(session, wanted(place.answers))
        return homes(place.answers["city"], [(home.code, home.kind, home.price) for home in found])
    place.step += 1
    return QUESTIONS[place.step].screen(place.answers.get("city", ""))


async def _find(session: AsyncSession, wish: Wanted) -> Sequence[Listing]:
    query = (
        select(Listing)
        .where(Listing.state == "published", Listing.city == wish.city, Listing.deal == "rent")
        .where(Listing.kind == wish.kind, Listing.price <= wish.top)
        .order_by(Listing.price, Listing.id)
        .limit(6)
    )
    return (await session.scalars(query)).all()


async def make_app() -> web.Application:
    """The app with its engine and the table of conversations."""
    url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, pool_size=8, max_overflow=0)
    table: Any = Conversation.__table__
    async with engine.begin() as connection:
        await connection.run_sync(lambda on: table.create(on, checkfirst=True))
    app = web.Application()
    app[SESSIONS] = async_sessionmaker(engine, expire_on_commit=False)
    app.add_routes([web.post(PATH, turn)])
    return app


def main() -> None:
    """Serve until told to stop."""
    port = int(os.environ["TOIT_PORT"])
    web.run_app(make_app(), host="127.0.0.1", port=port, access_log=None, print=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
