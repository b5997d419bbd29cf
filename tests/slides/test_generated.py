"""What the slides show is what the analyser computes. `pytest --golden` writes it anew."""

from __future__ import annotations

import ast
import json
import re
from xml.etree import ElementTree

import pytest
from deck import travelling
from deck.drawing import SMALLEST
from deck.examples import APPS, measured, traced
from deck.figures import FIGURES
from deck.parts import part, written
from deck.source import DECKS, FOLDER, PICTURE, drawn, refreshed

from sls_lab.report.palette import DARK, LIGHT, TOKENS, Colour, Palette

TEXTS = {name: (FOLDER / name).read_text(encoding="utf-8") for name in DECKS}
QUIET = [name for name, figure in FIGURES.items() if not figure.live]
LIVE = [name for name, figure in FIGURES.items() if figure.live]


def check_figure(name: str, request: pytest.FixtureRequest) -> None:
    file, today = FOLDER / "figures" / name, drawn(name)
    if request.config.getoption("--golden"):
        file.write_text(today, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == today, f"{name} is out of date: run pytest with --golden"


def check_deck(name: str, request: pytest.FixtureRequest, *, live: bool) -> None:
    file = FOLDER / name
    text = file.read_text(encoding="utf-8")
    today = refreshed(text, live=live)
    if request.config.getoption("--golden"):
        file.write_text(today, encoding="utf-8", newline="\n")
        text = today
    assert text == today, f"{name} is out of date: run pytest with --golden"


@pytest.mark.parametrize("name", QUIET)
def test_a_figure_is_as_the_analyser_draws_it(name: str, request: pytest.FixtureRequest) -> None:
    check_figure(name, request)


@pytest.mark.live
@pytest.mark.parametrize("name", LIVE)
def test_a_figure_with_flows_is_as_the_analyser_draws_it(name: str, request: pytest.FixtureRequest) -> None:
    check_figure(name, request)


@pytest.mark.live
def test_the_picture_of_the_readme_is_as_of_today(request: pytest.FixtureRequest) -> None:
    today = travelling.travelling()
    if request.config.getoption("--golden"):
        travelling.PICTURE.write_text(today, encoding="utf-8", newline="\n")
    assert travelling.PICTURE.read_text(encoding="utf-8") == today, "run pytest with --golden"


def test_the_dot_travels_from_the_source_to_the_sink_by_each_hop() -> None:
    root = ElementTree.fromstring(travelling.PICTURE.read_text(encoding="utf-8"))
    (motion,) = root.iter("{http://www.w3.org/2000/svg}animateMotion")
    corners = [float(corner.split()[0]) for corner in motion.attrib["path"][1:].split("L")]
    assert corners == sorted(corners)
    assert len(corners) == 1 + 2 * 6, "three events, each to a resource and from there to a handler"
    assert "prefers-reduced-motion" in travelling.PICTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DECKS)
def test_the_blocks_of_a_deck_are_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    check_deck(name, request, live=False)


@pytest.mark.live
@pytest.mark.parametrize("name", DECKS)
def test_the_blocks_with_flows_are_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    check_deck(name, request, live=True)


def test_a_block_that_is_out_of_date_is_written_anew() -> None:
    info = "python from=upload-chain/handlers/store.py lines=12"
    assert refreshed(f"```{info}\nold\n```\n") == f"```{info}\ndef handler(event, context):\n```\n"


def test_a_block_that_needs_pysa_is_left_as_it_is_without() -> None:
    text = "```text trace=upload-chain\nold\n```\n"
    assert refreshed(text, live=False) == text


def test_lines_that_are_not_there_are_an_error() -> None:
    with pytest.raises(ValueError, match="no such lines to show"):
        written("python from=upload-chain/handlers/store.py lines=12,9000")


def test_to_mark_lines_that_are_not_shown_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such lines to mark"):
        part("python from=upload-chain/handlers/store.py lines=12 mark=13", "def handler(event, context):\n")


