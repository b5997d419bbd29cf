from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from sls_lab.report.layout import Box, lay_out

NAMES = [f"n{number}" for number in range(9)]
ENDS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
ARROWS = st.lists(ENDS, max_size=20)
SIZES = {name: (60.0 + 7 * number, 30.0) for number, name in enumerate(NAMES)}


def apart(first: Box, second: Box) -> bool:
    return (
        first.x + first.width <= second.x
        or second.x + second.width <= first.x
        or first.y + first.height <= second.y
        or second.y + second.height <= first.y
    )


@given(ARROWS)
def test_no_two_boxes_overlap_and_all_are_inside(arrows: list[tuple[str, str]]) -> None:
    layout = lay_out(SIZES, arrows)
    assert set(layout.boxes) == set(NAMES)
    for first, second in combinations(layout.boxes.values(), 2):
        assert apart(first, second)
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width + 0.01
        assert box.y + box.height <= layout.height + 0.01


@given(ARROWS)
def test_without_cycles_every_arrow_leads_to_the_right(arrows: list[tuple[str, str]]) -> None:
    forward = [(source, target) for source, target in arrows if source < target]
    boxes = lay_out(SIZES, forward).boxes
    for source, target in forward:
        assert boxes[source].x + boxes[source].width < boxes[target].x


@given(ARROWS)
def test_every_arrow_has_its_bends_in_its_direction(arrows: list[tuple[str, str]]) -> None:
    layout = lay_out(SIZES, arrows)
    assert set(layout.bends) == set(arrows)
    for (source, target), points in layout.bends.items():
        xs = [layout.boxes[source].x, *(x for x, _ in points), layout.boxes[target].x]
        assert xs == sorted(xs, reverse=xs[0] > xs[-1])


def test_a_large_graph_takes_no_recursion() -> None:
    names = [f"n{number}" for number in range(3000)]
    layout = lay_out(dict.fromkeys(names, (10.0, 10.0)), list(pairwise(names)))
    assert len(layout.boxes) == 3000
