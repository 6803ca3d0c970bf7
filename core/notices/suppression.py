"""Who wants no more announcements: remembered by phone, honoured when a notice is about to be sent."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.phone import Phone

_STOP: Final = Statement(
    text("INSERT INTO suppression (address, list, since) VALUES (:address, 'alerts', :now) ON CONFLICT DO NOTHING")
)
_RESUME: Final = Statement(text("DELETE FROM suppression WHERE address = :address AND list = 'alerts'"))
_STOPPED: Final = Statement(text("SELECT FROM suppression WHERE address = :address AND list = 'alerts'"))


async def stop(on: Reader, phone: Phone, now: datetime) -> None:
    """No more announcements to this phone; asking twice changes nothing."""
    await on.fetch(_STOP, address=phone.e164, now=now)


async def resume(on: Reader, phone: Phone) -> None:
    """Announcements again."""
    await on.fetch(_RESUME, address=phone.e164)


async def stopped(on: Reader, phone: Phone) -> bool:
    """Whether this phone wants no announcements."""
    return bool(await on.fetch(_STOPPED, address=phone.e164))
