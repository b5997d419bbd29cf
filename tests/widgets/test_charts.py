"""Bars with their numbers, in HTML and in a terminal."""

from __future__ import annotations

import pytest

from sls_lab.widgets import chart


def test_the_greatest_number_has_the_longest_bar_and_each_number_is_written() -> None:
    shown = chart("Mistakes", ("false <i>", "missed"), [("all known", (0, 1)), ("<b>none", (4, 2))])
    assert repr(shown).splitlines() == [
        "Mistakes",
        "all known  false <i>  0",
        "           missed     ▒▒▒▒▒▒▒▒▒▒ 1",
        "<b>none    false <i>  " + 40 * "█" + " 4",
        "           missed     " + 20 * "▒" + " 2",
    ]
    page = shown._repr_html_()
    assert '<th scope="rowgroup" rowspan="2">&lt;b&gt;none</th><td>false &lt;i&gt;</td><td>4</td>' in page
    assert [width in page for width in ("size: 100.0%", "size: 50.0%", "size: 25.0%", "size: 0.0%")] == [True] * 4


def test_a_chart_of_nothing_has_no_bars() -> None:
    assert repr(chart("Nothing", ("false",), [])) == "Nothing"
    assert repr(chart("Nothing", ("false",), [("all", (0,))])).endswith("all  false  0")


@pytest.mark.parametrize("numbers", [(1,), (1, 2, 3), (1, -1)])
def test_a_row_that_cannot_be_drawn_is_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="each row needs 2 numbers"):
        chart("Mistakes", ("false", "missed"), [("all", numbers)])
