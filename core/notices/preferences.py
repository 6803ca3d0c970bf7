"""Where people want their messages: a channel for each list that lets them choose."""

from typing import Final

from sqlalchemy import text

from core.kit.db import Reader, Statement
from core.kit.speaker import PersonId
from core.notices.words import Choosable

_PREFER: Final = Statement(
    text(
        "INSERT INTO preference (person_id, list, channel) VALUES (:person, :list, :channel)"
        " ON CONFLICT (person_id, list) DO UPDATE SET channel = excluded.channel"
    )
)
_PREFERRED: Final = Statement(text("SELECT list, channel FROM preference WHERE person_id = :person"))


async def prefer(on: Reader, person: PersonId, about: Choosable, channel: str) -> None:
    """From now on such notices go there, as long as it can be reached."""
    await on.fetch(_PREFER, person=person, list=about, channel=channel)


async def preferred(on: Reader, person: PersonId) -> dict[str, str]:
    """The channel of each list that one was chosen for."""
    return {row["list"]: row["channel"] for row in await on.fetch(_PREFERRED, person=person)}
