"""What people may decide about the messages they get."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from core.kit.deed import Deed
from core.notices.suppression import resume, stop
from core.notices.words import ResumeAlerts, StopAlerts


async def stop_alerts(_command: StopAlerts, deed: Deed) -> None:
    """STOP."""
    await stop(deed.tx, deed.speaker.phone, deed.now)


async def resume_alerts(_command: ResumeAlerts, deed: Deed) -> None:
    """OUI after STOP."""
    await resume(deed.tx, deed.speaker.phone)


COMMANDS: Final[dict[type, Callable[[Any, Deed], Awaitable[object]]]] = {
    StopAlerts: stop_alerts,
    ResumeAlerts: resume_alerts,
}
