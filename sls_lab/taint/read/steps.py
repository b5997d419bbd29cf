"""From one path of frames to steps in the original files."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise

from sls_lab.code import MethodCalls, Module
from sls_lab.events import Ways
from sls_lab.events.model import Edge
from sls_lab.facts import Reason, Span
from sls_lab.python.module import FunctionNode, ScopeNode
from sls_lab.rewrite import Edit, EditKind
from sls_lab.rewrite.analyser.decorated_handlers import ENTRY
from sls_lab.taint.model import Step, StepRole
from sls_lab.taint.read.dataflow import Held, Station, between, carriers, kept_by_object, unchanged_by_calls
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.read.notes import cause, note_for, sink_name
from sls_lab.taint.read.paths import FrameHop
from sls_lab.taint.read.places import NodePlaces
from sls_lab.taint.read.ports import at_port, is_own, is_written_out, originals, parameter_of, part_of, path_of
from sls_lab.taint.read.pysa_output import Position, PysaFrame
from sls_lab.taint.read.whereabouts import Whereabouts
from sls_lab.taint.run.pysa import STUBS
from sls_lab.taint.secret_rules import RESPONSE, SECRETS
from sls_lab.taint.staging.staged_folder import StagedFile

#: The kinds of edits within which a sink may be: they repeat what the application calls, and what it calls it with.
_SINK_KINDS: frozenset[EditKind] = frozenset({"type-annotation", "named-call", "store-propagation"})


class NoSuchPath(Exception):
    """The path ends in text that the rewriting added, or in a library."""


class Tracer:
    """Turns paths through one application's staged files into traces."""

    def __init__(
        self,
        files: Mapping[str, StagedFile],
        modules: Mapping[str, Module],
        routes: Set[str] = frozenset(),
        ways: Ways | None = None,
        aws_calls: Set[ast.Call] = frozenset(),
        methods: MethodCalls | None = None,
    ) -> None:
        """`files` are the staged ones by the names that frames have for them, `modules` the original ones.

        `routes` are the callables whose parameters are parts of a request, not a whole event object; `ways` say which
        events a helper raises for which caller, None where all are taken to be raised. `aws_calls` are those of AWS,
        `methods` says which methods a handler's calls enter, None where any may be.
        """
        self._methods = methods
        self._aws_calls = aws_calls
        self._unchanged: dict[ScopeNode, frozenset[str]] = {}
        self._files = files
        self._routes = routes
        self._ways = ways
        self._modules = modules
        self._nodes: dict[str, NodePlaces] = {}

    def trace(self, handler: str, forward: Sequence[FrameHop], backward: Sequence[FrameHop]) -> Trace:
        """The steps of one path on which `handler` is the first. Raises NoSuchPath.

        `forward` leads from where source and sink meet back to the source, `backward` on to the sink.
        """
        walk = Whereabouts(handler)
        self._source(walk, forward[-1])
        for number in range(len(forward) - 2, -1, -1):
            self._leave(walk, forward[number])
            self._ask_method(walk, forward[number], forward[number + 1])
        for hop, inner in pairwise(backward):
            self._call(walk, hop)
            self._ask_method(walk, hop, inner)
        call, held = self._sink(walk, backward[-1])
        return Trace(
            tuple(_without_repeats(walk.steps)),
            tuple(dict.fromkeys(walk.handlers)),
            call,
            tuple(dict.fromkeys(walk.doubts)),
            walk.against,
            held,
            tuple(walk.calls),
            tuple(walk.returned),
            stations=tuple(one for one in walk.stations if one.leaving),
        )

    def edit_at(self, hop: FrameHop) -> Edit | None:
        """The edit that wrote what is at a frame's place, None where the application did."""
        staged = self._file(hop)
        start, _ = _range(staged, hop.frame.position)
        return staged.edit_at(start)

    def span(self, hop: FrameHop) -> Span:
        """Where a frame is in the original file."""
        staged = self._file(hop)
        return staged.origin(*_range(staged, hop.frame.position))

    def _call_span(self, hop: FrameHop) -> Span:
        """Where the call of a frame is in the original file; its argument may itself be a call."""
        staged = self._file(hop)
        return staged.origin(*_range(staged, hop.frame.site))

    def _source(self, walk: Whereabouts, hop: FrameHop) -> None:
        places = self._places(hop)
        span = self.span(hop)
        # What names a file that another function filled may be any expression.
        secret = SECRETS.get(hop.frame.base_kind)
        any_expression = hop.frame.kept_name is not None or secret is not None
        node = places.smallest(span, (ast.expr,) if any_expression else (ast.arg, ast.Call, ast.Attribute))
        function = places.function_around(span)
        if secret is not None:
            walk.enter(places, function, frozenset(), [node] if node is not None else [])
            self._add(walk, "source", places, node, f"{secret}, read by `{walk.handler}`", span)
        elif isinstance(node, ast.arg):
            walk.enter(places, function, frozenset({node.arg}), [])
            what = "part of the request" if hop.callable in self._routes else "the event object"
            self._add(walk, "source", places, node, f"{what} of `{walk.handler}`")
        elif isinstance(node, ast.Attribute):
            walk.enter(places, function, frozenset(), [node])
            self._add(walk, "source", places, node, f"part of the request of `{walk.handler}`", span)
        else:
            walk.enter(places, function, frozenset(), [node] if node is not None else [])
            walk.made = self.edit_at(hop) if hop.frame.kept_name is None else None
            uploads = "an outsider uploads what they like by the signature that is made here"
            note = uploads if walk.made is not None else "what this call returns was chosen by an outsider"
            self._add(walk, "source", places, node, note, span)

    def _leave(self, walk: Whereabouts, hop: FrameHop) -> None:
        """Data comes back out of a call: the walk goes on in the caller, from the call's value."""
        if hop.file.startswith(STUBS + "/"):
            return
        inner = walk.places
        if inner is not None and walk.function is not None:
            for returned in ast.walk(walk.function):
                if isinstance(returned, ast.Return) and returned.value is not None:
                    self._within(walk, inner, inner.span(returned.value))
            for value in carriers(walk.function, walk.variables, walk.expressions, kept_by_object(walk.function)):
                self._within(walk, inner, inner.span(value))
            walk.stations.clear()  # one of several ways out says nothing of the others
        places = self._places(hop)
        span = self._call_span(hop)
        node = places.smallest(span, (ast.Call,))
        if node is not None:
            walk.returned.insert(0, node)
        walk.enter(places, places.function_around(span), frozenset(), [node] if node is not None else [])
        name = _called(hop.frame)
        self._add(walk, "call", places, node, f"returned by `{name}`", span)

    def _call(self, walk: Whereabouts, hop: FrameHop) -> None:
        """Data goes into a function of the application: a helper, or the next handler by an event."""
        if hop.file.startswith(STUBS + "/"):  # a library calls back
            walk.enter(None, None, frozenset({parameter_of(hop.frame.port)}), [])
            return
        if hop.callable.rpartition(".")[2].startswith(ENTRY):  # Lambda calls the handler
            walk.enter(None, None, frozenset({parameter_of(hop.frame.port)}), [])
            return
        edit = self.edit_at(hop)
        places = self._places(hop)
        if edit is None or edit.kind not in ("handler-call", "event-object"):
            call = self._call_span(hop)
            span = places.argument(self.span(hop), call)
            self._within(walk, places, span, part_of(hop.frame.port))
            node = places.smallest(call, (ast.Call,))
            parameter = parameter_of(hop.frame.port)
            name = _called(hop.frame)
            if hop.frame.callees and hop.frame.callees[0].startswith("sls_lab_support."):
                name = "a file"
            elif node is not None:
                walk.calls.append(node)
            self._doubt_callee(walk, hop)
            self._add(walk, "call", places, node, f"passed to `{name}` as `{parameter}`", span)
            walk.enter(None, None, frozenset({parameter}), [], part_of(hop.frame.port))
            return
        edge = self._edge(walk, edit)
        target = edge.target or walk.handler
        if not edge.certain:
            doubt = f"{cause(edge)} of `{edge.source}` wakes `{target}`"
            walk.doubts.append(Reason(doubt, edit.about))
        if self._ways is not None:
            walk.against = walk.against or self._ways.compared(edge, path_of(hop.frame.port))
        walk.calls.clear()
        span, entry = self._carried(walk, edit, edge, hop)
        self._within(walk, places, span, entry)
        node = places.smallest(edit.about, (ast.Call,))
        self._add(walk, "event", places, node, _event_note(edge, hop.frame), edit.about)
        walk.handler = target
        walk.handlers.append(target)
        walk.enter(None, None, frozenset({parameter_of(hop.frame.port)}), [])

    def _edge(self, walk: Whereabouts, edit: Edit) -> Edge:
        """The event that leads on: that of the handler on the way, else another's, which speaks against the path."""
        own = next((edge for edge in edit.edges if edge.source == walk.handler and edge.target), None)
        if own is not None and (self._ways is None or self._ways.holds(own, walk.calls)):
            return own
        edge = own or next((edge for edge in edit.edges if edge.target), None)
        if edge is None:
            raise NoSuchPath
        if own is None:
            why = f"this call wakes `{edge.target}` where `{edge.source}` makes it, not where `{walk.handler}` does"
        else:
            why = f"with what it is given on this way, this call does not wake `{edge.target}`"
        walk.against = walk.against or Reason(why, edit.about)
        return edge

    def _ask_method(self, walk: Whereabouts, hop: FrameHop, inner: FrameHop) -> None:
        """Whether the handler's call leads into this function at all; Pysa takes all that override a method."""
        if self._methods is None or any(one.file.startswith(STUBS + "/") for one in (hop, inner)):
            return
        node, edit = self._places(hop).smallest(self._call_span(hop), (ast.Call,)), self.edit_at(hop)
        places, span = self._places(inner), self.span(inner)
        entered, holder = places.function_around(span), places.smallest(span, (ast.ClassDef,))
        why = None
        if isinstance(entered, FunctionNode):
            is_chosen = edit is not None and edit.kind == "named-call"
            why = self._methods.against(walk.handler, node, entered, holder, is_chosen=is_chosen)
        if why is not None:
            walk.against = walk.against or Reason(why, self._call_span(hop))

    def _doubt_callee(self, walk: Whereabouts, hop: FrameHop) -> None:
        """Where several functions may be called, which one is decided at run time."""
        names = sorted({callee.partition("[")[0].rpartition(".")[2] for callee in hop.frame.callees})
        if len(hop.frame.callees) > 1:
            doubt = f"of the functions that may be called here ({', '.join(names)}) it is this one"
            walk.doubts.append(Reason(doubt, self._call_span(hop)))

    def _sink(self, walk: Whereabouts, hop: FrameHop) -> tuple[ast.Call | None, Held]:
        edit = self.edit_at(hop)
        added = edit is not None and edit.kind not in _SINK_KINDS and not hop.frame.kept_name
        if hop.file.startswith(STUBS + "/") or added:
            raise NoSuchPath
        places = self._places(hop)
        call = self._call_span(hop)
        span = places.argument(self.span(hop), call)
        self._within(walk, places, span)
        node = places.smallest(call, (ast.Call,))
        answers = hop.frame.base_kind == RESPONSE
        note = "is returned to whoever sent the request" if answers else f"reaches `{sink_name(hop.frame)}`"
        self._add(walk, "sink", places, node, note, span)
        held = Held(walk.function or places.function_around(span), walk.variables, tuple(walk.expressions), walk.part)
        return node if isinstance(node, ast.Call) else None, held

    def _within(self, walk: Whereabouts, places: NodePlaces, leaving: Span, entry: str | None = None) -> None:
        """The assignments between where the data entered the function and where it leaves it.

        `entry` is where the data is in what leaves, as in `Station`.
        """
        function = walk.function or places.function_around(leaving)
        leaving_nodes = places.within(leaving)
        if function not in self._unchanged:
            self._unchanged[function] = unchanged_by_calls(places.module, function, self._aws_calls)
        unchanged = self._unchanged[function]
        for value in between(function, walk.variables, walk.expressions, leaving_nodes, unchanged):
            if (value.lineno, value.col_offset) > (leaving.end_line, leaving.end_column):
                continue
            role: StepRole = "store" if _writes(value) else "propagation"
            self._add(walk, role, places, value, note_for(value))
        held = Held(function, walk.variables, tuple(walk.expressions), walk.part)
        walk.stations.append(Station(places.module, held, tuple(leaving_nodes[:1]), entry))
        for node in leaving_nodes[:1]:
            if not isinstance(node, ast.Name | ast.Constant) and isinstance(node, ast.expr):
                self._add(walk, "propagation", places, node, note_for(node))

    def _carried(self, walk: Whereabouts, edit: Edit, edge: Edge, hop: FrameHop) -> tuple[Span, str | None]:
        """The call's argument that the tainted part of the event object was made of, and the key that has it there."""
        path = path_of(hop.frame.port)
        object_edit = self._object_of(edit, hop) if isinstance(edit.node, ast.Expr | ast.Assign) else edit
        expression = object_edit.node.value if isinstance(object_edit.node, ast.Assign) else None
        if expression is None:
            return edit.about, None
        places = self._places(hop)
        found, rest = at_port(expression, path)
        function = walk.function or places.function_around(edit.about)
        placed = list(originals(found))
        carrying = carriers(function, walk.variables, walk.expressions, placed)
        is_other = not carrying and found is not expression and is_own(found, walk.variables)
        is_other = is_other and walk.made is not object_edit
        if is_other or is_written_out(edge.call, found, rest, function, places.module):
            why = f"what arrives as {''.join(f'[{key!r}]' for key in path)} is not the data"
            walk.against = walk.against or Reason(why, edit.about)
        carrying = carrying or placed
        if not carrying:
            return edit.about, None
        return places.span(carrying[0]), rest[0] if rest and carrying[0] is found else None

    def _object_of(self, edit: Edit, hop: FrameHop) -> Edit:
        """The event-object edit before a handler-call edit."""
        previous = edit
        for candidate in self._file(hop).edits:
            if candidate is edit:
                return previous
            if candidate.kind == "event-object":
                previous = candidate
        return edit

    def _add(
        self,
        walk: Whereabouts,
        role: StepRole,
        places: NodePlaces,
        node: ast.AST | None,
        note: str,
        span: Span | None = None,
    ) -> None:
        where = places.span(node) if node is not None else span
        assert where is not None
        walk.steps.append(Step(role, walk.handler, where, where.text_in(places.module.text), note))

    def _file(self, hop: FrameHop) -> StagedFile:
        return self._files[hop.file]

    def _places(self, hop: FrameHop) -> NodePlaces:
        file = self._file(hop).file
        if file not in self._nodes:
            self._nodes[file] = NodePlaces(self._modules[file])
        return self._nodes[file]