def test_the_lines_of_a_file_keep_their_numbers() -> None:
    shown = part("yaml from=upload-chain/serverless.yml lines=1,17-18 mark=17", "a\nb\nc\n")
    assert shown.lines == ((1, "a"), (17, "b"), (18, "c"))
    assert shown.marked == {17}
    assert (shown.caption, shown.numbered) == ("serverless.yml", True)


def test_every_figure_is_shown_and_every_shown_figure_exists() -> None:
    shown = {match["name"] for text in TEXTS.values() for match in PICTURE.finditer(text)}
    assert shown == {*FIGURES} == {file.name for file in (FOLDER / "figures").iterdir()}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_readable_from_the_last_row_and_stays_in_its_frame(name: str) -> None:
    root = ElementTree.fromstring((FOLDER / "figures" / name).read_text(encoding="utf-8"))
    words = root.findall("{http://www.w3.org/2000/svg}text")
    assert words
    for one in words:
        assert float(one.attrib["font-size"]) >= SMALLEST, one.text
        assert 0 < float(one.attrib["y"]) <= float(root.attrib["height"]), one.text
        assert 0 <= float(one.attrib["x"]) <= float(root.attrib["width"]), one.text


@pytest.mark.live
def test_the_handlers_of_the_first_example_have_no_flow_alone() -> None:
    report = traced("upload-chain").raw_flows
    assert (report.analysed, report.flows, dict(report.unseen)) == ("live", (), {})


@pytest.mark.live
def test_the_measured_figures_are_possible() -> None:
    figures = measured()
    assert 0 <= figures.alone.across < figures.linked.across <= figures.expected.across
    assert figures.alone.flows < figures.linked.flows <= figures.expected.flows


def test_the_shell_is_given_what_the_slide_says() -> None:
    """Put the request's title through the two texts that are formatted on its way."""
    readme = (APPS / "upload-chain" / "README.md").read_text(encoding="utf-8")
    title = json.loads(next(line for line in readme.splitlines() if line.startswith("{")))["title"]
    key = filled(formatted("store.py", "incoming/"), title)
    command = filled(formatted("convert.py", "aws s3 cp 's3"), "BUCKET", key)
    assert f"\n{command}\n" in TEXTS["talk.md"]


def formatted(file: str, beginning: str) -> ast.JoinedStr:
    """The f-string of a handler that begins with this text."""
    tree = ast.parse((APPS / "upload-chain" / "handlers" / file).read_text(encoding="utf-8"))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    return next(text for text in texts if filled(text, *"????").startswith(beginning))


def filled(text: ast.JoinedStr, *values: str) -> str:
    """An f-string with these values in the order of its holes."""
    rest = iter(values)
    return "".join(str(piece.value) if isinstance(piece, ast.Constant) else next(rest) for piece in text.values)


@pytest.mark.parametrize(("sheet", "colours"), [("theme.css", LIGHT), ("dark.css", DARK)])
def test_the_themes_have_the_colours_of_the_palette(sheet: str, colours: Palette) -> None:
    text = (FOLDER / sheet).read_text(encoding="utf-8")
    declared = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))
    same: dict[str, Colour] = {"ink": "text", "quiet": "faint", "accent": "accent", "warm": "danger", "paper": "page"}
    same |= {"added": "good-page", "added-bar": "good", "removed": "danger-page", "side": "accent-page"}
    same |= {token: TOKENS[token] for token in TOKENS}
    assert {name: declared[name] for name in same} == {name: colours[colour] for name, colour in same.items()}


def test_every_colour_of_a_picture_has_its_counterpart_in_the_dark_theme() -> None:
    dark = (FOLDER / "dark.css").read_text(encoding="utf-8")
    for file in sorted((FOLDER / "figures").glob("*.svg")):
        for attribute, colour in set(re.findall(r'(fill|stroke)="(#[0-9a-f]{6})"', file.read_text(encoding="utf-8"))):
            name = next(name for name, value in LIGHT.items() if value == colour)
            assert f'[{attribute}="{colour}"] {{ {attribute}: {DARK[name]}; }}' in dark, (file.name, name)
