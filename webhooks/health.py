"""Alive, ready, and the figures: what operators and load balancers ask."""

from datetime import timedelta
from typing import Final

from aiohttp import web
from alembic.config import Config
from alembic.script import ScriptDirectory
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

import migrations
from core.kit.db import Statement
from core.money.attempts import count_by_state
from core.notices.delivery import depth_and_age
from webhooks.front import FRONT, Front

WORKER_SILENT: Final = timedelta(seconds=30)
"""A worker that has not been heard of for so long is taken for dead."""

_REVISION: Final = Statement(text("SELECT version_num FROM alembic_version"))
_BEAT: Final = Statement(text("SELECT max(at) AS at FROM heartbeat"))


def routes() -> list[web.RouteDef]:
    """The three addresses."""
    return [web.get("/healthz", _alive), web.get("/readyz", _ready), web.get("/metrics", _metrics)]


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _ready(request: web.Request) -> web.Response:
    checks = await readiness(request.app[FRONT])
    return web.json_response(checks, status=200 if all(checks.values()) else 503)


async def readiness(front: Front) -> dict[str, bool]:
    """Whether the database answers, its schema is the code's, and a worker is at work."""
    try:
        revision = await front.db.one(_REVISION)
        beat = await front.db.one(_BEAT)
    except Exception:  # noqa: BLE001 - whatever keeps it from answering, it is not ready
        return {"database": False, "migrations": False, "worker": False}
    fresh = beat is not None and beat["at"] is not None and front.clock.now() - beat["at"] < WORKER_SILENT
    return {"database": True, "migrations": revision is not None and revision["version_num"] == head(), "worker": fresh}


def head() -> str:
    """The newest migration the code knows."""
    config: Config = migrations.config("")
    return str(ScriptDirectory.from_config(config).get_current_head())


async def _metrics(request: web.Request) -> web.Response:
    front = request.app[FRONT]
    depth, age = await depth_and_age(front.db, front.clock.now())
    front.meters.outbox.set(depth)
    front.meters.outbox_age.set(age)
    for state, count in (await count_by_state(front.db)).items():
        front.meters.attempts.labels(state).set(count)
    return web.Response(body=generate_latest(front.meters.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
