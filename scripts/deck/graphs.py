"""An event graph as a slide shows it: the handlers in a row, above them the cloud that links them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from deck.drawing import INK, LINE, PAPER, RED, SMALLEST, TAINTED, WIDTH, Box, Canvas, Kind
from sls_lab.report.graph import Arrow, Graph, GraphNode, NodeKind
from sls_lab.report.palette import LIGHT, MEANINGS, MeaningName

# How wide a letter is, as a part of its size, in the widest of the usual fonts.
_LETTER = 0.57
_NAME = 15  # characters that fit into the width of a box

_KINDS: Mapping[NodeKind, Kind] = {"handler": "handler", "public": "public", "outside": "plain", "unknown": "plain"}


def draw_graph(
    graph: Graph,
    title: str,
    *,
    linked: bool = True,
    path: Sequence[str] = (),
    refused: Sequence[str] = (),
    harm: str = "sink",
) -> str:
    """The graph as SVG. `linked=False` leaves out what lies between the handlers: what the code alone shows.

    `path` are handlers that a flow passes, drawn in the colour of what is tainted; the first is marked as source and
    the last as sink, or by what `harm` says. `refused` says, below the events that wake nobody, why they do not.
    """
    nodes = {node.key: node for node in graph.nodes}
    arrows = [arrow for arrow in graph.arrows if linked or nodes[arrow.source].kind in {"public", "outside"}]
    failing = [arrow for arrow in arrows if arrow.kind == "failing"]
    prefix = _common([node.label.split("\n")[-1] for node in graph.nodes if node.kind == "resource"])
    labels = {node.key: _label(node, prefix) for node in graph.nodes}
    handlers = _in_order(graph)
    grid = _grid(len(handlers), labels, gap=152 if linked and not failing else 100)
    boxes = {key: grid.below(column) for column, key in enumerate(handlers)}
    seen = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    boxes |= _above(seen - {*boxes}, arrows, boxes, grid)
    height = grid.height + 6 + (60 if path else 0) + (44 + 32 * len(failing) + 36 * len(refused) if failing else 0)
    canvas = Canvas(title, WIDTH, height)
    red = {f"handler:{name}" for name in path}
    # The flow ends in the last handler: what that one writes to is no part of it.
    passing = {f"handler:{name}" for name in path[:-1]}
    hot = red | {arrow.target for arrow in arrows if arrow.source in passing and nodes[arrow.target].kind == "resource"}
    drawn = [(arrow, arrow.source in hot and arrow.target in hot) for arrow in arrows if arrow.kind != "failing"]
    for arrow, red_one in drawn:
        _draw_arrow(canvas, boxes[arrow.source], boxes[arrow.target], hot=red_one)
    for arrow, red_one in drawn:
        _write_method(canvas, arrow, boxes, grid.size, hot=red_one)
    for number, arrow in enumerate(failing):
        off = 44 * (len(failing) / 2 - number - 0.5)
        _draw_failing(canvas, boxes[arrow.source], boxes[arrow.target], 44 + 32 * number, off)
    for number, text in enumerate(refused, 1):
        canvas.words(boxes[handlers[0]].x, grid.height + 40 + 32 * len(failing) + 36 * number, text, anchor="start")
    for key, box in boxes.items():
        if nodes[key].kind == "resource":
            canvas.cylinder(box, labels[key], strong=key in hot, size=grid.size)
        else:
            canvas.box(box, labels[key], _KINDS[nodes[key].kind], strong=key in hot, size=grid.size)
    ends: tuple[tuple[MeaningName, str, str], ...] = (
        (("source", path[0], "source"), ("sink", path[-1], harm)) if path else ()
    )
    for meaning, name, caption in ends:
        box, look = boxes[f"handler:{name}"], MEANINGS[meaning]
        words = f"{look.shape} {caption}"
        canvas.words(box.middle, box.bottom + 40, words, size=28, colour=LIGHT[look.colour], bold=True)
    return canvas.svg()


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rows and columns: `unit` from handler to handler, `size` of the letters, `top` and `row` the heights of rows."""

    unit: float
    size: float
    top: float
    gap: float
    row: float

    @property
    def height(self) -> float:
        return self.top + self.gap + self.row

    @property
    def width(self) -> float:
        return self.unit * 0.88

    def below(self, column: int) -> Box:
        return Box((column + 1) * self.unit - self.width / 2, self.top + self.gap, self.width, self.row)


def _grid(columns: int, labels: Mapping[str, Sequence[str]], gap: float) -> _Grid:
    """Letters as large as the widest label allows; room for three lines in the upper row and for two in the lower."""
    unit = WIDTH / (columns + 0.5)
    widest = max(len(line) for lines in labels.values() for line in lines)
    size = max(SMALLEST, min(30, int(unit * 0.82 / widest / _LETTER)))
    return _Grid(unit, size, size * LINE * 3 + 38, gap, size * LINE * 2 + 26)


