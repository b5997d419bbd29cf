"""Every slide has its notes, every figure its words, and the talk its thirty minutes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from deck.figures import FIGURES
from deck.occasion import read_occasion
from deck.source import DECKS, FENCE, FOLDER, PICTURE, Slide, assembled, slides

import slides as build

PAGES = [(deck, page) for deck in DECKS for page in slides((FOLDER / deck).read_text(encoding="utf-8"))]
NAMES = [f"{deck}-{page.number}" for deck, page in PAGES]
EVERY_PAGE = pytest.mark.parametrize("page", [page for _, page in PAGES], ids=NAMES)
FORBIDDEN = re.compile(r"\b(?:simply|just|obvious(?:ly)?|easy|easily|of course|trivial(?:ly)?)\b", re.IGNORECASE)
# Other words for what the glossary has a word for.
OTHER_TERMS = re.compile(r"\b(?:sanitizer|payload|entry ?point|lambdas?|data ?flow|stack trace|CFN)\b", re.IGNORECASE)
REMOTE = re.compile(
    r"""(?:src|href|data|poster|srcset)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import"""
)
MOST_WORDS = 60


@pytest.mark.parametrize(("deck", "minutes"), [("talk.md", 30), ("what-next.md", 5)])
def test_the_minutes_add_up(deck: str, minutes: float) -> None:
    assert sum(page.minutes or 0 for name, page in PAGES if name == deck) == minutes


def test_the_notes_of_the_talk_fill_its_time() -> None:
    words = sum(len(note.split()) for deck, page in PAGES if deck == "talk.md" for note in page.notes)
    assert 2600 <= words <= 4000, "at 140 words a minute, with votes and a demonstration"


def test_the_occasion_is_shown_where_it_is_filled_in(tmp_path: Path) -> None:
    (tmp_path / "qr.svg").write_text('<?xml version="1.0"?>\n<svg viewBox="0 0 2 2">\n<path d="M0 0h1v1z"/></svg>')
    file = tmp_path / "occasion.yml"
    file.write_text('speaker: "A <b>"\nevent: ""\ncode: "qr.svg"\n')
    text = assembled("# Title\n\n{occasion}\n", tmp_path)
    assert '<div class="occasion"><figure class="qr"><svg viewBox' in text
    assert "<p>A &lt;b&gt;</p>" in text
    file.write_text('event: "A conference"\n')
    assert '<p class="occasion">A conference</p>' in assembled("{occasion}", tmp_path)


@pytest.mark.parametrize("entry", ["speakr: 'A'", "speaker: 3", "code: 'missing.svg'"])
def test_a_mistake_in_the_occasion_is_named(entry: str, tmp_path: Path) -> None:
    (tmp_path / "occasion.yml").write_text(entry)
    with pytest.raises(ValueError, match=r"occasion\.yml: (speakr|speaker|code): "):
        assembled("{occasion}", tmp_path)


def test_nobody_is_named_in_the_occasion_that_is_kept() -> None:
    assert set(read_occasion(FOLDER / "occasion.yml")) == {"licence"}


@pytest.mark.parametrize("deck", DECKS)
def test_the_dark_deck_differs_by_its_theme_alone(deck: str) -> None:
    text = assembled((FOLDER / deck).read_text(encoding="utf-8"))
    assert build.dark(text).replace("sls-lab-dark", "sls-lab") == text
    assert build.dark(text) != text


def test_each_colour_of_a_picture_has_a_dark_one() -> None:
    rules = (FOLDER / "dark.css").read_text(encoding="utf-8")
    for name in FIGURES:
        svg = (FOLDER / "figures" / name).read_text(encoding="utf-8")
        for use in set(re.findall(r'(?:fill|stroke)="#[0-9a-f]+"', svg)):
            assert f"[{use}]" in rules, f"{name}: {use}"


@EVERY_PAGE
def test_every_slide_has_notes_that_begin_with_its_minutes(page: Slide) -> None:
    (note,) = page.notes
    assert page.minutes
    assert page.minutes <= 2, "a slide that stands for longer is two slides"
    assert len(note.split()) > 12
    # Marp takes what reads as `name: value` for settings, and shows no note.
    assert not re.match(r"\w+:", note)


@EVERY_PAGE
def test_every_slide_has_one_heading_and_few_words(page: Slide) -> None:
    shown = PICTURE.sub("", FENCE.sub("", page.shown))
    assert len(re.findall(r"^##? ", shown, re.MULTILINE)) == 1
    assert len(re.sub(r"\||-{3,}", " ", shown).split()) <= MOST_WORDS


@EVERY_PAGE
def test_every_figure_says_in_words_what_it_shows(page: Slide) -> None:
    assert page.text.count("![") == len(PICTURE.findall(page.text)), "a picture stands on a line of its own"
    for alt, _ in PICTURE.findall(page.text):
        assert len(alt.split()) > 7


@EVERY_PAGE
def test_the_words_are_those_of_the_glossary(page: Slide) -> None:
    # The words of an application and the titles of papers are others'.
    text = re.sub(r"(?<!\*)\*[^*\n]+\*(?!\*)", "", FENCE.sub("", page.text))
    assert not FORBIDDEN.findall(text)
    assert not OTHER_TERMS.findall(text)


def test_the_audience_predicts() -> None:
    predicting = [page.number for deck, page in PAGES if deck == "talk.md" and "predict" in page.text]
    assert len(predicting) >= 4


@pytest.mark.parametrize("text", ["<img src='https://a.example/x.png'>", "a { background: url(//a.example/x) }"])
def test_an_address_that_would_be_fetched_is_found(text: str) -> None:
    assert REMOTE.search(text)


@pytest.mark.parametrize("deck", DECKS)
def test_nothing_is_fetched_when_a_deck_is_shown(deck: str) -> None:
    text = assembled((FOLDER / deck).read_text(encoding="utf-8"))
    assert not REMOTE.search(text)
    assert not re.search(r"!?\]\((?:https?:)?//", text)
    assert not REMOTE.search((FOLDER / "theme.css").read_text(encoding="utf-8"))


@pytest.mark.parametrize("deck", DECKS)
def test_an_assembled_deck_holds_no_block_and_no_file_of_its_source(deck: str) -> None:
    text = assembled((FOLDER / deck).read_text(encoding="utf-8"))
    assert "```" not in text
    assert "](figures/" not in text
    assert len(slides(text)) == sum(name == deck for name, _ in PAGES)


def test_code_with_markup_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    text = assembled("```text\n<script>alert(1)</script> & more\n\n```\n", tmp_path)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert "\n\n" not in text, "an empty line would end the block"


def test_the_text_of_a_picture_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "x.svg").write_text('<svg role="img">\n<title>x</title>\n</svg>\n')
    text = assembled('![a "quoted" <word>](figures/x.svg)', tmp_path)
    assert 'aria-label="a &quot;quoted&quot; &lt;word&gt;"' in text


def test_marp_is_pinned_and_nothing_of_it_is_fetched_at_view_time() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text())["devDependencies"]
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in package for name, package in locked.items() if name)
    options = json.loads((FOLDER / "marp.config.json").read_text())["options"]
    assert options["emoji"] == {"shortcode": False, "unicode": False}
    assert options["math"] is False
