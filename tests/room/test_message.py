from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.room.message import MAX_BYTES, Refused, opened, sealed
from sls_lab.room.standing import Standing, Tried
from tests.room.members import WORD, standing

COUNTS = st.integers(0, 1_000_000)
STANDINGS = st.builds(
    Standing,
    nickname=st.from_regex(r"\A\w{1,30}\Z"),
    learner=st.from_regex(r"\A[0-9a-f]{32}\Z"),
    number=COUNTS,
    tried=st.dictionaries(st.from_regex(r"\A[0-9]{2}/[a-z-]{1,20}\Z"), st.builds(Tried, COUNTS, COUNTS, st.booleans())),
    minutes=st.dictionaries(st.from_regex(r"\A[0-9]{2}\Z"), COUNTS, max_size=20),
    latest=st.sampled_from(["", "03/link"]),
    hand=st.booleans(),
)


@given(STANDINGS)
def test_what_is_sealed_is_what_is_opened(one: Standing) -> None:
    assert opened(sealed(one, WORD).encode(), WORD) == one


def test_another_word_opens_nothing() -> None:
    with pytest.raises(Refused, match="not signed with this class's word"):
        opened(sealed(standing(), WORD).encode(), "another word")


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(Refused):
        opened(noise, WORD)


def changed(**entries: Any) -> bytes:
    """A message whose standing someone changed on its way."""
    data = json.loads(sealed(standing(), WORD))
    data["standing"].update(entries)
    return json.dumps(data).encode()


def test_what_was_changed_on_its_way_is_refused() -> None:
    with pytest.raises(Refused, match="not signed"):
        opened(changed(nickname="Eve"), WORD)


def test_what_is_too_long_is_refused_unread() -> None:
    with pytest.raises(Refused, match="64 KiB"):
        opened(b"[" * (MAX_BYTES + 1), WORD)


@pytest.mark.parametrize("deep", [b"[" * 60_000, b'{"standing": {}, "signature": null}', b'{"signature": "\xc3\xa9"}'])
def test_odd_json_is_refused(deep: bytes) -> None:
    with pytest.raises(Refused):
        opened(deep, WORD)
