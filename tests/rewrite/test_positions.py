"""Edits applied to a text, and the way back from every place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Offsets, Span
from sls_lab.rewrite import Edit, Origin, PositionMap

TEXT = "a = 1\nput(key)\nb = 2\n"


def insertion(text: str, line: int, column: int, origins: tuple[Origin, ...] = ()) -> Edit:
    return Edit(
        "event-object", Span("f.py", line, column, line, column), text, Span("f.py", 2, 0, 2, 8), (), None, origins
    )


def test_text_before_and_behind_an_insertion_keeps_its_place() -> None:
    positions = PositionMap("f.py", TEXT, [insertion("\nevent = key", 2, 8)])
    assert positions.text == "a = 1\nput(key)\nevent = key\nb = 2\n"
    assert positions.origin(0, 5) == Span("f.py", 1, 0, 1, 5)
    start = positions.text.index("b = 2")
    assert positions.origin(start, start + 5) == Span("f.py", 3, 0, 3, 5)
    assert positions.edit_at(start) is None


def test_inserted_text_comes_from_the_smallest_repeated_expression() -> None:
    key = Origin(9, 12, Span("f.py", 2, 4, 2, 7))
    positions = PositionMap(
        "f.py", TEXT, [insertion("\nevent = key", 2, 8, (Origin(0, 12, Span("f.py", 2, 0, 2, 8)), key))]
    )
    at = positions.text.index("= key") + 2
    assert positions.origin(at, at + 3) == key.span
    assert positions.origin(at - 2, at + 3) == Span("f.py", 2, 0, 2, 8)


def test_inserted_text_that_repeats_nothing_comes_from_what_the_edit_is_about() -> None:
    positions = PositionMap("f.py", TEXT, [insertion("\nhandler(event, None)", 2, 8)])
    at = positions.text.index("handler")
    assert positions.origin(at, at + 7) == Span("f.py", 2, 0, 2, 8)
    edit = positions.edit_at(at)
    assert edit is not None and "handler" in edit.text


def test_what_begins_with_text_around_an_expression_begins_with_the_expression() -> None:
    key = Span("f.py", 2, 4, 2, 7)
    edits = [
        Edit("type-annotation", Span("f.py", 2, column, 2, column), text, key, ())
        for column, text in ((4, "cast(T, "), (7, ")"))
    ]
    positions = PositionMap("f.py", TEXT, edits)
    at = positions.text.index("cast")
    assert positions.origin(at, at + len("cast(T, key)")) == key
    assert positions.origin(at, at + len("cast(T, key))")) == Span("f.py", 2, 4, 2, 8)


def test_edits_at_one_place_stay_in_the_order_given() -> None:
    positions = PositionMap("f.py", TEXT, [insertion("\none()", 2, 8), insertion("\ntwo()", 2, 8)])
    assert "put(key)\none()\ntwo()\nb = 2" in positions.text


def test_a_replacement_is_mapped_to_what_it_replaced() -> None:
    place = Span("f.py", 2, 4, 2, 7)
    positions = PositionMap("f.py", TEXT, [Edit("store-propagation", place, "path", place, ())])
    assert positions.text == "a = 1\nput(path)\nb = 2\n"
    at = positions.text.index("path")
    assert positions.origin(at, at + 4) == place


@given(
    st.text(alphabet="ab\n\r ä𝄞\t", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.text(alphabet="XY\n", max_size=5)), max_size=5),
)
def test_every_original_character_is_found_again(text: str, inserts: list[tuple[int, str]]) -> None:
    """Law: a character that was not inserted comes from the place at which it stands in the original."""
    offsets = Offsets(text)
    edits = []
    for offset, inserted in inserts:
        place = offsets.place(min(offset, len(text)))
        edits.append(Edit("import", Span("f", *place, *place), inserted, Span("f", 1, 0, 1, 0), ()))
    positions = PositionMap("f", text, edits)
    kept = [index for index in range(len(positions.text)) if positions.edit_at(index) is None]
    assert "".join(positions.text[index] for index in kept) == text
    for number, index in enumerate(kept):
        assert positions.origin(index, index).line == offsets.place(number)[0]
        assert positions.origin(index, index).column == offsets.place(number)[1]
