from __future__ import annotations

from sls_lab.exercises import lessons
from sls_lab.room.figures import hurdles, places
from sls_lab.room.folder import Refusal
from sls_lab.room.page import room_now, room_page
from sls_lab.room.standing import Standing, Tried

FIRST, SECOND = lessons()[0].exercises[0].id, lessons()[1].exercises[0].id


def learner(nickname: str, hand: bool = False, **tried: tuple[int, bool]) -> Standing:
    ids = {"first": FIRST, "second": SECOND}
    done = {ids[name]: Tried(attempts, 0, passed) for name, (attempts, passed) in tried.items()}
    return Standing(nickname, "0" * 32, 1, done, {"00": 9}, next(reversed(done), ""), hand)


CLASS = [
    learner("Ada", first=(1, True), second=(4, False)),
    learner("Bob", hand=True, first=(2, False)),
    learner("Eve", second=(2, False)),
]


def test_where_most_are_stuck_comes_first() -> None:
    found = hurdles(lessons(), CLASS)
    assert [(one.exercise.id, one.stuck, one.passed, one.attempts) for one in found] == [
        (SECOND, 2, 0, 6),
        (FIRST, 1, 1, 2),
    ]


def test_where_they_are() -> None:
    assert places(lessons(), CLASS) == {lessons()[0].number: 1, lessons()[1].number: 2}


def test_the_page_shows_hands_and_everybody() -> None:
    page = room_page(lessons(), CLASS, [])
    assert "<strong>Hands up:</strong> Bob" in page
    assert page.index("Hands up") < page.index("Where most are stuck") < page.index("The class")
    assert all(one.nickname in page for one in CLASS)
    assert "4 tries" in page


def test_an_empty_room_says_so() -> None:
    assert "Nobody has joined yet" in room_now(lessons(), [], [])


def test_what_does_not_count_is_listed_with_the_reason() -> None:
    assert "<code>x.json</code>: forged &lt;b&gt;" in room_now(lessons(), CLASS, [Refusal("x.json", "forged <b>")])
