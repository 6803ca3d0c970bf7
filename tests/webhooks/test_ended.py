"""A part is typed for an ended lease that somebody else has paid in full meanwhile."""

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from core.kit.clock import FixedClock
from core.kit.db import Database, Statement
from core.kit.settings import Settings
from core.money.charges import open_charges, waive
from webhooks.app import make_app
from webhooks.front import Front

NUMBER = "+237670000104"
LEASE = Statement(
    text(
        "SELECT max(p.lease_id) AS id FROM lease_party AS p JOIN phone AS f USING (person_id)"
        " WHERE p.role = 'tenant' AND f.e164 = :number"
    )
)


async def test_a_part_of_what_was_paid_meanwhile(planted: Database, clock: FixedClock) -> None:
    front = Front.build(planted, Settings(_env_file=None), clock)
    async with TestClient(TestServer(make_app(front))) as client:

        async def ask(typed: str) -> str:
            form = {"sessionId": "s1", "phoneNumber": NUMBER, "serviceCode": "*384*2#", "text": typed}
            response = await client.post("/webhooks/ussd/africastalking/demo", data=form)
            return await response.text()

        await ask("")
        assert "Combien payez-vous" in await ask("2")
        lease = await planted.one(LEASE, number=NUMBER)
        assert lease is not None
        async with planted.transaction() as tx:
            for charge in await open_charges(tx, lease["id"]):
                key = f"x:{charge.id}"
                await waive(tx, charge.id, charge.left, reason="paid by another", origin_key=key, now=clock.now())
        assert "ne recoit plus de paiement" in await ask("2*1000")
