"""Offering a unit: written as a draft, published, and moved from state to state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from core.homes.card import Photo
from core.homes.tables import ROOMS
from core.homes.words import Deal, ListingId, State, UnitId
from core.kit.db import Database, Statement, Tx
from core.kit.ids import make_code
from core.kit.money import Money
from core.kit.speaker import PersonId

ONLINE: Final = timedelta(days=60)
"""How long a listing stays published unless it is renewed."""

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A unit on offer. ``price`` is a month's rent, or the whole price of a sale; the months are what is asked for
    at entry; ``features`` are keys such as "borehole", "gate", "parking".
    """

    unit: UnitId
    price: Money
    deal: Deal = "rent"
    deposit_months: int = 0
    advance_months: int = 0
    features: tuple[str, ...] = ()
    landmark: str = ""
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing that was written down: its id, and the code people type ("A4821")."""

    id: ListingId
    code: str


_NEXT: Final = Statement(text("SELECT nextval(pg_get_serial_sequence('listing', 'id')) AS number"))

_DRAFT: Final = Statement(
    text("""
    INSERT INTO listing (id, code, unit_id, building_id, deal, price, price_period, currency, deposit_months,
        advance_months, features, landmark, city, quarter, kind, bedrooms, rooms, furnished, photo,
        changed_by, changed_at)
    SELECT :id, :code, unit.id, building.id, CAST(:deal AS text), :price, :period, :currency, :deposit, :advance,
        :features, :landmark, building.city, building.quarter, unit.kind, unit.bedrooms,
        least(unit.bedrooms, CAST(:rooms AS smallint)), unit.furnished,
        CAST(:photo AS text), :by, :now
    FROM unit JOIN building ON building.id = unit.building_id
    WHERE unit.id = :unit
    RETURNING id
    """)
)

_SET_STATE: Final = Statement(
    text("""
    UPDATE listing SET state = CAST(:state AS text), changed_by = :by, changed_at = :now,
        published_at = CASE WHEN :state = 'published' THEN :now ELSE published_at END,
        expires_at = CASE WHEN :state = 'published' THEN :until ELSE expires_at END
    WHERE id = :id AND state <> :state
    """)
)

_EXPIRE: Final = Statement(
    text("""
    UPDATE listing SET state = 'expired', changed_by = NULL, changed_at = :now
    WHERE id IN (
        SELECT id FROM listing WHERE state = 'published' AND expires_at <= :now
        ORDER BY expires_at LIMIT :many FOR UPDATE SKIP LOCKED)
    RETURNING id
    """)
)


async def draft(tx: Tx, offer: Offer, by: PersonId | None, now: datetime) -> Listed:
    """Write an offer down; nobody sees it yet. LookupError when there is no such unit."""
    number = int((await tx.fetch(_NEXT))[0]["number"])
    listed = Listed(ListingId(number), make_code("A", number))
    written = await tx.fetch(
        _DRAFT,
        id=number,
        code=listed.code,
        unit=offer.unit,
        deal=offer.deal,
        price=offer.price.francs,
        period=None if offer.deal == "sale" else "month",
        currency=offer.price.currency,
        deposit=offer.deposit_months,
        advance=offer.advance_months,
        features=list(offer.features),
        landmark=offer.landmark,
        rooms=ROOMS,
        photo=offer.photo,
        by=by,
        now=now,
    )
    if not written:
        raise LookupError(f"no unit {offer.unit}")
    return listed


async def set_state(tx: Tx, listing: ListingId, state: State, by: PersonId | None, now: datetime) -> None:
    """Move a listing to another state; the same state again changes nothing.

    The database refuses a move that is not in ``listing_transition`` (ForeignKeyViolationError), and a second
    published listing of the same unit and deal (UniqueViolationError).
    """
    await tx.fetch(_SET_STATE, id=listing, state=state, by=by, now=now, until=now + ONLINE)


async def publish(tx: Tx, offer: Offer, by: PersonId | None, now: datetime) -> Listed:
    """Write an offer down and put it online at once, for somebody whose offers need no check."""
    listed = await draft(tx, offer, by, now)
    await set_state(tx, listed.id, "pending", by, now)
    await set_state(tx, listed.id, "published", by, now)
    return listed


async def expire(db: Database, now: datetime) -> int:
    """Take listings offline whose time is over, a batch of them; how many."""
    return len(await db.fetch(_EXPIRE, now=now, many=_BATCH))
