"""The USSD gateway: sessions between a phone and the app, with an operator's time limits."""

import asyncio
import re
import secrets
import time
from dataclasses import dataclass, field

import msgspec

from sandbox.answers import refuse
from sandbox.faults import Fault
from sandbox.gsm7 import septets
from sandbox.handset import Handsets
from sandbox.numbers import market
from sandbox.outbound import Answer, NoAnswerError
from sandbox.world import World

ROUTE = "/webhooks/ussd/africastalking/{secret}"
APP_PATIENCE, CONNECT_PATIENCE = 15.0, 10.0
IDLE_LIMIT, SESSION_LIMIT = 60.0, 180.0
END_TRIES, END_PAUSE = 3, 5.0

BROKEN = "Erreur de connexion ou code MMI non valide."
EXPIRED = "Session expirée. Veuillez recomposer le code."
NO_NETWORK = "Pas de réseau."
_DIALLED = re.compile(r"\*\d{2,5}(?:\*[0-9A-Za-z]+)*#")


class Screen(msgspec.Struct, frozen=True):
    """What the phone shows: `open` while the app waits for an answer."""

    session: str | None
    text: str
    open: bool
    septets: int


def screen(session: str | None, text: str, *, is_open: bool = False) -> Screen:
    """A screen with its length counted."""
    return Screen(session, text, is_open, septets(text))


@dataclass(slots=True)
class Session:
    """One call of a phone to a code; `inputs` is what the gateway cumulates into `text`."""

    id: str
    msisdn: str
    code: str
    inputs: list[str]
    started: float
    hops: int = 0
    last: str = ""
    busy: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All inputs so far, as the app gets them."""
        return "*".join(self.inputs)


class Gateway:
    """Holds at most one session per phone and tells the app how each one ended."""

    def __init__(self, world: World, handsets: Handsets) -> None:
        """Start without sessions: a gateway that restarts has lost them."""
        self._world, self._handsets = world, handsets
        self._sessions: dict[str, Session] = {}
        self._screens: dict[str, Screen] = {}

    def showing(self, msisdn: str) -> Screen:
        """The screen the phone shows now."""
        return self._screens.get(msisdn, screen(None, ""))

    def push(self, msisdn: str, session: str, text: str) -> None:
        """A screen of another platform's session; what a session of this one shows stays."""
        if msisdn not in self._sessions:
            self._show(msisdn, screen(session, text))

    async def dial(self, msisdn: str, code: str) -> Screen:
        """Open a session; one that was open on this phone ends."""
        self._finish(self._sessions.get(msisdn), "Incomplete", None)
        if not self._handsets.has_network(msisdn):
            return self._show(msisdn, screen(None, NO_NETWORK))
        target = self._target(code)
        if target is None:
            return self._show(msisdn, screen(None, BROKEN))
        session = Session(f"ATUid_{secrets.token_hex(16)}", msisdn, target[0], target[1], time.monotonic())
        self._sessions[msisdn] = session
        self._limit(session, SESSION_LIMIT)
        return await self._turn(session)

    def _target(self, code: str) -> tuple[str, list[str]] | None:
        own = self._world.settings.service_code
        if code == own:
            return own, []
        if not _DIALLED.fullmatch(code) or not code.startswith(own.removesuffix("#") + "*"):
            return None
        fault = self._world.faults.take("ussd", "suffix")
        if fault is None or fault.deliver_as == "code":
            return code, []
        return own, code.removesuffix("#").removeprefix(own.removesuffix("#") + "*").split("*")

    async def answer(self, msisdn: str, text: str) -> Screen:
        """Send what the person typed; refuses (409) when no session waits for it."""
        session = self._sessions.get(msisdn)
        if session is None:
            raise refuse(409, "no open USSD session on this phone: dial first")
        if session.busy:
            raise refuse(409, "the previous answer is still on its way")
        session.inputs.append(text)
        return await self._turn(session)

    async def _turn(self, session: Session) -> Screen:
        _stop_timers(session, keep=1)
        session.busy, session.hops = True, session.hops + 1
        self._world.hub.tell("asked", msisdn=session.msisdn, session=session.id, text=session.text)
        try:
            words = _words(await self._ask(session))
        except NoAnswerError as why:
            return self._fail(session, str(why))
        finally:
            session.busy = False
        return self._reply(session, words)

    def _reply(self, session: Session, words: str) -> Screen:
        if self._sessions.get(session.msisdn) is not session:
            return self.showing(session.msisdn)
        session.last = words
        goes_on = words.startswith("CON ")
        shown = screen(session.id, words[4:], is_open=goes_on)
        if goes_on:
            self._limit(session, IDLE_LIMIT)
            return self._show(session.msisdn, shown)
        self._finish(session, "Success", shown)
        return shown

    def _fail(self, session: Session, why: str) -> Screen:
        if self._sessions.get(session.msisdn) is not session:
            return self.showing(session.msisdn)
        shown = screen(session.id, BROKEN)
        self._finish(session, "Failed", shown, why)
        return shown

    async def _ask(self, session: Session) -> Answer:
        fault = self._world.faults.take("ussd", "drop", "drop_after", "delay", "duplicate")
        kind = fault.kind if fault else ""
        if kind == "drop":
            raise NoAnswerError("Connection failed: lost before the app")
        if fault and kind == "delay":
            await self._world.clock.sleep(fault.wait(2.0))
        if fault and kind == "duplicate":
            return await self._ask_twice(session, fault)
        answer = await self._post(session)
        if kind == "drop_after":
            raise NoAnswerError("Connection failed: lost after the app")
        return answer

    async def _ask_twice(self, session: Session, fault: Fault) -> Answer:
        first, second = await asyncio.gather(self._post(session), self._post(session, fault.wait(0.0)))
        same = first == second
        self._world.hub.tell("duplicate", msisdn=session.msisdn, session=session.id, same=same)
        return first

    async def _post(self, session: Session, pause: float = 0.0) -> Answer:
        await self._world.clock.sleep(pause)
        clock = self._world.clock
        form = {**_identity(session), "text": session.text}
        return await self._world.out.post_form(
            self._world.app_url(ROUTE), form, clock.limit(APP_PATIENCE), clock.limit(CONNECT_PATIENCE)
        )

    def hang_up(self, msisdn: str) -> Screen:
        """The person hangs up; harmless without a session."""
        self._finish(self._sessions.get(msisdn), "Incomplete", None)
        return self._show(msisdn, screen(None, ""))

    def cut(self, msisdn: str) -> Screen:
        """The phone loses its network in the middle of whatever it did."""
        self._finish(self._sessions.get(msisdn), "Incomplete", None)
        return self._show(msisdn, screen(None, NO_NETWORK))

    def _limit(self, session: Session, seconds: float) -> None:
        wait = self._world.clock.limit(seconds)
        session.timers.append(asyncio.get_running_loop().call_later(wait, self._expire, session))

    def _expire(self, session: Session) -> None:
        self._finish(session, "Incomplete", screen(session.id, EXPIRED))

    def _finish(self, session: Session | None, status: str, last: Screen | None, why: str = "") -> None:
        if session is None or self._sessions.get(session.msisdn) is not session:
            return
        _stop_timers(session)
        del self._sessions[session.msisdn]
        if last is not None:
            self._show(session.msisdn, last)
        self._world.jobs.start(self._tell_end(_end_form(session, status, why, self._world.clock.stamp())))

    def _show(self, msisdn: str, shown: Screen) -> Screen:
        self._screens[msisdn] = shown
        self._world.hub.tell("screen", msisdn=msisdn, screen=msgspec.to_builtins(shown))
        return shown

    async def _tell_end(self, form: dict[str, str]) -> None:
        fault = self._world.faults.take("ussd.end")
        kind = fault.kind if fault else ""
        if kind == "never":
            return
        if fault and kind == "late":
            await self._world.clock.sleep(fault.wait(30.0))
        for _ in range(fault.count if fault and kind == "duplicate" else 1):
            await self._post_end(form)

    async def _post_end(self, form: dict[str, str]) -> None:
        url = self._world.app_url(ROUTE + "/end")
        for attempt in range(END_TRIES):
            try:
                if (await self._world.out.post_form(url, {**form, "retryCount": str(attempt)})).ok:
                    return
            except NoAnswerError:
                pass
            await self._world.clock.sleep(END_PAUSE)


