"""The event graph as an SVG picture, drawn here: no program and no font has to be installed for it."""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import pairwise
from typing import Final

from sls_lab.report.display import cells
from sls_lab.report.graph import Arrow, Graph, GraphNode
from sls_lab.report.layout import Box, GraphLayout, Point, lay_out
from sls_lab.report.palette import DARK, LIGHT, Colour, Palette

_LINE = 15.0
_MARGIN = 16.0
# Generous for a sans-serif font of 12 pixels: labels must stay inside whatever font the reader has.
_CELL = 7.2
_SMALL_CELL = 6.0


def _style(palette: Palette) -> str:
    """How the kinds of nodes and arrows look. The colours are written out: many programs that show SVG know no
    variables.
    """
    shapes: tuple[tuple[str, Colour, Colour], ...] = (
        ("handler", "accent-page", "accent"),
        ("public", "danger-page", "danger"),
        ("outside", "faint-page", "faint"),
        ("unknown", "faint-page", "faint"),
        ("resource", "good-page", "good"),
        ("unseen", "page", "danger"),
    )
    rules = [
        f".sls-graph .{kind} .shape {{ fill: {palette[fill]}; stroke: {palette[stroke]}; }}"
        for kind, fill, stroke in shapes
    ]
    rules += [
        f".sls-graph text {{ fill: {palette['text']}; }}",
        f".sls-graph .label {{ stroke: {palette['page']}; }}",
        f".sls-graph .arrow {{ stroke: {palette['text']}; }}",
        f".sls-graph .head {{ fill: {palette['text']}; }}",
        f".sls-graph .failing .arrow {{ stroke: {palette['danger']}; }}",
        f".sls-graph .failing .label {{ fill: {palette['danger']}; }}",
    ]
    return "\n".join(rules)


STYLE: Final = f"""\
.sls-graph {{ font: 12px system-ui, sans-serif; }}
.sls-graph .label {{ font-size: 10px; paint-order: stroke; stroke-width: 4px; stroke-linejoin: round; }}
.sls-graph .shape {{ stroke-width: 1.3; }}
.sls-graph .unseen .shape {{ stroke-dasharray: 4 3; }}
.sls-graph .arrow {{ fill: none; stroke-width: 1.4; }}
.sls-graph .uncertain .arrow {{ stroke-dasharray: 7 4; }}
.sls-graph .failing .arrow {{ stroke-dasharray: 2 4; }}
{_style(LIGHT)}
@media (prefers-color-scheme: dark) {{
{_style(DARK)}
}}
"""


def as_svg(graph: Graph, *, name: str = "sls", styled: bool = True) -> str:
    """A whole SVG document, which may also be part of an HTML page, with a legend of its kinds of lines.

    `name` keeps ids apart where one page has several pictures; `styled=False` leaves out the style sheet, for a
    page that has it. All text is escaped.
    """
    sizes = {node.key: _size(node) for node in graph.nodes}
    labels: dict[tuple[str, str], float] = {}
    for arrow in graph.arrows:
        ends = (arrow.source, arrow.target)
        labels[ends] = max(labels.get(ends, 0.0), _widest(arrow.label, _SMALL_CELL))
    # Events that wake no handler come last, so that a cycle is broken at one of them where possible.
    placing = sorted(graph.arrows, key=lambda arrow: arrow.kind == "failing")
    layout = lay_out(sizes, [(arrow.source, arrow.target) for arrow in placing], labels)
    # Room for arrows from a node to itself, whose labels are drawn above it on the right.
    beside = max((width for (source, target), width in labels.items() if source == target), default=0.0)
    width, height = layout.width + 2 * _MARGIN + beside, layout.height + 2 * _MARGIN + 30
    shift = f"translate({_MARGIN:g} {_MARGIN + 24:g})"
    described = ". ".join(" ".join(_told(graph, arrow).split()) for arrow in graph.arrows)
    drawn: Counter[frozenset[str]] = Counter()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sls-graph" role="img" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'aria-labelledby="{name}-title {name}-text">',
        f'<title id="{name}-title">Events in {escape(graph.title)}</title>',
        f'<desc id="{name}-text">{escape(described or "No event reaches a handler")}.</desc>',
    ]
    if styled:
        parts.append(f"<style>\n{STYLE}</style>")
    parts.append(
        f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>'
    )
    parts.append(f'<g transform="{shift}">')
    for arrow in graph.arrows:
        pair = frozenset((arrow.source, arrow.target))
        parts.append(_draw_arrow(arrow, layout, name, drawn[pair]))
        drawn[pair] += 1
    parts.extend(_draw_node(node, layout.boxes[node.key]) for node in graph.nodes)
    parts.append("</g></svg>")
    return "\n".join(parts) + "\n"


