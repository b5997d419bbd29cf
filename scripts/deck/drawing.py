"""Pictures for slides: shapes and words in SVG, large enough for the last row.

Lengths are pixels of a slide of 1280 by 720. All words are escaped. Colours stand in attributes, not in a style sheet,
so that a picture looks the same on a page, in a deck, and by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from sls_lab.report.palette import LIGHT, MEANINGS

# 18 points of print: a slide is 1280 pixels or 960 points wide.
SMALLEST = 24
WIDTH = 1152
LINE = 1.25
SANS = "system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif"
INK, QUIET, RED, PAPER = LIGHT["text"], LIGHT["faint"], LIGHT["danger"], LIGHT["page"]
TAINTED = LIGHT[MEANINGS["tainted"].colour]

Kind = Literal["handler", "public", "resource", "plain"]
Anchor = Literal["start", "middle", "end"]
_COLOURS: dict[Kind, tuple[str, str]] = {
    "handler": (LIGHT["accent-page"], LIGHT["accent"]),
    "public": (LIGHT["danger-page"], RED),
    "resource": (LIGHT["good-page"], LIGHT["good"]),
    "plain": (LIGHT["faint-page"], QUIET),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The place of its vertical axis."""
        return self.x + self.width / 2

    @property
    def centre(self) -> float:
        """The height of its horizontal axis."""
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """The height of its lower side."""
        return self.y + self.height


@dataclass
class Canvas:
    """A picture that grows by what is drawn on it, later things above earlier ones."""

    title: str
    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def box(self, box: Box, lines: Sequence[str], kind: Kind, *, strong: bool = False, size: float = SMALLEST) -> None:
        """A box with words in it, the first line in bold."""
        fill, stroke = _COLOURS[kind]
        place = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="12"'
        self.parts.append(f'<rect {place} fill="{fill}" stroke="{stroke}" stroke-width="{_pen(strong)}"/>')
        self._words_in(box, lines, 0, size)

    def cylinder(self, box: Box, lines: Sequence[str], *, strong: bool = False, size: float = SMALLEST) -> None:
        """What keeps data: a bucket, a queue, a table."""
        fill, stroke = _COLOURS["resource"]
        x, y, w, h, lid = box.x, box.y, box.width, box.height, 12
        side = f"M{x:.0f} {y + lid:.0f}v{h - 2 * lid:.0f}a{w / 2:.0f} {lid} 0 0 0 {w:.0f} 0v{2 * lid - h:.0f}"
        top = f"a{w / 2:.0f} {lid} 0 0 0 {-w:.0f} 0a{w / 2:.0f} {lid} 0 0 0 {w:.0f} 0"
        self.parts.append(f'<path d="{side}{top}" fill="{fill}" stroke="{stroke}" stroke-width="{_pen(strong)}"/>')
        self._words_in(box, lines, lid * 0.8, size)

    def arrow(self, path: str, *, colour: str = INK, width: float = 3) -> None:
        """A line with a head at its end; `path` is SVG path data."""
        head = f'marker-end="url(#{self._head(colour)})"'
        self.parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" {head}/>')

    def line(self, path: str, *, dotted: bool = False) -> None:
        """A line without a head."""
        dots = ' stroke-dasharray="1 9" stroke-linecap="round"' if dotted else ""
        self.parts.append(f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="{4 if dotted else 2}"{dots}/>')

    def bar(self, box: Box, colour: str) -> None:
        """A filled rectangle without words."""
        place = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="6"'
        self.parts.append(f'<rect {place} fill="{colour}"/>')

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SMALLEST,
        colour: str = INK,
        anchor: Anchor = "middle",
        bold: bool = False,
    ) -> None:
        """One line of text on the base line `y`, with a rim that keeps it readable above a line."""
        weight = ' font-weight="700"' if bold else ""
        rim = f'stroke="{PAPER}" stroke-width="8" paint-order="stroke" stroke-linejoin="round"'
        self.parts.append(
            f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}" {rim}{weight}>'
            f"{escape(text, quote=False)}</text>"
        )

    def plain_words(self, x: float, y: float, text: str, *, colour: str = INK, bold: bool = False) -> None:
        """One line of text of the smallest size without a rim, from `x` to the right: on a bar."""
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{x:.0f}" y="{y:.0f}" font-size="{SMALLEST}" fill="{colour}"{weight}>'
            f"{escape(text, quote=False)}</text>"
        )

    def svg(self) -> str:
        """The whole picture: one line for each shape, none of them empty."""
        heads = "".join(
            f'<marker id="{self._head(colour)}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" '
            f'markerWidth="20" markerHeight="20" orient="auto-start-reverse">'
            f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
            for colour in (INK, QUIET, RED, TAINTED)
        )
        size = f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" width="{self.width:.0f}" height="{self.height:.0f}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{SANS}">',
                f"<title>{escape(self.title, quote=False)}</title>",
                f"<defs>{heads}</defs>",
                *self.parts,
                "</svg>\n",
            ]
        )

    def _head(self, colour: str) -> str:
        """The name of a colour's arrow head; heads of the same colour in one page are alike, so they may share it."""
        return f"head-{colour.removeprefix('#')}"

    def _words_in(self, box: Box, lines: Sequence[str], drop: float, size: float) -> None:
        step = size * LINE
        top = box.centre + drop - (len(lines) - 1) * step / 2 + size * 0.36
        for number, text in enumerate(lines):
            bold = ' font-weight="700"' if number == 0 else ""
            self.parts.append(
                f'<text x="{box.middle:.0f}" y="{top + number * step:.0f}" font-size="{size:g}" fill="{INK}" '
                f'text-anchor="middle"{bold}>{escape(text, quote=False)}</text>'
            )


def _pen(strong: bool) -> int:
    return 5 if strong else 2
