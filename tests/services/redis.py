"""A Redis server that keeps nothing."""

import redis

from tests.services.server import Server, program
from tests.services.workers import MOST_WORKERS


class RedisServer(Server):
    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        keeps_nothing = ["--save", "", "--appendonly", "no"]
        databases = ["--databases", str(MOST_WORKERS)]
        return [program("redis-server", "redis-server"), *place, *keeps_nothing, *databases]

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
