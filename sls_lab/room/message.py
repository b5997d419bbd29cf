"""A standing on its way: signed with a key made of the class word, so that nobody else can send one."""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache
from typing import Final

from sls_lab.facts import SlsLabError
from sls_lab.room.standing import MalformedStanding, Standing, standing_of

MAX_BYTES: Final = 64 * 1024


class Refused(SlsLabError):
    """A message that does not count; it says why."""


def sealed(standing: Standing, word: str) -> str:
    """The message that carries `standing`: one JSON object, ending with a newline."""
    told = standing.as_json()
    return json.dumps({"standing": told, "signature": _signature(told, word)}) + "\n"


def opened(message: bytes, word: str) -> Standing:
    """The standing in a message. Raises Refused where it is too long, malformed, or signed with another word."""
    if len(message) > MAX_BYTES:
        raise Refused(f"the message has more than {MAX_BYTES // 1024} KiB")
    try:
        data = json.loads(message)
        told, signature = data["standing"], data["signature"]
        right = _signature(told, word)
        same = hmac.compare_digest(right.encode(), str(signature).encode("utf-8", "replace"))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Refused("this is not a message of a learner") from error
    if not same:
        raise Refused("it is not signed with this class's word")
    try:
        return standing_of(told)
    except MalformedStanding as error:
        raise Refused(str(error)) from error


def _signature(told: object, word: str) -> str:
    exact = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(key_of(word), exact.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def key_of(word: str) -> bytes:
    """The key made of a class word. Slow on purpose: a word can be guessed, and each guess has to take its time."""
    return hashlib.scrypt(word.encode("utf-8", "surrogatepass"), salt=b"sls-lab room", n=2**14, r=8, p=1, dklen=32)
