"""The event graph explorer: which call wakes which handler, why, and what each kind of knowledge is good for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sls_lab.app import App
from sls_lab.events import Edge, Knowledge
from sls_lab.facts import SlsLabError, Span
from sls_lab.report.display import one_line
from sls_lab.report.dot import as_dot
from sls_lab.report.edges import edge_line
from sls_lab.report.graph import around, as_lines, event_graph
from sls_lab.report.svg import as_svg
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, LabWidget
from sls_lab.widgets.edge_panels import Panel, and_words, chosen_marks, edge_panel, node_panel, sources
from sls_lab.widgets.graphs import drawn
from sls_lab.widgets.relinking import Relinking, identity
from sls_lab.widgets.session import Focus, session_of

_KNOWLEDGE: Final[tuple[Knowledge, ...]] = ("permissions", "filters", "environment")
# More arrows than this take a browser seconds and cannot be read; the same holds for rows.
_MOST_ARROWS: Final = 500
_MOST_ROWS: Final = 400


class UnusableFile(SlsLabError):
    """A picture cannot be stored under this name."""


class EventGraphExplorer(LabWidget, source="event_graph.js", step=3):
    """The events between the handlers of `app` as a graph, a list, and edge by edge with the reasons in both files.

    The switches leave a kind of knowledge out of account, which shows the false edges that it keeps away; `app` itself
    stays as it is. `only` shows what leads to one handler and away from it.
    """

    def __init__(self, app: App, only: str = "") -> None:
        self.everything = False
        self.only = only
        self.far = False
        self.ignored = app.ignore
        self.chosen: object = None
        self.reason: int | None = None
        super().__init__(session_of(app))

    def read(self) -> None:
        """Link the application's events as the switches say."""
        self._relinking = Relinking(self.session.app)
        if isinstance(self.chosen, tuple):
            self.chosen = None  # it names a call of the code as it was
        self._relink()

    def _relink(self) -> None:
        self.results = self._relinking.without(self.ignored)
        if self.only not in self.results.events.entries:
            self.only = ""
        whole = event_graph(self.results, everything=self.everything, new=self.results.new)
        self.graph = around(whole, f"handler:{self.only}", far=self.far) if self.only else whole
        self._parts = drawn(self.graph, self.results.events.edges)

    # What there is to see.

    def make_view(self) -> dict[str, Any]:
        """The graph, its edges as a list, and the switches."""
        edges = self.results.events.edges
        shown = {edge for arrow in self.graph.arrows for edge in arrow.edges}
        order = sorted(shown, key=lambda number: (_group(edges[number], number in self.results.new), number))
        too_many = len(self.graph.arrows) > _MOST_ARROWS
        return {
            "name": one_line(self.session.app.name),
            "graph": None if too_many else {key: self._parts[key] for key in ("dot", "titles")},
            "instead": f"{len(self.graph.arrows):,} arrows are too many to draw at once. {self._narrower()}",
            "rows": self._rows(order[:_MOST_ROWS]),
            "more": max(0, len(order) - _MOST_ROWS),
            "notice": self._notice(),
            "handlers": [[function.name, one_line(function.name)] for function in self.results.template.functions],
            "only": self.only,
            "far": self.far,
            "everything": self.everything,
            "failing": sum(not edge.linked for edge in edges),
            "ignored": [kind for kind in _KNOWLEDGE if kind in self.ignored],
        }

    def _narrower(self) -> str:
        return "Show the nearest handlers alone." if self.only and self.far else "Choose one handler."

    def _rows(self, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """Edges as the list has them; neighbours of one status are listed under its name."""
        rows = []
        for number in numbers:
            line = edge_line(self.results.events.edges[number])
            new = number in self.results.new
            rows.append(
                {
                    "id": f"e{number}",
                    "text": f"{'+ ' if new else ''}{line.source} → {line.target}",
                    "detail": " · ".join(filter(None, (line.call, line.place, line.verdict.strip("()")))),
                    "kind": "new" if new else line.edge.status,
                    "group": _group(line.edge, new)[1],
                }
            )
        return rows

    def _notice(self) -> dict[str, Any] | None:
        """What the application would have, and cannot, if some knowledge were missing."""
        if not self.ignored:
            return None
        without = f"Without {and_words(self.ignored)}"
        new = sorted(self.results.new)
        doubted = len(self.results.doubted)
        words = {
            0: "no edge appears that your application cannot have",
            1: "1 edge appears that your application cannot have",
        }.get(len(new), f"{len(new):,} edges appear that your application cannot have")
        doubt = f" {_edges(doubted)} no longer certain." if doubted else ""
        rows = [(f"e{number}", edge_line(self.results.events.edges[number]).words) for number in new[:5]]
        more = f"and {len(new) - 5:,} more in the list" if len(new) > 5 else ""
        return {"text": f"{without}, {words}{':' if new else '.'}", "rows": rows, "more": more, "doubt": doubt.strip()}

    def make_parts(self) -> dict[str, Any]:
        """Both files of what is chosen."""
        panel = self._panel()
        return sources(self.results, panel, self._reason_of(panel)) if panel else {"code": None, "template": None}

    def make_state(self) -> dict[str, Any]:
        """What is chosen: its parts in the drawing, its row, its panel, and its marks in both files."""
        edge, panel = self._chosen_edge(), self._panel()
        if panel is None:
            return {"parts": [], "row": None, "panel": None}
        reason = self._reason_of(panel)
        return {
            "parts": self._chosen_parts(edge),
            "row": None if edge is None else f"e{edge}",
            "panel": _panel_view(panel, reason),
            **chosen_marks(panel, reason),
        }

    def _reason_of(self, panel: Panel) -> int | None:
        """The reason that is looked at, where the panel has it still."""
        return self.reason if self.reason is not None and self.reason < len(panel.reasons) else None

    def _chosen_parts(self, edge: int | None) -> list[str]:
        if edge is not None:
            return list(self._parts["edges"][f"e{edge}"]["parts"])
        return [f"n{number}" for number, node in enumerate(self.graph.nodes) if node.key == self.chosen]

    def _panel(self) -> Panel | None:
        """What is shown of the chosen edge or node; None if nothing is chosen, or it is gone."""
        edge = self._chosen_edge()
        if edge is not None:
            return edge_panel(self.results, edge)
        node = next((node for node in self.graph.nodes if node.key == self.chosen), None)
        return node_panel(self.results, self.graph, node) if node else None

    def _chosen_edge(self) -> int | None:
        """The number of the chosen edge among those that there are now."""
        if not isinstance(self.chosen, tuple):
            return None
        edges = self.results.events.edges
        return next((number for number, edge in enumerate(edges) if identity(edge) == self.chosen), None)

    # What the learner does.

    def actions(self) -> Mapping[str, Action]:
        """Pick an edge or node, look at a reason, turn a switch."""
        return {
            "pick": self.pick,
            "mark": self.pick_mark,
            "reason": self.pick_reason,
            "ignore": self.ignore,
            "everything": self.show_everything,
            "only": self.show_only,
        }

    def pick(self, part: str) -> None:
        """Choose an edge (`e3`), a node (`n0`), or an arrow (`a2`): of several edges that it represents, the next."""
        candidates = self._parts["arrows"].get(part, [part])
        now = self._chosen_edge()
        last = candidates.index(f"e{now}") if f"e{now}" in candidates else -1
        wanted = candidates[(last + 1) % len(candidates)] if candidates else ""
        node = self._node(part)
        if wanted in self._parts["edges"]:
            self._choose_edge(int(wanted[1:]))
        elif node is not None:
            self.chosen, self.reason = node, None
            name = self._parts["nodes"].get(part, {}).get("handler")
            handler = self.results.code.handlers.get(name) if name else None
            if name:
                self.choose(Focus(handler.span if handler else None, name))

    def _node(self, part: str) -> str | None:
        """The node called `part`, or the one from outside at which the arrow `part` begins."""
        for number, arrow in enumerate(self.graph.arrows):
            if part == f"a{number}":
                return arrow.source
        return next((node.key for number, node in enumerate(self.graph.nodes) if part == f"n{number}"), None)

    def _choose_edge(self, number: int) -> None:
        edge = self.results.events.edges[number]
        self.chosen, self.reason = identity(edge), None
        self.choose(Focus(edge.span, edge.source))

    def pick_reason(self, number: int | None) -> None:
        """Look at one reason in the files; None looks at the call and the trigger again."""
        self.reason = number
        panel = self._panel()
        if panel and number is not None and 0 <= number < len(panel.reasons):
            edge = self._chosen_edge()
            source = None if edge is None else self.results.events.edges[edge].source
            self.choose(Focus(panel.reasons[number].span, source))

    def pick_mark(self, mark: str) -> None:
        """Look at what was clicked in one of the files."""
        self.pick_reason(int(mark[1:]) if mark.startswith("r") and mark[1:].isdecimal() else None)

    def ignore(self, kind: Knowledge, on: bool) -> None:
        """Leave a kind of knowledge out of account, or take it in again."""
        if kind in _KNOWLEDGE:
            self.progress("linking the events again")
            self.ignored = self.ignored | {kind} if on else self.ignored - {kind}
            self._show_again()

    def show_everything(self, on: bool) -> None:
        """Show the events that wake no handler as well, or not."""
        self.everything = bool(on)
        self._show_again()

    def show_only(self, handler: str = "", far: bool = False) -> None:
        """Show what leads to one handler and away from it, up to its neighbours or all the way; "" shows all."""
        self.only, self.far = handler, bool(far)
        self._show_again()

    def _show_again(self) -> None:
        self._relink()
        self.view = self.make_view()
        self.status = ""

    def follow(self, focus: Focus) -> None:
        """Pick the edge whose call or trigger another widget looks at, or the handler."""
        number = self._edge_at(focus.span, focus.handler) if focus.span else None
        if number is not None:
            self.chosen = identity(self.results.events.edges[number])
        elif focus.handler in self.results.events.entries:
            self.chosen = f"handler:{focus.handler}"
        else:
            return
        self.reason = None
        self.show_state()

    def _edge_at(self, span: Span, handler: str | None) -> int | None:
        """The edge whose call or trigger contains `span`: one that holds, and one of `handler`, before others."""
        found = [
            (not edge.linked, handler not in (edge.source, edge.target), number)
            for number, edge in enumerate(self.results.events.edges)
            if any(
                place is not None and place.contains(span)
                for place in (edge.span, edge.trigger.span if edge.trigger else None)
            )
        ]
        return min(found)[-1] if found else None

    def save(self, path: Path | str) -> Path:
        """Store the graph as it is shown, as SVG or, for Graphviz, as DOT. Raises UnusableFile for another ending."""
        path = Path(path)
        write = {".svg": as_svg, ".dot": as_dot}.get(path.suffix.lower())
        if write is None:
            raise UnusableFile(f"{path.name}: end the name in .svg or .dot; the button PNG in the widget makes pixels")
        try:
            path.write_text(write(self.graph), encoding="utf-8")
        except OSError as error:
            raise UnusableFile(f"{path} cannot be written: {error.strerror or error}") from error
        return path

    # Where no widget runs.

    def as_html(self) -> str:
        """The picture, the edges as a table, and why each holds or does not."""
        lines = [edge_line(edge) for edge in self.results.events.edges]
        heads = ("From", "To", "Call", "Place", "Status")
        rows = [(line.source, line.target, line.call, line.place, _group(line.edge, new=False)[1]) for line in lines]
        legend = "Solid lines hold for certain, dashed ones perhaps."
        return fallback.page(
            f"Events between the handlers of {one_line(self.session.app.name)}",
            self._picture(),
            fallback.paragraph(legend),
            fallback.table(heads, rows)
            if rows
            else fallback.paragraph("No call raises an event that wakes a handler."),
            *(
                fallback.folded(f"Why: {line.words} {line.verdict}", fallback.reasons(line.edge.because))
                for line in lines
            ),
            step=self.walk_step,
        )

    def _picture(self) -> str:
        if len(self.graph.arrows) > _MOST_ARROWS:
            return fallback.paragraph(str(self.view["instead"]))
        return f'<div class="sls-picture">{as_svg(self.graph, name=f"sls-{self.model_id}", styled=False)}</div>'

    def as_text(self) -> str:
        """The graph in words."""
        return as_lines(self.results, everything=self.everything)


def _group(edge: Edge, new: bool) -> tuple[int, str]:
    """Where the edge's group is in the list, and its name."""
    if new:
        return 0, "New: your application cannot have these"
    match edge.status:
        case "linked" if edge.certain:
            return 1, "Delivered, certain"
        case "linked":
            return 2, "Delivered, not certain"
        case "denied":
            return 3, "Not delivered: not permitted"
        case "filtered":
            return 4, "Not delivered: filtered out"
        case _:
            return 5, "Not known: the name could not be resolved"


def _edges(count: int) -> str:
    return "1 edge is" if count == 1 else f"{count:,} edges are"


def _panel_view(panel: Panel, reason: int | None) -> dict[str, Any]:
    return {
        "title": panel.title,
        "facts": panel.facts,
        "groups": [
            [group.title, [[words, None if number is None else f"e{number}"] for words, number in group.rows]]
            for group in panel.groups
        ],
        "why": panel.why,
        "reasons": [
            {
                "text": one.text,
                "place": one_line(one.span.place) if one.span else "",
                "id": number if one.span else None,
            }
            for number, one in enumerate(panel.reasons)
        ],
        "reason": reason,
    }
