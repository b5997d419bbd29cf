"""The README's picture: the graph of the first example with its flow, and a dot that travels along it."""

from __future__ import annotations

import re

from deck.drawing import PAPER, TAINTED
from deck.examples import ROOT
from deck.figures import drawn_flow

PICTURE = ROOT / "docs" / "upload-chain.svg"
_WAY = re.compile(rf'<path d="M(\d+) (\d+)L(\d+) (\d+)" fill="none" stroke="{TAINTED}"')
_SECONDS_A_HOP = 1


def travelling() -> str:
    """The picture as SVG. The dot is hidden from whoever asks for less motion."""
    svg = drawn_flow()
    hops = sorted(tuple(map(int, way)) for way in _WAY.findall(svg))
    (x, y, *_), *_ = hops
    corners = "".join(f"L{x1} {y1}L{x2} {y2}" for x1, y1, x2, y2 in hops)
    style = "<style>@media (prefers-reduced-motion: reduce) { circle { display: none } }</style>"
    motion = f'<animateMotion dur="{_SECONDS_A_HOP * len(hops)}s" repeatCount="indefinite" path="M{x} {y}{corners}"/>'
    dot = f'<circle r="14" fill="{TAINTED}" stroke="{PAPER}" stroke-width="4">{motion}</circle>'
    back = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return svg.replace("<defs>", f"{style}\n{back}\n<defs>", 1).replace("</svg>", f"{dot}\n</svg>")