def _told(graph: Graph, arrow: Arrow) -> str:
    labels = {node.key: node.name for node in graph.nodes}
    verb = {"certain": "to", "uncertain": "perhaps to", "failing": "not to"}[arrow.kind]
    return f"{labels[arrow.source]} {verb} {labels[arrow.target]} {arrow.label}"


def _size(node: GraphNode) -> tuple[float, float]:
    lines = node.label.count("\n") + 1
    tip = 16.0 if node.kind in {"public", "outside"} else 0.0
    return _widest(node.label, _CELL) + 20 + tip, lines * _LINE + (20 if node.kind == "resource" else 12)


def _widest(label: str, cell: float) -> float:
    return max(cells(line) for line in label.split("\n")) * cell


def _draw_node(node: GraphNode, box: Box) -> str:
    x, y, w, h = box.x, box.y, box.width, box.height
    match node.kind:
        case "public" | "outside":
            points = f"{x:.1f},{y:.1f} {x + w - 14:.1f},{y:.1f} {x + w:.1f},{y + h / 2:.1f}"
            points += f" {x + w - 14:.1f},{y + h:.1f} {x:.1f},{y + h:.1f}"
            shape = f'<polygon class="shape" points="{points}"/>'
        case "resource":
            body = f"M{x:.1f} {y + 6:.1f}v{h - 12:.1f}a{w / 2:.1f} 6 0 0 0 {w:.1f} 0v{12 - h:.1f}"
            lid = f"a{w / 2:.1f} 6 0 0 0 {-w:.1f} 0a{w / 2:.1f} 6 0 0 0 {w:.1f} 0"
            shape = f'<path class="shape" d="{body}{lid}"/>'
        case _:
            radius = 7 if node.kind == "handler" else min(w, h) / 2
            place = f'x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{radius:g}"'
            shape = f'<rect class="shape" {place}/>'
    kind = node.kind if node.analysed else "handler unseen"
    middle = x + (w - 14 if node.kind in {"public", "outside"} else w) / 2
    drop = 4.0 if node.kind == "resource" else 0.0
    return f'<g class="{kind}">{shape}{_text(node.label, middle, box.centre + drop, "", _LINE)}</g>'


def _text(label: str, x: float, y: float, attributes: str, line: float, anchor: str = "middle") -> str:
    lines = label.split("\n")
    top = y - (len(lines) - 1) * line / 2 + 4
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + number * line:.1f}">{escape(text)}</tspan>' for number, text in enumerate(lines)
    )
    return f'<text{attributes} text-anchor="{anchor}">{spans}</text>'


def _draw_arrow(arrow: Arrow, layout: GraphLayout, name: str, twin: int) -> str:
    start, end = layout.boxes[arrow.source], layout.boxes[arrow.target]
    off = 12.0 * twin
    anchor = "middle"
    if arrow.source == arrow.target:
        x, y = start.x + start.width / 2, start.y
        path = f"M{x + 9:.1f} {y:.1f}C{x + 20:.1f} {y - 22:.1f} {x - 20:.1f} {y - 22:.1f} {x - 9:.1f} {y:.1f}"
        label, anchor = (x + 15, y - 9 - off), "start"
    else:
        points = _points(start, end, layout.bends.get((arrow.source, arrow.target), ()), off)
        path = _curve(points)
        middle = (len(points) - 1) // 2
        (x1, y1), (x2, y2) = points[middle], points[middle + 1]
        label = ((x1 + x2) / 2, (y1 + y2) / 2 - 7 + off)
    text = _text(arrow.label, *label, ' class="label"', 11.0, anchor) if arrow.label else ""
    head = f'marker-end="url(#{name}-head)"'
    return f'<g class="{arrow.kind}"><path class="arrow" d="{path}" {head}/>{text}</g>'


def _points(start: Box, end: Box, bends: tuple[Point, ...], off: float) -> list[Point]:
    """Where an arrow leaves, bends and arrives, `off` below the middle of the two nodes."""
    first = bends[0] if bends else (end.x + end.width / 2, end.centre)
    last = bends[-1] if bends else (start.x + start.width / 2, start.centre)
    return [(_side(start, first[0]), start.centre + off), *bends, (_side(end, last[0]), end.centre + off)]


def _side(box: Box, towards: float) -> float:
    """The left or the right side, whichever faces `towards`; the right one where neither does."""
    return box.x if towards < box.x else box.x + box.width


def _curve(points: list[Point]) -> str:
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        bow = (x2 - x1) / 2
        path += f"C{x1 + bow:.1f} {y1:.1f} {x2 - bow:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return path
