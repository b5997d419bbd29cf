"""The event graph in the languages of Graphviz and Mermaid. All labels come from hostile input and are escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphviz  # type: ignore[import-untyped]

from sls_lab.report.graph import Arrow, Graph, GraphNode
from sls_lab.report.palette import LIGHT, Colour

_DOT_NODES = {
    "handler": {"shape": "box", "style": "rounded,filled", "fillcolor": LIGHT["accent-page"], "color": LIGHT["accent"]},
    "public": {
        "shape": "cds",
        "margin": "0.2,0.06",
        "style": "filled",
        "fillcolor": LIGHT["danger-page"],
        "color": LIGHT["danger"],
    },
    "outside": {
        "shape": "cds",
        "margin": "0.2,0.06",
        "style": "filled",
        "fillcolor": LIGHT["faint-page"],
        "color": LIGHT["faint"],
    },
    "resource": {"shape": "cylinder", "style": "filled", "fillcolor": LIGHT["good-page"], "color": LIGHT["good"]},
    "unknown": {"shape": "circle", "style": "dotted", "color": LIGHT["faint"]},
}
_DOT_ARROWS = {
    "certain": {"style": "solid"},
    "uncertain": {"style": "dashed"},
    "failing": {"style": "dotted", "color": LIGHT["danger"], "fontcolor": LIGHT["danger"], "constraint": "false"},
}
_DOT_NEW = {"color": LIGHT["warm"], "fontcolor": LIGHT["warm"], "penwidth": "2"}


def as_dot(graph: Graph) -> str:
    """The graph for Graphviz. Nodes have the ids `n0`, `n1`, … and arrows `a0`, `a1`, …, in the order of the graph, so
    that what is drawn can be recognised; `class` says of which kind each is.
    """
    return _dot(graph, {"rankdir": "LR"})


def as_downward_dot(graph: Graph) -> str:
    """The same for a narrow column: it leads from top to bottom."""
    return _dot(graph, {"rankdir": "TB", "ranksep": "0.25"})


def _dot(graph: Graph, direction: Mapping[str, str]) -> str:
    dot = graphviz.Digraph(
        graph_attr={**direction, "label": _dot_text(graph.title), "labelloc": "t", "fontname": "Arial"},
        node_attr={"fontname": "Arial", "fontsize": "13"},
        edge_attr={"fontname": "Arial", "fontsize": "11"},
    )
    names = {node.key: f"n{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        look = dict(_DOT_NODES[node.kind])
        if node.entry == "public":
            look |= {"peripheries": "2"}
        if not node.analysed:
            look |= {"style": "rounded,dashed", "color": LIGHT["danger"]}
        marks = {"open": node.entry == "public", "unseen": not node.analysed}
        kind = " ".join((node.kind, *(mark for mark, holds in marks.items() if holds)))
        name = names[node.key]
        dot.node(name, label=_dot_text(node.label), id=name, **{"class": kind}, **look)
    for number, arrow in enumerate(graph.arrows):
        look = _DOT_ARROWS[arrow.kind] | (_DOT_NEW if arrow.new else {})
        kind = f"{arrow.kind} new" if arrow.new else arrow.kind
        ends = (names[arrow.source], names[arrow.target])
        dot.edge(*ends, label=_dot_text(arrow.label), id=f"a{number}", **{"class": kind}, **look)
    return str(dot.source)


def _dot_text(text: str) -> Any:
    # Graphviz reads `&lt;` in every label. `escape` alone would write a real line end, allowed but hard to read.
    lines = (graphviz.escape(line.replace("&", "&amp;")) for line in text.split("\n"))
    return graphviz.nohtml("\\n".join(lines))


_MERMAID_NODES = {
    "handler": '("{}")',
    "public": '>"{}"]',
    "outside": '>"{}"]',
    "resource": '[("{}")]',
    "unknown": '(("{}"))',
}
_MERMAID_ARROWS = {"certain": "-->", "uncertain": "-.->", "failing": "-.-x"}


def as_mermaid(graph: Graph) -> str:
    """The graph for Mermaid, which code hosts draw in Markdown."""
    names = {node.key: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    lines.extend(f"  {names[node.key]}{_mermaid_shape(node)}" for node in graph.nodes)
    lines.extend(f"  {_mermaid_arrow(arrow, names)}" for arrow in graph.arrows)
    for kind, style in (
        ("public", _mermaid_look("danger-page", "danger")),
        ("handler", _mermaid_look("accent-page", "accent")),
        ("resource", _mermaid_look("good-page", "good")),
        ("unseen", f"{_mermaid_look('page', 'danger')},stroke-dasharray:4"),
    ):
        members = [names[node.key] for node in graph.nodes if _mermaid_class(node) == kind]
        if members:
            lines.append(f"  classDef {kind} {style}")
            lines.append(f"  class {','.join(members)} {kind}")
    failing = [str(number) for number, arrow in enumerate(graph.arrows) if arrow.kind == "failing"]
    if failing:
        lines.append(f"  linkStyle {','.join(failing)} stroke:{LIGHT['danger']},color:{LIGHT['danger']}")
    return "\n".join(lines) + "\n"


def _mermaid_look(fill: Colour, stroke: Colour) -> str:
    return f"fill:{LIGHT[fill]},stroke:{LIGHT[stroke]},color:{LIGHT['text']}"


def _mermaid_class(node: GraphNode) -> str:
    return node.kind if node.analysed else "unseen"


def _mermaid_shape(node: GraphNode) -> str:
    return _MERMAID_NODES[node.kind].format(_mermaid_text(node.label))


def _mermaid_arrow(arrow: Arrow, names: dict[str, str]) -> str:
    label = f'|"{_mermaid_text(arrow.label)}"|' if arrow.label else ""
    return f"{names[arrow.source]} {_MERMAID_ARROWS[arrow.kind]}{label} {names[arrow.target]}"


def _mermaid_text(text: str) -> str:
    """Every character that could mean something to Mermaid, Markdown or HTML as an entity code (`#35;`)."""
    plain = " .:/-_,"
    lines = text.split("\n")
    escaped = ("".join(c if c.isalnum() or c in plain else f"#{ord(c)};" for c in line) for line in lines)
    return "<br/>".join(escaped)
