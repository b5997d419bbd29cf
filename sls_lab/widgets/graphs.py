"""The event graph as the browser draws it: DOT text, with the meaning of each part of the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sls_lab.events.model import Edge
from sls_lab.linked import Linked
from sls_lab.report.dot import as_dot, as_downward_dot
from sls_lab.report.edges import Line, edge_line
from sls_lab.report.graph import Arrow, Graph, GraphNode, event_graph, simplified

_ENTRY_WORDS = {
    "public": "anyone can wake it",
    "internal": "only this application or a clock wakes it",
    "external": "something outside this application wakes it",
    "deployment": "CloudFormation wakes it while the application is deployed",
}
_KIND_WORDS = {
    "handler": "handler",
    "public": "from the outside world",
    "outside": "from elsewhere",
    "resource": "resource",
    "unknown": "not resolved",
}


def graph_view(results: Linked, *, everything: bool = False, compact: bool = False) -> dict[str, Any]:
    """The event graph of an application, for `graphView` in `graph.js`: `graph.show(view)`, `graph.choose(parts)`.

    `everything` also has the events that wake no handler; `compact` is for a small copy beside something else (names
    alone, no words at the arrows; with `graphView({small: true})`). What comes back is JSON:

    - `dot`: the graph for Graphviz, whose nodes and arrows have short ids, here called parts (`n0`, `a3`);
    - `titles`: what each part is, in words, by part;
    - `nodes`: `{part: {"kind", "name", "handler"}}`, `handler` being the function's name or None;
    - `arrows`: `{part: [edge ids]}`, empty where an arrow leads from the outside world;
    - `edges`: `{edge id: {"source", "target", "status", "certain", "words", "place", "parts"}}`. The id is `e` and
      the number of the edge in `results.events.edges`; `source` and `target` are functions (`target` None where it is
      unknown), `place` is `file:line` of the call, or empty. `parts` are all that is drawn of the edge, in its
      order: an arrow, or an arrow, a resource and an arrow. Empty where the edge is not drawn.

    So the hop from one handler to another that a call makes is
    `[edge["parts"] for edge in view["edges"].values() if (edge["source"], edge["target"]) == (from, to)]`.
    """
    graph = event_graph(results, everything=everything)
    return drawn(simplified(graph) if compact else graph, results.events.edges)


def drawn(graph: Graph, edges: Sequence[Edge], *, down: bool = False) -> dict[str, Any]:
    """`graph_view` of a graph that was made of these edges; `down` leads downwards, in a narrow column."""
    parts = {node.key: f"n{number}" for number, node in enumerate(graph.nodes)}
    names = {node.key: node.name for node in graph.nodes}
    taken: dict[int, list[str]] = {}
    for number, arrow in enumerate(graph.arrows):
        for edge in arrow.edges:
            way = taken.setdefault(edge, [])
            # The second arrow of an edge begins at the resource where the first ends.
            way += [parts[arrow.source], f"a{number}"] if way else [f"a{number}"]
    lines = [edge_line(edge) for edge in edges]
    return {
        "dot": (as_downward_dot if down else as_dot)(Graph("", graph.nodes, graph.arrows)),
        "titles": {parts[node.key]: _node_title(node) for node in graph.nodes}
        | {
            f"a{number}": _arrow_title(arrow, names, [lines[edge] for edge in arrow.edges])
            for number, arrow in enumerate(graph.arrows)
        },
        "nodes": {
            parts[node.key]: {"kind": node.kind, "name": node.name, "handler": node.handler} for node in graph.nodes
        },
        "arrows": {f"a{number}": [f"e{edge}" for edge in arrow.edges] for number, arrow in enumerate(graph.arrows)},
        "edges": {
            f"e{number}": {
                "source": line.edge.source,
                "target": line.edge.target,
                "status": line.edge.status,
                "certain": line.edge.certain,
                "words": line.words,
                "place": line.place,
                "parts": taken.get(number, []),
            }
            for number, line in enumerate(lines)
        },
    }


def _node_title(node: GraphNode) -> str:
    words = [_KIND_WORDS[node.kind], node.label.replace("\n", ", ")]
    if node.entry:
        words.append(_ENTRY_WORDS[node.entry])
    if not node.analysed:
        words.append("not analysed")
    return ", ".join(words)


def _arrow_title(arrow: Arrow, names: Mapping[str, str], lines: Sequence[Line]) -> str:
    said = "; ".join(f"{line.words} {line.verdict}".rstrip() for line in lines)
    return f"{'new: ' if arrow.new else ''}{said or f'{names[arrow.source]} wakes {names[arrow.target]}'}"
