"""The palette: what is written on what can be read in both themes, and every meaning has a look of its own."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from sls_lab.report import palette
from sls_lab.report.summary import OutcomeKind
from sls_lab.report.web_page import web_page
from sls_lab.taint.model import StepRole
from sls_lab.widgets.assets import styles

THEMES = {"light": palette.LIGHT, "dark": palette.DARK}


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_extremes_have_the_contrast_that_the_definition_gives() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
def test_code_and_meanings_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    pairs = {(colour, ground) for colour in palette.TOKENS.values() for ground in palette.GROUNDS}
    pairs |= {("text", ground) for ground in (*palette.GROUNDS, *palette.GROUND_OF.values())}
    for meaning in (*palette.MEANINGS.values(), *palette.ANSWERS.values()):
        pairs |= {(meaning.colour, meaning.ground), (meaning.colour, "page"), (meaning.colour, "panel")}
    low = {pair: found for pair in pairs if (found := contrast(colours[pair[0]], colours[pair[1]])) < 4.5}
    assert low == {}


def test_meanings_differ_by_shape_and_word_and_colour() -> None:
    for told in ({one.shape for one in palette.MEANINGS.values()}, {one.word for one in palette.MEANINGS.values()}):
        assert len(told) == len(palette.MEANINGS)
    assert len({one.colour for one in palette.MEANINGS.values()}) == len(palette.MEANINGS)


def test_every_role_and_every_answer_has_a_meaning() -> None:
    assert set(palette.ROLES) == set(get_args(StepRole))
    assert set(palette.ANSWERS) == set(get_args(OutcomeKind))


@pytest.mark.parametrize("style", [styles(), web_page("x", "y")], ids=["widgets", "pages"])
def test_style_sheets_have_no_colour_but_those_of_the_palette(style: str) -> None:
    known = {value for colours in THEMES.values() for value in colours.values()}
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", style)) == known
    used = set(re.findall(r"var\(--sls-([a-z-]+)", style))
    declared = set(re.findall(r"--sls-([a-z-]+):", style))
    # The scripts of the widgets set these.
    assert used - declared <= {"scrolled", "first", "lines", "width"}