def _stop_timers(session: Session, keep: int = 0) -> None:
    for timer in session.timers[keep:]:
        timer.cancel()
    del session.timers[keep:]


def _identity(session: Session) -> dict[str, str]:
    return {
        "sessionId": session.id,
        "phoneNumber": f"+{session.msisdn}",
        "networkCode": market(session.msisdn).network,
        "serviceCode": session.code,
    }


def _words(answer: Answer) -> str:
    if not answer.ok:
        raise NoAnswerError(f"HTTP {answer.status}")
    if answer.content_type != "text/plain":
        raise NoAnswerError(f"not text/plain but {answer.content_type}")
    try:
        words = answer.body.decode()
    except UnicodeDecodeError as wrong:
        raise NoAnswerError("not UTF-8") from wrong
    if not words.startswith(("CON ", "END ")):
        raise NoAnswerError("the answer starts with neither CON nor END")
    return words


def _end_form(session: Session, status: str, why: str, at: str) -> dict[str, str]:
    form = {
        **_identity(session),
        "date": at[:19].replace("T", " "),
        "status": status,
        # One mirror of the vendor's documents has a bare number, another a currency: both are played.
        "cost": "0.0" if int(session.id[-1], 16) % 2 else f"{market(session.msisdn).currency} 0.10",
        "durationInMillis": str(int((time.monotonic() - session.started) * 1000)),
        "hopsCount": str(session.hops),
        "lastAppResponse": session.last,
        "errorMessage": why,
    }
    return {**form, "input": session.text} if session.text else form