def _range(staged: StagedFile, position: Position) -> tuple[int, int]:
    return staged.offset(position.line, position.start), staged.offset(position.last_line, position.end)


def _called(frame: PysaFrame) -> str:
    """The name of what a frame leads into; `f` of `library.f[handler=app.g]`, which calls `g`."""
    return frame.callees[0].partition("[")[0].rpartition(".")[2] if frame.callees else "a function"


def _event_note(edge: Edge, frame: PysaFrame) -> str:
    path = "".join(f"[{key}]" if key.isdigit() or key == "*" else f"['{key}']" for key in path_of(frame.port))
    arrives = f", where the data is event{path}" if path else ""
    way = f" by way of {' and '.join(edge.via)}" if edge.via else ""
    return f"{cause(edge)} wakes `{edge.target}`{way}{arrives}"


def _writes(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("write", "writelines", "write_text", "write_bytes", "download_file", "download_fileobj")
    )


def _without_repeats(steps: Sequence[Step]) -> list[Step]:
    """One step a place: the one that says most about it (source, call, event and sink before propagation)."""
    kept: dict[Span, Step] = {}
    for step in steps:
        same = kept.get(step.span)
        if same is None:
            kept[step.span] = step
        elif same.role == "propagation" and step.role != "propagation":
            # It is where the data leaves the function, after what leads to it.
            del kept[step.span]
            kept[step.span] = step
    return list(kept.values())
