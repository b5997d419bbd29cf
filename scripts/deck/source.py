"""A deck's source: Markdown for Marp, slides between lines of three dashes, notes in comments.

A note begins with its minutes (`2 min`, `0.5 min`). Blocks whose first line says where their text comes from, and the
pictures in `figures`, are generated: `refreshed` writes them anew, `assembled` makes of them what Marp is given. A line
`{occasion}` becomes what `occasion.yml` says of speaker, event and licence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from deck.examples import ROOT
from deck.figures import FIGURES
from deck.occasion import occasion_html, read_occasion
from deck.parts import is_generated, is_live, part, written
from deck.render import code_html, figure_html

FOLDER = ROOT / "slides"
DECKS = ("talk.md", "what-next.md")
FENCE = re.compile(r"^```(?P<info>\w[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"^!\[(?P<alt>[^\]\n]*)\]\(figures/(?P<name>[^)\n]+)\)$", re.MULTILINE)
OCCASION = re.compile(r"^\{occasion\}$", re.MULTILINE)
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_MINUTES = re.compile(r"\s*(\d+(?:\.5)?) min\b")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_SPLIT = re.compile(r"(?ms)^```\w.*?^```$|<!--.*?-->|^(?P<rule>---)$")


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: `text` is its source, `notes` what the speaker reads, `minutes` how long it is shown."""

    number: int
    text: str
    notes: tuple[str, ...]
    minutes: float | None

    @property
    def shown(self) -> str:
        """The source without comments."""
        return COMMENT.sub("", self.text)


def slides(text: str) -> list[Slide]:
    """The slides of a deck. Comments such as `_class: title` are settings of Marp's, all others are notes."""
    body = _FRONT.sub("", text)
    cuts = [match.span() for match in _SPLIT.finditer(body) if match["rule"]]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(body)]
    found = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        piece = body[start:end]
        notes = tuple(note.strip() for note in COMMENT.findall(piece) if not re.match(r"\s*_\w+:", note))
        told = _MINUTES.match(notes[0]) if notes else None
        found.append(Slide(number, piece, notes, float(told[1]) if told else None))
    return found


def refreshed(text: str, *, live: bool = True) -> str:
    """The deck with its generated blocks as they are today; without `live`, those that need Pysa stay as they are."""

    def block(match: re.Match[str]) -> str:
        info = match["info"]
        if not is_generated(info) or (is_live(info) and not live):
            return match[0]
        return f"```{info}\n{written(info)}```"

    return FENCE.sub(block, text)


def assembled(text: str, folder: Path = FOLDER) -> str:
    """The deck as Marp is given it: pictures stand in the page itself, and blocks have their lines marked."""

    numbers = count(1)

    def picture(match: re.Match[str]) -> str:
        # An arrow has no head where the first of several heads of its name is on a page that is hidden.
        svg = (folder / "figures" / match["name"]).read_text(encoding="utf-8")
        unique = re.sub(r'(?<=id=")head-|(?<=url\(#)head-', f"head-{next(numbers)}-", svg)
        return figure_html(unique, match["alt"], corner=match["name"].startswith("here-"))

    def block(match: re.Match[str]) -> str:
        return code_html(part(match["info"], match["body"]))

    text = OCCASION.sub(lambda _: occasion_html(read_occasion(folder / "occasion.yml"), folder), text)
    return PICTURE.sub(picture, FENCE.sub(block, text))


def drawn(name: str) -> str:
    """A figure as it is today."""
    return FIGURES[name].draw()


def refresh(folder: Path = FOLDER) -> list[str]:
    """Write all generated parts anew; the names of the files that changed."""
    wanted = {folder / "figures" / name: drawn(name) for name in FIGURES}
    wanted |= {folder / name: refreshed((folder / name).read_text(encoding="utf-8")) for name in DECKS}
    changed = []
    for file, text in wanted.items():
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            changed.append(str(file.relative_to(folder)))
    return changed
