"""What several machines share and may lose at any time: operators' access tokens, in Redis."""

from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.kit.log import get_log

_PREFIX: Final = "toit:token:"


class RedisTokens:
    """Access tokens for all workers. When Redis is away each worker fetches its own: nothing is lost or stops."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @classmethod
    def at(cls, url: str) -> "RedisTokens":
        """Tokens in the Redis of an address (``redis://…``), giving up on it after half a second."""
        return cls(Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5, decode_responses=True))

    async def get(self, key: str) -> str | None:
        """The token kept under a key, while it lives."""
        try:
            found = await self._redis.get(_PREFIX + key)
        except RedisError:
            _away()
            return None
        return None if found is None else str(found)

    async def put(self, key: str, token: str, seconds: int) -> None:
        """Keep a token for so many seconds."""
        try:
            await self._redis.set(_PREFIX + key, token, ex=max(1, seconds))
        except RedisError:
            _away()

    async def drop(self, key: str) -> None:
        """Forget a token that was refused."""
        try:
            await self._redis.delete(_PREFIX + key)
        except RedisError:
            _away()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()


def _away() -> None:
    get_log("worker").warning("redis_away")
