"""Places for the nodes of a graph, in layers from left to right.

The usual four steps (Sugiyama, Tagawa and Toda 1981): reverse the arrows that close a cycle, so that layers exist at
all; give each node a layer; order each layer so that few lines cross; then choose heights near those of the neighbours.
It is meant for small graphs. Apart from sorting, its time is linear in nodes and arrows: the order is improved by a
fixed number of sweeps, since the best order is NP-hard to find.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

GAP = 26.0
_SWEEPS = 8
_NARROWEST = 44.0
_BESIDE_LABELS = 36.0
NO_LABELS: Mapping[tuple[str, str], float] = MappingProxyType({})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place: its left upper corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class GraphLayout:
    """The boxes by node, for each arrow the points it passes between its ends, and the size of the whole."""

    boxes: Mapping[str, Box]
    bends: Mapping[tuple[str, str], tuple[Point, ...]]
    width: float
    height: float


def lay_out(
    sizes: Mapping[str, tuple[float, float]],
    arrows: Sequence[tuple[str, str]],
    labels: Mapping[tuple[str, str], float] = NO_LABELS,
) -> GraphLayout:
    """Place nodes of the given sizes; `labels` are the widths of what is written at the middle of an arrow.

    Arrows from a node to itself, and several between the same two, are allowed.
    """
    forward = _without_cycles(sizes, arrows)
    layers = _layers(sizes, forward)
    chains = _chains(forward, layers)
    # A placeholder takes the room of an arrow in each layer that it passes.
    everything = dict(sizes) | {bend: (0.0, 4.0) for chain in chains.values() for bend in chain[1:-1]}
    ranks = dict(layers)
    for (source, _), chain in chains.items():
        ranks |= {bend: layers[source] + offset for offset, bend in enumerate(chain[1:-1], 1)}
    links = [pair for chain in chains.values() for pair in pairwise(chain)]
    columns = _ordered(everything, ranks, links)
    heights = _heights(columns, everything, links)
    gaps = _gaps(len(columns), chains, layers, labels)
    boxes: dict[str, Box] = {}
    x = 0.0
    for column, gap in zip(columns, gaps, strict=True):
        widest = max((everything[key][0] for key in column), default=0.0)
        for key in column:
            width, height = everything[key]
            boxes[key] = Box(x + (widest - width) / 2, heights[key] - height / 2, width, height)
        x += widest + gap
    top = min((box.y for box in boxes.values()), default=0.0)
    boxes = {key: Box(box.x, box.y - top, box.width, box.height) for key, box in boxes.items()}
    bends = {}
    for source, target in dict.fromkeys(arrows):
        turned = (source, target) not in chains
        chain = chains.get((target, source) if turned else (source, target), [])
        points = tuple((boxes[key].x, boxes[key].centre) for key in chain[1:-1])
        bends[source, target] = points[::-1] if turned else points
    return GraphLayout(
        {key: boxes[key] for key in sizes},
        bends,
        max(x - gaps[-1], 0.0) if gaps else 0.0,
        max((box.y + box.height for box in boxes.values()), default=0.0),
    )


def _without_cycles(nodes: Mapping[str, object], arrows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The arrows, each once, those turned round that lead back to a node on the way to them."""
    following: dict[str, list[str]] = defaultdict(list)
    for source, target in dict.fromkeys(arrows):
        if source != target:
            following[source].append(target)
    entered = {target for targets in following.values() for target in targets}
    state: dict[str, bool] = {}  # False while a node's followers are visited, True after
    forward: dict[tuple[str, str], None] = {}
    for root in sorted(nodes, key=lambda key: key in entered):
        if root in state:
            continue
        state[root] = False
        stack = [(root, iter(following[root]))]
        while stack:
            node, rest = stack[-1]
            for target in rest:
                if state.get(target) is False:
                    forward[target, node] = None
                    continue
                forward[node, target] = None
                if target not in state:
                    state[target] = False
                    stack.append((target, iter(following[target])))
                    break
            else:
                state[node] = True
                stack.pop()
    return list(forward)


