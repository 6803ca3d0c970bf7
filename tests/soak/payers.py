"""People who pay rent: all of it, a part, ahead, for somebody else, from another wallet, and sometimes not at all."""

import re
from dataclasses import dataclass
from random import Random

from tests.house import House, option
from tests.soak.people import Person, Screen
from tests.soak.tally import Tally

STARTED = re.compile(r"(?:Validez|doit valider).*Ref (P\d+)", re.DOTALL)
BEHAVIOURS = (
    *("approve",) * 9, *("ask",) * 4, "delay:3", "delay:20", "delay:60", "reject", "insufficient", "insufficient_wart",
    "limit", "blocked", "not_found", "inactive", "timeout",
)  # fmt: skip
LABELS = {"all": "Tout", "part": "Une partie", "over": "Une partie", "month": "Choisir", "ahead": "en avance"}
ONWARD = ("C'est ce bail", "Profil 1", "Oui, c'est juste")
RICH = 10**9


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody means to pay; ``code`` is another's lease, ``wallet`` another's number."""

    kind: str
    francs: int
    code: str = ""
    wallet: str = ""


class Payer(Person):
    """Pays again and again; ``others`` are leases and wallets of other people."""

    def __init__(
        self, house: House, tally: Tally, chance: Random, number: str, pin: str, codes: list[str], wallets: list[str]
    ) -> None:
        super().__init__(house, tally, chance, number, pin)
        self._codes, self._wallets = codes, wallets
        self.told: list[str] = []

    async def live(self) -> None:
        """One attempt to pay, and what becomes of the prompt."""
        plan = self._plan()
        wallet = plan.wallet or self.number
        behaviour = self.chance.choice(BEHAVIOURS)
        await self.house.ask("PUT", f"/wallets/mtn/{wallet.lstrip('+')}", {"behaviour": behaviour, "balance": RICH})
        screen = await self.dial(self.chance.choice(("*384*2#", "*384*2#", "*384#")))
        for _ in range(14):
            if not screen.open:
                break
            await self.think(0.2)
            if self.chance.random() < 0.03:
                await self.drop()
                return
            screen = await self.answer(self._say(plan, screen))
        self._note(plan, screen)
        if behaviour == "ask":
            await self._decide(wallet)

    def _plan(self) -> Plan:
        kind = self.chance.choices(("all", "part", "over", "month", "ahead"), (2, 60, 3, 6, 2))[0]
        code = self.chance.choice(self._codes) if self.chance.random() < 0.5 else ""
        wallet = self.chance.choice(self._wallets) if self.chance.random() < 0.15 else ""
        francs = self.chance.randint(130_000, 400_000) if kind == "over" else self.chance.randint(400, 4_000)
        return Plan(kind, francs, code, wallet)

    def _say(self, plan: Plan, screen: Screen) -> str:
        fields = {"code du bail": plan.code or "0", "Combien": str(plan.francs), "Numero Mobile": plan.wallet or "0"}
        if not screen.options:
            typed = next((value for words, value in fields.items() if words in screen.text), "")
            return typed or self.pin
        return self._choose(plan, screen)

    def _choose(self, plan: Plan, screen: Screen) -> str:
        """The option that leads on; the code is asked for once, and then the lease is that of the code."""
        wanted = [*ONWARD, "Payer mon loyer", "Recommencer"]
        if plan.code and "bail" not in screen.text and "Combien" not in screen.text:
            wanted.append("pour un autre" if self.chance.random() < 0.5 else LABELS[plan.kind])
        wanted += [LABELS[plan.kind], "Autre numero" if plan.wallet else "MTN", "dont"]
        found = next((number for label in wanted if (number := option(screen.text, label))), None)
        english = option(screen.text, "English")
        return found or self.chance.choice([number for number in screen.options if number != english] or ["0"])

    def _note(self, plan: Plan, screen: Screen) -> None:
        """What the last screen promised must be in the books' hands."""
        started = STARTED.search(screen.text)
        if started:
            self.told.append(started[1])
            self.tally.add(f"payment: started, {plan.kind}{' for another' if plan.code else ''}")
        elif "2e fois" in screen.text:
            self.tally.add("payment: one was under way")

    async def _decide(self, wallet: str) -> None:
        """Look for the prompt a few times; approve, mistype, refuse or forget it."""
        path = f"/phones/{wallet.lstrip('+')}/prompts"
        for _ in range(6):
            await self.think(1.5)
            _, prompts = await self.house.ask("GET", path)
            for prompt in prompts or ():
                answer = self.chance.choice(
                    ({"pin": prompt["pin"]}, {"pin": prompt["pin"]}, {"pin": "0000"}, {"action": "reject"})
                )
                await self.house.ask("POST", f"{path}/{prompt['id']}", answer)
                self.tally.add("prompts answered")
            if prompts or self.chance.random() < 0.1:
                return
