from __future__ import annotations

from typing import Any

import pytest

from sls_lab.room.standing import MalformedStanding, standing_of
from tests.room.members import standing


def told(**entries: Any) -> dict[str, Any]:
    return {**standing(e00_start=(2, True)).as_json(), **entries}


def test_it_comes_back_from_plain_values() -> None:
    assert standing_of(told()) == standing(e00_start=(2, True))


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"schema": "sls-lab/room/9"}, "not a message"),
        ({"nickname": ""}, "nickname"),
        ({"nickname": "<b>Ada</b>"}, "nickname"),
        ({"nickname": "Ada\u202e"}, "nickname"),
        ({"nickname": "A" * 31}, "nickname"),
        ({"nickname": None}, "nickname"),
        ({"learner": "../../etc/passwd"}, "learner"),
        ({"number": -1}, "number"),
        ({"number": True}, "number"),
        ({"number": 1.5}, "number"),
        ({"tried": []}, "tried"),
        ({"tried": {"00/start": [1, 0]}}, "tried"),
        ({"tried": {"00/start": [1, 0, 1]}}, "passed"),
        ({"tried": {"../x": [1, 0, True]}}, "tried"),
        ({"tried": {f"00/e-{'x' * (n % 50)}{'y' * (n // 50)}": [1, 0, True] for n in range(600)}}, "at most 500"),
        ({"minutes": {"00": "12"}}, "minutes"),
        ({"latest": "javascript:alert(1)"}, "latest"),
        ({"hand": "yes"}, "hand"),
        ({"email": "ada@example.com"}, "no entry 'email'"),
    ],
)
def test_another_form_is_refused(entries: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MalformedStanding, match=complaint):
        standing_of(told(**entries))


@pytest.mark.parametrize("data", [None, [], "x", 3, {}])
def test_what_is_no_standing_is_refused(data: object) -> None:
    with pytest.raises(MalformedStanding):
        standing_of(data)