def _layers(nodes: Mapping[str, object], forward: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The layer of each node: one after the last node that leads to it. A node that nothing leads to is moved close to
    the first that it leads to, so that its arrows are short.
    """
    following: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(nodes, 0)
    for source, target in forward:
        following[source].append(target)
        waiting[target] += 1
    layers = dict.fromkeys(nodes, 0)
    begins = [node for node in nodes if not waiting[node]]
    ready = list(begins)
    while ready:
        node = ready.pop()
        for target in following[node]:
            layers[target] = max(layers[target], layers[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in begins:
        if following[node]:
            layers[node] = min(layers[target] for target in following[node]) - 1
    return layers


def _chains(forward: Sequence[tuple[str, str]], layers: Mapping[str, int]) -> dict[tuple[str, str], list[str]]:
    """Each arrow as a chain from layer to layer, with a placeholder in every layer that it passes.

    Without placeholders an arrow over several layers would be drawn through the nodes between its ends.
    """
    chains = {}
    for number, (source, target) in enumerate(forward):
        passed = range(layers[source] + 1, layers[target])
        chains[source, target] = [source, *(f"bend:{number}:{layer}" for layer in passed), target]
    return chains


def _gaps(
    number: int,
    chains: Mapping[tuple[str, str], Sequence[str]],
    layers: Mapping[str, int],
    labels: Mapping[tuple[str, str], float],
) -> list[float]:
    """The space after each layer: enough for the labels that are drawn there, in the middle of their arrows."""
    gaps = [_NARROWEST] * number
    for (source, target), chain in chains.items():
        steps = len(chain) - 1
        for ends, step in (((source, target), steps // 2), ((target, source), steps - 1 - steps // 2)):
            if ends in labels:
                layer = layers[source] + step
                gaps[layer] = max(gaps[layer], labels[ends] + _BESIDE_LABELS)
    return gaps


def _neighbours(links: Sequence[tuple[str, str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = defaultdict(list)
    behind: dict[str, list[str]] = defaultdict(list)
    for source, target in links:
        behind[source].append(target)
        before[target].append(source)
    return before, behind


def _ordered(
    nodes: Mapping[str, object], ranks: Mapping[str, int], links: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """The layers, each in the order of the mean place of its nodes' neighbours."""
    columns: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for node in nodes:
        columns[ranks[node]].append(node)
    before, behind = _neighbours(links)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        place = {node: index / max(len(column), 1) for column in columns for index, node in enumerate(column)}
        for column in columns if down else reversed(columns):
            near = before if down else behind
            wish = {node: _mean([place[other] for other in near[node]], place[node]) for node in column}
            column.sort(key=wish.__getitem__)
            place |= {node: index / len(column) for index, node in enumerate(column)}
    return columns


def _heights(
    columns: Sequence[Sequence[str]], sizes: Mapping[str, tuple[float, float]], links: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """The middle of each node: as near to its neighbours' as the order and the gaps allow."""
    heights: dict[str, float] = {}
    for column in columns:
        y = 0.0
        for node in column:
            heights[node] = y + sizes[node][1] / 2
            y += sizes[node][1] + GAP
    before, behind = _neighbours(links)
    for sweep in range(_SWEEPS):
        near = before if sweep % 2 == 0 else behind
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wishes = [_mean([heights[other] for other in near[node]], heights[node]) for node in column]
            for node, height in zip(column, _spread(column, wishes, sizes), strict=True):
                heights[node] = height
    return heights


def _spread(
    column: Sequence[str], wishes: Sequence[float], sizes: Mapping[str, tuple[float, float]]
) -> Sequence[float]:
    """Heights in this order with room between them: the mean of pushing down from the top and up from the bottom."""

    def apart(first: str, second: str) -> float:
        return (sizes[first][1] + sizes[second][1]) / 2 + GAP

    down = list(wishes)
    for index in range(1, len(column)):
        down[index] = max(down[index], down[index - 1] + apart(column[index - 1], column[index]))
    up = list(wishes)
    for index in range(len(column) - 2, -1, -1):
        up[index] = min(up[index], up[index + 1] - apart(column[index], column[index + 1]))
    return [(low + high) / 2 for low, high in zip(down, up, strict=True)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
