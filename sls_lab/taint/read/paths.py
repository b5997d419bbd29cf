"""Follow an issue's frames from function to function until the leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from sls_lab.taint.read.pysa_output import FunctionModel, Issue, PysaFrame

#: alternatives followed from one issue in one direction; real applications have a handful
MOST_PATHS = 200
#: A function that calls itself with a part of what it was given has a port for each depth. Its parts are reached on two
#: visits: one takes the part, the next one uses it; further ones only repeat that.
_VISITS = 2


@dataclass(frozen=True, slots=True)
class FrameHop:
    """One frame in the function `callable`, which is in the staged `file`."""

    callable: str
    file: str
    frame: PysaFrame


FramePath = tuple[FrameHop, ...]


def backward_paths(issue: Issue, models: Mapping[str, FunctionModel]) -> list[FramePath]:
    """The paths from an issue's place to its sinks, each beginning in the issue's function; shortest first."""
    return _paths(issue, issue.backward, models, "sinks")


def forward_paths(issue: Issue, models: Mapping[str, FunctionModel]) -> list[FramePath]:
    """The paths from an issue's place back to its sources, each beginning in the issue's function."""
    return _paths(issue, issue.forward, models, "sources")


def _paths(
    issue: Issue, roots: tuple[PysaFrame, ...], models: Mapping[str, FunctionModel], side: str
) -> list[FramePath]:
    found = (
        path
        for frame in sorted(roots, key=lambda frame: frame.length)
        for path in _follow(FrameHop(issue.callable, issue.file, frame), models, side, frozenset())
    )
    return sorted(islice(found, MOST_PATHS), key=len)


def _follow(
    hop: FrameHop, models: Mapping[str, FunctionModel], side: str, seen: frozenset[tuple[str, str]]
) -> Iterator[FramePath]:
    if hop.frame.is_leaf:
        yield (hop,)
        return
    for callee in hop.frame.callees:  # several callees: which one runs is decided at run time
        root = hop.frame.port.partition("[")[0]
        visits = sum(known == callee and port.partition("[")[0] == root for known, port in seen)
        if (callee, hop.frame.port) in seen or visits >= _VISITS:
            continue
        model = models.get(callee)
        frames = _continuing(hop.frame, model, side)
        if model is None or not frames:
            yield (hop,)  # a leaf that a model declares: the call is the last place in the application
            continue
        for frame in frames:
            inner = FrameHop(callee, model.file, frame)
            for rest in _follow(inner, models, side, seen | {(callee, hop.frame.port)}):
                yield (hop, *rest)


def _continuing(frame: PysaFrame, model: FunctionModel | None, side: str) -> list[PysaFrame]:
    """The callee's frames that this one leads to: the same port and kind, the nearest leaf first."""
    if model is None or model.file == "*":
        return []
    ports = model.sinks if side == "sinks" else model.sources
    candidates = ports.get(frame.port)
    if candidates is None:  # Pysa joins ports that are nearly the same
        candidates = tuple(
            one
            for port, frames in ports.items()
            if port.startswith(frame.port) or frame.port.startswith(port)
            for one in frames
        )
    wanted = frame.next_kind.replace("@", ":")
    matching = [one for one in candidates if one.kind.replace("@", ":") == wanted]
    return sorted(matching, key=lambda one: one.length)
