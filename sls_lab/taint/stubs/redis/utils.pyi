from typing import Any

from redis.client import Redis

def from_url(url: Any, **kwargs: Any) -> Redis: ...