def _in_order(graph: Graph) -> list[str]:
    """The handlers, each before those that it wakes where that can be."""
    following: dict[str, list[str]] = defaultdict(list)
    for arrow in graph.arrows:
        following[arrow.source].append(arrow.target)
    order: dict[str, None] = {}

    def visit(key: str, on_the_way: frozenset[str]) -> None:
        if key in order or key in on_the_way:
            return
        for target in reversed(following[key]):
            visit(target, on_the_way | {key})
        order[key] = None

    handlers = [node.key for node in graph.nodes if node.kind == "handler"]
    for key in reversed(handlers):
        visit(key, frozenset())
    return [key for key in reversed(order) if key in handlers]


def _above(keys: Iterable[str], arrows: Sequence[Arrow], boxes: Mapping[str, Box], grid: _Grid) -> dict[str, Box]:
    """Places in the upper row: a resource between its handlers, a trigger half a column before its own."""
    wishes: dict[str, float] = {}
    for key in sorted(keys):
        before = [boxes[arrow.source].middle for arrow in arrows if arrow.target == key]
        behind = [boxes[arrow.target].middle for arrow in arrows if arrow.source == key]
        wishes[key] = (max(before) + min(behind)) / 2 if before else min(behind) - grid.unit / 2
    placed: dict[str, Box] = {}
    left = 0.0
    for key, wish in sorted(wishes.items(), key=lambda item: item[1]):
        x = max(wish - grid.width / 2, left)
        placed[key] = Box(x, 2, grid.width, grid.top - 2)
        left = x + grid.width + 16
    return placed


def _draw_arrow(canvas: Canvas, start: Box, end: Box, *, hot: bool) -> None:
    colour, width = (TAINTED, 6.0) if hot else (INK, 3.0)
    if start.y == end.y:
        # A handler that names the other in its call: nothing lies between them.
        canvas.arrow(f"M{start.x + start.width:.0f} {start.centre:.0f}H{end.x - 4:.0f}", colour=colour, width=width)
        return
    (x1, y1), (x2, y2) = _ends(start, end)
    canvas.arrow(f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}", colour=colour, width=width)


def _write_method(canvas: Canvas, arrow: Arrow, boxes: Mapping[str, Box], size: float, *, hot: bool) -> None:
    """The call that raises the event, on its arrow: after all arrows, so that none of them crosses the words."""
    start, end = boxes[arrow.source], boxes[arrow.target]
    if start.y > end.y and arrow.label:
        (x1, y1), (x2, y2) = _ends(start, end)
        method = arrow.label.split("\n")[0].rpartition(".")[2]
        x, y, size = (x1 + x2) / 2, (y1 + y2) / 2, max(SMALLEST, size - 2)
        width = len(method) * size * _LETTER
        canvas.bar(Box(x - width / 2, y - size * 0.6, width, size * 1.2), PAPER)
        canvas.words(x, y + size * 0.36, method, size=size, colour=TAINTED if hot else INK)


def _ends(start: Box, end: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Leave and arrive beside the middle, so that what comes in and what goes out are two lines."""
    up = start.y > end.y
    return (
        (start.middle + 24, start.y if up else start.bottom),
        (end.middle - 24, end.bottom + 4 if up else end.y - 4),
    )


def _draw_failing(canvas: Canvas, start: Box, end: Box, depth: float, off: float) -> None:
    """An event that wakes nobody: a dotted line below the handlers, `off` the middle and crossed out at its end."""
    x1, x2, y = start.middle, end.middle - off, start.bottom
    canvas.line(f"M{x1:.0f} {y:.0f}V{y + depth:.0f}H{x2:.0f}V{y + 32:.0f}", dotted=True)
    canvas.words(x2, y + 34, "✗", size=34, colour=RED, bold=True)


def _label(node: GraphNode, prefix: str) -> list[str]:
    """The words in a node: a resource without what all names begin with, a handler with its file."""
    first, *rest = node.label.split("\n")
    if node.kind == "resource":
        return [first, *_wrapped("\n".join(rest).removeprefix(prefix))]
    if node.kind == "handler":
        return [first, PurePosixPath("\n".join(rest)).name.partition(":")[0]]
    return first.split(" ", 2)


def _common(names: Sequence[str]) -> str:
    """What the names of all resources begin with, up to a dash; empty for one alone."""
    if len(names) < 2:
        return ""
    shared = "".join(
        letters[0] for letters in takewhile(lambda letters: len({*letters}) == 1, zip(*names, strict=False))
    )
    return shared[: shared.rfind("-") + 1]


def _wrapped(name: str) -> list[str]:
    lines = [""]
    for piece in name.replace("-", "-\n").split("\n"):
        if lines[-1] and len(lines[-1] + piece) > _NAME:
            lines.append("")
        lines[-1] += piece
    return lines
